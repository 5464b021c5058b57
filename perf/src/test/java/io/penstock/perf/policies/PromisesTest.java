package io.penstock.perf.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PromisesTest {
    private final Figures figures = new Figures();
    private final Promises promises = new Promises(figures);
    private final Map<String, Outcome> outcomes = Outcomes.asPromised();

    @Test
    void shouldHoldWhenOutcomesAreAsPromised() {
        promises.judgeSimulation(outcomes, 0);
        promises.judgeLoopback(outcomes, true);
        assertTrue(figures.allOk(), this::broken);
    }

    @Test
    void shouldBreakWhenOneOfTheHealthyIsFavoured() {
        outcomes.put("round-robin", Outcomes.of(List.of(800L, 500L, 500L, 500L, 500L, 500L, 500L, 400L), 200, 1));
        promises.judgeSimulation(outcomes, 0);
        assertEquals("simulation.round-robin.variation", broken());
    }

    @Test
    void shouldExpectSourcesToSpreadLessEvenlyThanFlows() {
        List<Long> uneven = List.of(47_000L, 53_000L, 47_000L, 53_000L, 47_000L, 53_000L, 50_000L, 40_000L);
        outcomes.put("maglev", Outcomes.of(uneven, 200, 0));
        outcomes.put("maglev-source", Outcomes.of(uneven, 200, 0));
        promises.judgeSimulation(outcomes, 0);
        assertEquals("simulation.maglev.variation", broken());
    }

    @Test
    void shouldBreakWhenAPolicyThatLooksDoesNotSpareTheSlowBackend() {
        outcomes.put("least-time", Outcomes.of(List.of(500L, 500L, 500L, 500L, 500L, 500L, 500L, 400L), 100, 0));
        promises.judgeSimulation(outcomes, 0);
        assertEquals("simulation.least-time.share.b7", broken());
    }

    @Test
    void shouldBreakWhenARingMovesOneFlowAndMaglevMoreThanOneInAHundred() {
        outcomes.put("ring-hash", Outcomes.of(Outcomes.EVEN, 200, 1));
        outcomes.put("maglev", Outcomes.of(Outcomes.EVEN, 200, 9));
        outcomes.put("maglev-source", Outcomes.of(Outcomes.EVEN, 200, 8));
        promises.judgeSimulation(outcomes, 0);
        assertEquals("simulation.maglev.moved-needlessly simulation.ring-hash.moved-needlessly", broken());
    }

    @Test
    void shouldBreakWhenTailsAreNoBetterThanWithoutLooking() {
        outcomes.put("adaptive", Outcomes.of(Outcomes.SPARING, 190, 0));
        promises.judgeSimulation(outcomes, 0);
        assertEquals("simulation.p99.adaptive.round-robin simulation.p99.adaptive.random", broken());
    }

    @Test
    void shouldPromiseTimesOnLoopbackOnlyWhenItTookLongEnough() {
        outcomes.put("adaptive", Outcomes.of(Outcomes.SPARING, 210, 0));
        promises.judgeLoopback(outcomes, false);
        assertTrue(figures.allOk(), this::broken);
        promises.judgeLoopback(outcomes, true);
        assertEquals("loopback.p99.adaptive.round-robin loopback.p99.adaptive.random", broken());
    }

    @Test
    void shouldBreakWhenARunDiffersFromTheOneBefore() {
        promises.judgeSimulation(outcomes, 1);
        assertEquals("simulation.differing-when-repeated", broken());
    }

    @Test
    void shouldBreakOnAnyFailureInSimulationAndOnMoreThanAFewOnLoopback() {
        outcomes.put("random", new Outcome(Outcomes.EVEN, 3, 10, 200, 0, new Moves(800, 100, 600)));
        promises.judgeLoopback(outcomes, true);
        assertTrue(figures.allOk(), this::broken);
        outcomes.put("random", new Outcome(Outcomes.EVEN, 30, 10, 200, 0, new Moves(800, 100, 600)));
        promises.judgeLoopback(outcomes, true);
        promises.judgeSimulation(outcomes, 0);
        assertEquals("loopback.random.failures simulation.random.failures", broken());
    }

    @Test
    void shouldBreakWhenOneOfOursCouldNotBeRunAndReportWhatOthersDid() {
        outcomes.remove("maglev");
        outcomes.put("haproxy leastconn", Outcomes.of(List.of(1L, 9L, 1L, 9L, 1L, 9L, 9L, 9L), 999, 600));
        promises.judgeLoopback(outcomes, true);
        assertEquals("loopback.maglev.failures", broken());
        assertFalse(figures.rows().stream()
                .filter(row -> row.name().startsWith("loopback.haproxy-leastconn."))
                .toList()
                .isEmpty());
    }

    private String broken() {
        return figures.rows().stream()
                .filter(row -> !row.ok())
                .map(Figures.Row::name)
                .reduce((some, more) -> some + " " + more)
                .orElse("");
    }
}
