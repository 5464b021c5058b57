package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DrainPaceTest {
    private static final long MS = 1_000_000;
    private static final long SECOND_NS = 1_000 * MS;
    private static final long START_NS = 77 * SECOND_NS;

    private final Random random = new Random(5);

    @Test
    void shouldTakeNobodyBeforeThereIsSomebody() {
        DrainPace pace = new DrainPace(500, 20, random);
        assertEquals(MemberState.NEVER, pace.dueNs());
        assertEquals(0, pace.take(10, START_NS));
    }

    @Test
    void shouldNeverTakeAnybodyAtRateZero() {
        DrainPace pace = new DrainPace(0, 20, random);
        pace.resume(START_NS);
        assertEquals(MemberState.NEVER, pace.dueNs());
        assertEquals(0, pace.take(10, START_NS + 3600 * SECOND_NS));
    }

    /** However unevenly the thread comes around, as long as no pause is longer than what is made up for. */
    @Property(tries = 200)
    void shouldKeepTheRateWhateverTheTicks(
            @ForAll @IntRange(min = 1, max = 5_000) int rate,
            @ForAll @IntRange(min = 0, max = 100) int jitter,
            @ForAll long seed) {
        Random ticks = new Random(seed);
        DrainPace pace = new DrainPace(rate, jitter, ticks);
        pace.resume(START_NS);
        long taken = 0;
        long nowNs = START_NS;
        long endNs = START_NS + 20 * SECOND_NS;
        while (nowNs < endNs) {
            nowNs = Math.min(endNs, nowNs + (long) (ticks.nextDouble() * 900 * MS));
            taken += pace.take(Integer.MAX_VALUE, nowNs);
        }
        assertTrue(Math.abs(taken - 20L * rate) <= 1, () -> "not 20 x " + rate);
    }

    @Test
    void shouldVaryTheTimeBetweenTwoByTheJitterAndNoMore() {
        DrainPace pace = new DrainPace(10, 20, random);
        pace.resume(START_NS);
        Set<Long> gaps = new HashSet<>();
        long lastNs = pace.dueNs();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(1, pace.take(10, lastNs));
            long gapNs = pace.dueNs() - lastNs;
            assertTrue(gapNs >= 79 * MS && gapNs <= 121 * MS, () -> gapNs + " ns");
            gaps.add(gapNs / MS);
            lastNs += gapNs;
        }
        assertTrue(gaps.size() > 20, "they do vary");
    }

    @Test
    void shouldBeEvenWithoutJitter() {
        DrainPace pace = new DrainPace(10, 0, random);
        pace.resume(START_NS);
        assertEquals(START_NS, pace.dueNs());
        assertEquals(1, pace.take(10, START_NS));
        assertEquals(START_NS + 100 * MS, pace.dueNs());
        assertEquals(0, pace.take(10, START_NS + 100 * MS - 1));
        assertEquals(3, pace.take(10, START_NS + 300 * MS));
    }

    @Test
    void shouldMakeUpForASecondAtMost() {
        DrainPace pace = new DrainPace(100, 0, random);
        pace.resume(START_NS);
        long lateNs = START_NS + 60 * SECOND_NS;
        assertEquals(101, pace.take(Integer.MAX_VALUE, lateNs));
        assertEquals(lateNs + 10 * MS, pace.dueNs(), "and then goes on as before");
    }

    @Test
    void shouldTakeOthersAtOnceForThoseWhoHadEnded() {
        DrainPace pace = new DrainPace(100, 0, random);
        pace.resume(START_NS);
        assertEquals(11, pace.take(20, START_NS + 100 * MS));
        pace.giveBack(4);
        assertEquals(4, pace.take(20, START_NS + 100 * MS));
        assertEquals(START_NS + 110 * MS, pace.dueNs());
    }

    @Test
    void shouldLeaveThoseBeyondTheLimitDue() {
        DrainPace pace = new DrainPace(100, 0, random);
        pace.resume(START_NS);
        assertEquals(3, pace.take(3, START_NS + 100 * MS));
        assertEquals(8, pace.take(20, START_NS + 100 * MS));
    }

    @Test
    void shouldForgetWhatFellDueWhileThereWasNobody() {
        DrainPace pace = new DrainPace(100, 0, random);
        pace.resume(START_NS);
        assertEquals(1, pace.take(1, START_NS));
        pace.resume(START_NS + 500 * MS);
        assertEquals(1, pace.take(20, START_NS + 500 * MS));
        assertNotEquals(MemberState.NEVER, pace.dueNs());
    }
}
