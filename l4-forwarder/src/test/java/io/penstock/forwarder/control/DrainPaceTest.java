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

    /** However unevenly the thread comes around, as long as it does. */
    @Property(tries = 200)
    void shouldKeepTheRateWhateverTheTicks(
            @ForAll @IntRange(min = 1, max = 5_000) int rate,
            @ForAll @IntRange(min = 0, max = 20) int jitter,
            @ForAll long seed) {
        Random ticks = new Random(seed);
        DrainPace pace = new DrainPace(rate, jitter, ticks);
        pace.resume(START_NS);
        long taken = 0;
        long nowNs = START_NS;
        long endNs = START_NS + 20 * SECOND_NS;
        while (nowNs < endNs) {
            nowNs = Math.min(endNs, nowNs + (long) (ticks.nextDouble() * DrainPace.CATCH_UP * DrainPace.BURST_NS));
            taken += takeAll(pace, nowNs);
        }
        long missing = 20L * rate - taken;
        // Of the last tick.
        assertTrue(
                missing >= -1 && missing <= 1 + (long) rate * DrainPace.CATCH_UP * DrainPace.BURST_NS / SECOND_NS,
                () -> missing + " of 20 x " + rate);
    }

    /** Three stalls of up to 2 s each in the first 9 s, and as much time again to make up for them. */
    @Property(tries = 200)
    void shouldHaveTheRateOverTheWholeAfterStallsAndNeverMoreThanTwiceOfIt(
            @ForAll @IntRange(min = 1, max = 5_000) int rate, @ForAll long seed) {
        Random stalls = new Random(seed);
        DrainPace pace = new DrainPace(rate, 20, stalls);
        pace.resume(START_NS);
        long taken = 0;
        long nowNs = START_NS;
        for (int stall = 0; stall < 3; stall++) {
            taken += run(pace, rate, nowNs, nowNs + SECOND_NS);
            nowNs += SECOND_NS + (long) (stalls.nextDouble() * 2 * SECOND_NS);
        }
        taken += run(pace, rate, nowNs, START_NS + 20 * SECOND_NS);
        // Those of the last millisecond are missing.
        assertEquals(20.0 * rate, (double) taken, 1 + rate / 1e3);
    }

    private static int takeAll(DrainPace pace, long nowNs) {
        int all = 0;
        int count;
        do {
            count = pace.take(Integer.MAX_VALUE, nowNs);
            all += count;
        } while (count > 0);
        return all;
    }

    /** Comes around every millisecond; meanwhile it may take twice the rate, one burst and one more. */
    private static long run(DrainPace pace, int rate, long fromNs, long toNs) {
        long taken = 0;
        for (long nowNs = fromNs; nowNs <= toNs; nowNs += MS) {
            taken += takeAll(pace, nowNs);
            double most = 1.001 * DrainPace.CATCH_UP * rate * (nowNs - fromNs + DrainPace.BURST_NS) / SECOND_NS + 1;
            assertTrue(taken <= most, taken + " are more than " + most);
        }
        return taken;
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
        assertEquals(1, pace.take(10, START_NS + 200 * MS));
        assertEquals(1, pace.take(10, START_NS + 300 * MS));
    }

    /** At 1000/s: one burst at once, then one every half of an interval, until it is where it would have been. */
    @Test
    void shouldMakeUpForAStallAtTwiceTheRate() {
        DrainPace pace = new DrainPace(1_000, 0, random);
        pace.resume(START_NS);
        long nowNs = START_NS + 60 * SECOND_NS;
        assertEquals(20, pace.take(Integer.MAX_VALUE, nowNs), "in parts");
        int taken = 20 + takeAll(pace, nowNs);
        assertEquals(201, taken);
        assertEquals(nowNs + MS / 2, pace.dueNs());
        assertEquals(0, pace.take(Integer.MAX_VALUE, nowNs + MS / 2 - 1));
        while (nowNs < START_NS + 120 * SECOND_NS) {
            nowNs += MS;
            taken += takeAll(pace, nowNs);
        }
        assertEquals(120_000.0, taken, 1);
        assertEquals(1, takeAll(pace, nowNs + MS), "and then goes on as before");
    }

    @Test
    void shouldTakeOthersAtOnceForThoseWhoHadEnded() {
        DrainPace pace = new DrainPace(1_000, 0, random);
        pace.resume(START_NS);
        assertEquals(11, pace.take(20, START_NS + 10 * MS));
        pace.giveBack(4);
        assertEquals(4, pace.take(20, START_NS + 10 * MS));
        assertEquals(START_NS + 11 * MS, pace.dueNs());
    }

    @Test
    void shouldLeaveThoseBeyondTheLimitDue() {
        DrainPace pace = new DrainPace(1_000, 0, random);
        pace.resume(START_NS);
        assertEquals(3, pace.take(3, START_NS + 10 * MS));
        assertEquals(8, pace.take(20, START_NS + 10 * MS));
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
