package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutcomeTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void shouldTakeSharesOfAnswersAndFailuresOfRequests() {
        Outcome outcome = outcome(20, 10, 10, 10, 10, 10, 5, 5);
        assertEquals(80, outcome.answered());
        assertEquals(0.25, outcome.share(0), ROUNDING);
        assertEquals(20.0 / 100, outcome.failureShare(), ROUNDING);
        assertEquals(0.125, outcome.leastHealthyShare(), ROUNDING);
        assertEquals(0.25, outcome.mostHealthyShare(), ROUNDING);
    }

    @Test
    void shouldVaryByTheHealthyAloneWhenOthersGetLess() {
        assertEquals(0, outcome(9, 9, 9, 9, 9, 9, 1, 5).variation(), ROUNDING);
        // Mean 2, deviations all 1.
        assertEquals(0.5, outcome(1, 3, 1, 3, 1, 3, 50, 50).variation(), ROUNDING);
    }

    @Test
    void shouldHaveNoSharesWhenNobodyAnswered() {
        Outcome outcome = outcome(0, 0, 0, 0, 0, 0, 0, 0);
        assertEquals(0, outcome.share(0), ROUNDING);
        assertEquals(0, outcome.variation(), ROUNDING);
        assertEquals(1, outcome.failureShare(), ROUNDING);
    }

    private static Outcome outcome(long... answers) {
        List<Long> boxed = Arrays.stream(answers).boxed().toList();
        return new Outcome(boxed, 20, 1, 2, 0, new Moves(0, 0, 0));
    }
}
