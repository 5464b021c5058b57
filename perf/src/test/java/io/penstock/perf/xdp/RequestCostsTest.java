package io.penstock.perf.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.TextTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RequestCostsTest {
    private static final int TURNS = 12;

    private final RequestCosts costs = new RequestCosts();

    /** A machine that gets slower and slower, by more than anybody adds. */
    private void measure(Map<Contestant, Double> added) {
        for (Workload workload : Workload.values()) {
            for (int i = 0; i < TURNS; i++) {
                Map<Contestant, Cost> turn = new EnumMap<>(Contestant.class);
                for (Contestant contestant : Contestant.values()) {
                    if (i % 2 == 0 || contestant.isPromised()) {
                        double micros = 100 + 50 * i + added.getOrDefault(contestant, 40.0);
                        turn.put(contestant, new Cost(micros, 1e6 / micros, i == 0 ? 1 : 0));
                    }
                }
                costs.add(workload, turn);
            }
        }
    }

    @Test
    void shouldCompareWithDirectRoutingOfTheSameTurn() {
        measure(Map.of(Contestant.DIRECT, 0.0, Contestant.PACKETS, 3.0, Contestant.NFTABLES, 6.0));
        assertEquals(3, costs.added(Workload.BULK, Contestant.PACKETS).value(), 1e-9);
        assertEquals(0.5, costs.ratio(Workload.BULK, Contestant.NFTABLES), 1e-9);
        assertEquals(40, costs.added(Workload.BULK, Contestant.RELAY).value(), 1e-9);
        assertEquals(
                TURNS, costs.micros(Workload.BULK, Contestant.DIRECT).values().size());
        assertEquals(
                TURNS / 2,
                costs.micros(Workload.BULK, Contestant.RELAY).values().size());
        assertEquals(3 * 7, costs.failures());
    }

    @Test
    void shouldKeepNoPromiseWhenPacketsSeemToAddLessThanNothing() {
        measure(Map.of(Contestant.DIRECT, 0.0, Contestant.PACKETS, -240.0, Contestant.NFTABLES, -170.0));
        Figures figures = Report.figures(costs);
        assertEquals(1, figures.exitCode());
        List<Figures.Row> ratios = figures.rows().stream()
                .filter(row -> row.name().contains("added") && !row.goal().isEmpty())
                .toList();
        assertEquals(2 * Workload.values().length, ratios.size());
        for (Figures.Row row : ratios) {
            assertEquals("not measurable", row.text());
            assertFalse(row.ok(), row::toString);
        }
        TextTable table = Report.table(costs, Workload.BULK);
        assertTrue(
                table.text().stream()
                        .anyMatch(line -> line.contains("packets, l2 ") && line.contains("not measurable: -240")),
                table.text()::toString);
    }

    @Test
    void shouldKeepPromisesThatWereMeasured() {
        measure(Map.of(
                Contestant.DIRECT, 0.0, Contestant.PACKETS, 3.0, Contestant.NFTABLES, 6.0, Contestant.HAPROXY, 30.0));
        Figures figures = Report.figures(costs);
        assertTrue(
                figures.rows().stream()
                        .filter(row -> row.name().contains("added"))
                        .allMatch(Figures.Row::ok),
                figures.rows()::toString);
    }

    @Test
    void shouldRefuseATurnWithoutDirectRouting() {
        assertThrows(
                IllegalArgumentException.class,
                () -> costs.add(Workload.BULK, Map.of(Contestant.PACKETS, new Cost(1, 1, 0))));
    }
}
