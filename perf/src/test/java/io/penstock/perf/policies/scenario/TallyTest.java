package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TallyTest {
    /** Of a histogram with three significant digits. */
    private static final double PRECISION = 0.001;

    @Test
    void shouldTakePercentilesOfAnswersInMilliseconds() {
        Tally tally = new Tally();
        for (int i = 1; i <= 1_000; i++) {
            tally.onSent(i * 1_000L);
            tally.onAnswer(i % 2, i * 1_000_000L);
        }
        tally.onFailure();
        Outcome outcome = tally.outcome(new Moves(3, 2, 1));
        assertEquals(List.of(500L, 500L, 0L, 0L, 0L, 0L, 0L, 0L), outcome.answers());
        assertEquals(1, outcome.failures());
        assertEquals(500, outcome.p50Ms(), 500 * PRECISION);
        assertEquals(990, outcome.p99Ms(), 990 * PRECISION);
        assertEquals(0.99, outcome.lagP99Ms(), 0.99 * PRECISION);
        assertEquals(new Moves(3, 2, 1), outcome.moves());
    }
}
