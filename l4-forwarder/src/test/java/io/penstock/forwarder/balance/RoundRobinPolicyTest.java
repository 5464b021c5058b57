package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RoundRobinPolicyTest {
    @Provide
    Arbitrary<int[]> weights() {
        return Arbitraries.integers()
                .between(1, 25_600)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<int[]> smallWeights() {
        return Arbitraries.integers()
                .between(1, 50)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Example
    void shouldInterleaveWhenWeightsDiffer() {
        assertEquals("acbc", turns(100, 100, 200));
        assertEquals("abc", turns(700, 700, 700));
        assertEquals("aaabaac", turns(5, 1, 1));
        assertEquals("aab", turns(2, 1));
    }

    private static String turns(int... weights) {
        StringBuilder turns = new StringBuilder();
        for (char backend : Schedule.of(weights)) {
            turns.append((char) ('a' + backend));
        }
        return turns.toString();
    }

    /** The lightest has 64 turns or the schedule its full length: half a turn is the most that is lost. */
    @Property(tries = 200)
    void shouldKeepWeightsWithinOnePercentAndTheScheduleShort(@ForAll("weights") int[] weights) {
        char[] schedule = Schedule.of(weights);
        int[] turns = new int[weights.length];
        for (char backend : schedule) {
            turns[backend]++;
        }
        double sum = Weights.sum(weights);
        double lostInRounding = 0.5 * (1 + 1e-9) + 0.01 * 64;
        assertTrue(schedule.length <= Schedule.LENGTH_MAX + weights.length, "length " + schedule.length);
        for (int i = 0; i < weights.length; i++) {
            double wanted = schedule.length * weights[i] / sum;
            assertTrue(
                    Math.abs(turns[i] - wanted) <= Math.max(wanted * 0.01, lostInRounding),
                    turns[i] + " turns, wanted " + wanted);
        }
    }

    /** In any stretch of turns nobody has more than two too many or too few for each backend there is. */
    @Property(tries = 50)
    void shouldBeSmooth(@ForAll("smallWeights") int[] weights) {
        char[] schedule = Schedule.of(weights);
        double sum = Weights.sum(weights);
        for (int backend = 0; backend < weights.length; backend++) {
            double ahead = 0;
            double most = 0;
            double least = 0;
            for (char turn : schedule) {
                ahead += (turn == backend ? 1 : 0) - weights[backend] / sum;
                most = Math.max(most, ahead);
                least = Math.min(least, ahead);
            }
            assertTrue(most - least <= 2 + weights.length / 4.0, most - least + " of " + Arrays.toString(weights));
        }
    }

    @Example
    void shouldGoOnWhereThePolicyBeforeItWas() {
        Group group = Group.equals(3);
        int[] picks = new int[9];
        for (int i = 0; i < picks.length; i++) {
            picks[i] = group.connect(group.policy(PolicyKind.ROUND_ROBIN));
        }
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2}, picks);
    }

    @Example
    void shouldGiveExactTurnsWhenWorkersPickAtOnce() throws InterruptedException {
        Group group = new Group(3, 2, 1);
        Policy policy = group.policy(PolicyKind.ROUND_ROBIN);
        AtomicIntegerArray counts = new AtomicIntegerArray(3);
        Workers.run(4, worker -> {
            Selection selection = new Selection(worker);
            for (int pick = 0; pick < 30_000; pick++) {
                selection.begin(0);
                counts.incrementAndGet(policy.pick(0, selection));
            }
        });
        assertEquals(60_000, counts.get(0));
        assertEquals(40_000, counts.get(1));
        assertEquals(20_000, counts.get(2));
    }
}
