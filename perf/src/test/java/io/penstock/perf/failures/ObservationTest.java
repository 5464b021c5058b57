package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** backend-4 fails from 100 to 105 ms, is taken out at 900, recovers at 2000 and is watched until 3000. */
final class ObservationTest {
    private static final String VICTIM = "backend-4";
    private static final Trial.Times TIMES =
            new Trial.Times(at(100), at(105), OptionalLong.of(at(900)), at(2_000), at(3_000));
    private static final long SLOW_MS = TimeUnit.NANOSECONDS.toMillis(Observation.SLOW_NS);

    @Test
    void shouldMeasureFromTheFailureToTheBalancersWord() {
        assertEquals(800, observe().outMs());
        assertTrue(observe().isOut());
    }

    @Test
    void shouldSayWhenTheBalancerNeverTookItOut() {
        Trial.Times never = new Trial.Times(at(100), at(105), OptionalLong.empty(), at(2_000), at(3_000));
        assertFalse(Observation.of(never, List.of(), VICTIM).isOut());
    }

    @Test
    void shouldCountFailedAndSlowClientsFromTheFailureOn() {
        Observation seen = observe(
                failed(104, 900), // on the backend while it failed: nobody could save it
                failed(105, 900),
                served(200, 200 + SLOW_MS - 1, "backend-1"),
                served(300, 300 + SLOW_MS, "backend-1"),
                failed(2_500, 2_600),
                failed(3_000, 3_100));
        assertEquals(4, seen.clients());
        assertEquals(2, seen.failed());
        assertEquals(1, seen.slow());
    }

    @Test
    void shouldFindTheLastClientThatTheFailureTouched() {
        assertEquals(0, observe(served(200, 210, "backend-1")).touchedMs());
        assertEquals(
                700,
                observe(failed(500, 600), served(800, 1_200, "backend-1"), served(900, 905, "backend-1"))
                        .touchedMs());
        assertEquals(400, observe(failed(500, 600), failed(2_100, 2_200)).touchedMs(), "after the recovery");
    }

    @Test
    void shouldMeasureTheReturnByTheFirstAnswerToAClientThatCameAfterTheRecovery() {
        Observation seen = observe(
                served(1_990, 2_010, VICTIM), // held since before
                served(2_100, 2_105, "backend-1"),
                served(2_500, 2_504, VICTIM),
                served(2_600, 2_604, VICTIM));
        assertEquals(504, seen.backMs());
        assertTrue(Double.isNaN(observe(served(2_100, 2_105, "backend-1")).backMs()));
    }

    private static Observation observe(Outcome... outcomes) {
        return Observation.of(TIMES, List.of(outcomes), VICTIM);
    }

    private static Outcome served(long startMs, long endMs, String backend) {
        return Outcome.served(at(startMs), at(endMs), backend);
    }

    private static Outcome failed(long startMs, long endMs) {
        return Outcome.failed(at(startMs), at(endMs), "reset");
    }

    /** As System.nanoTime may do, these cross zero. */
    private static long at(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms) - TimeUnit.MILLISECONDS.toNanos(150);
    }
}
