package io.penstock.perf.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutcomeTableTest {
    @Test
    void shouldHaveALineForEachPolicy() {
        Outcome outcome = new Outcome(
                List.of(140L, 140L, 140L, 140L, 160L, 140L, 50L, 90L), 2, 12.34, 234.4, 0, new Moves(1_000, 125, 2));
        assertEquals(
                List.of(
                        "| policy | healthy % | CV % | slow % | flapping % | p50 ms | p99 ms | moved % | had to move % | failures |",
                        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
                        "| random | 14.0 - 16.0 | 5.2 | 5.0 | 9.0 | 12.3 | 234 | 0.23 | 12.5 | 2 |"),
                OutcomeTable.of(Map.of("random", outcome)).markdown());
    }
}
