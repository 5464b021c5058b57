package io.penstock.perf.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final long MILLISECOND = 1_000_000;

    private static Outcome outcome(long answered, long cpuMs, long lost) {
        return new Outcome(answered, 0.5, cpuMs * MILLISECOND, lost, 0, 0);
    }

    private static CellResult result(Outcome ours) {
        return result(Shape.QUERY, ours);
    }

    private static CellResult result(Shape shape, Outcome ours) {
        return new CellResult(
                shape,
                64,
                Map.of(
                        Contestant.DIRECT,
                        List.of(outcome(4_000, 0, 0)),
                        Contestant.NGINX,
                        List.of(outcome(1_000, 10, 0)),
                        Contestant.OURS,
                        List.of(ours)),
                Map.of());
    }

    private static Figures.Row row(CellResult result, String name) {
        return Report.figures(List.of(result)).rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldCountAnAnsweredDatagramAsTwoPackets() {
        CellResult result = result(outcome(1_000, 10, 0));
        assertEquals(4_000, row(result, "query.64.penstock.packets").value());
        assertEquals(5, row(result, "query.64.penstock.cpu").value(), 1e-9);
        assertEquals(0.25, row(result, "query.64.packets.direct").value());
    }

    @Test
    void shouldPromiseTwiceThePacketsForTheSameTimeWhereTheyComeTogether() {
        String name = "bulk-gso.64.packets-per-cpu-s.nginx";
        assertTrue(row(result(Shape.BULK_GSO, outcome(2_000, 10, 0)), name).ok());
        assertTrue(row(result(Shape.BULK_GSO, outcome(1_000, 5, 0)), name).ok());
        assertFalse(row(result(Shape.BULK_GSO, outcome(1_999, 10, 0)), name).ok());
    }

    @Test
    void shouldPromiseNothingWorseElsewhere() {
        String name = "query.64.packets-per-cpu-s.nginx";
        assertTrue(row(result(outcome(1_000, 10, 0)), name).ok());
        assertFalse(row(result(outcome(999, 10, 0)), name).ok());
    }

    @Test
    void shouldPromiseThatNothingIsLost() {
        assertTrue(row(result(outcome(2_000, 10, 0)), "query.64.penstock.lost").ok());
        assertFalse(row(result(outcome(2_000, 10, 1)), "query.64.penstock.lost").ok());
    }

    @Test
    void shouldLeaveOutWhoWasNotMeasured(@TempDir Path directory) throws IOException {
        CellResult alone =
                new CellResult(Shape.BULK, 512, Map.of(Contestant.OURS, List.of(outcome(1_000, 5, 0))), Map.of());
        Path page = directory.resolve("page.md");
        Report.write(page, List.of(alone), Map.of("Date", "today"));

        List<String> lines = Files.readAllLines(page);
        assertTrue(lines.contains("| Date | today |"), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("| bulk | 512 | - |")), lines::toString);
        assertTrue(Report.figures(List.of(alone)).allOk());
    }
}
