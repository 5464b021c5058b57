package io.penstock.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import io.penstock.perf.demo.FlowResult.End;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** backend-2 dies at 1000 and listens again at 2000. */
final class DemoReportTest {
    private static final List<String> BACKENDS = List.of("backend-1", "backend-2");
    private static final long RETURNED_NS = 2_000;
    private static final FlowResult BEFORE = result(1, 100, "backend-1", End.OK);
    private static final FlowResult KILLED = result(2, 950, "backend-2", End.FAILED);
    private static final FlowResult AFTER = result(3, 2_100, "backend-2", End.OK);

    @Test
    void shouldHoldEveryPromiseWhenOnlyKilledFlowsFailed() {
        Figures figures = figures(List.of(BEFORE, KILLED, AFTER), 0, 0);
        assertTrue(figures.allOk(), () -> figures.rows().toString());
    }

    @Test
    void shouldBreakThePromiseWhenAnotherFlowFailed() {
        assertFalse(figures(List.of(BEFORE, KILLED, AFTER, result(4, 950, "backend-1", End.FAILED)), 0, 0)
                .allOk());
    }

    @Test
    void shouldBreakThePromiseWhenBytesWereCorrupted() {
        assertFalse(figures(List.of(BEFORE, AFTER, result(4, 100, "backend-1", End.CORRUPTED)), 0, 0)
                .allOk());
        assertFalse(figures(List.of(BEFORE, AFTER), 1, 0).allOk());
    }

    @Test
    void shouldBreakThePromiseWhenAConnectionNeverEnded() {
        assertFalse(figures(List.of(BEFORE, AFTER), 0, 1).allOk());
    }

    @Test
    void shouldBreakThePromiseWhenABackendGotNothing() {
        assertFalse(figures(List.of(BEFORE), 0, 0).allOk());
    }

    @Test
    void shouldBreakThePromiseWhenTheDeadServed() {
        assertFalse(figures(List.of(BEFORE, AFTER, result(4, 1_500, "backend-2", End.OK)), 0, 0)
                .allOk());
    }

    @Test
    void shouldMeasureTheReturn() {
        assertEquals(200 / 1e6, report(List.of(BEFORE, AFTER)).backInTrafficMs());
        assertEquals(Double.POSITIVE_INFINITY, report(List.of(BEFORE, KILLED)).backInTrafficMs());
    }

    @Test
    void shouldPrintARowForEachBackendAndTheSum() {
        List<FlowResult> results = new ArrayList<>(List.of(BEFORE, KILLED, AFTER));
        results.add(new FlowResult(9, 3_000, 3_001, null, 0, 0, End.FAILED, "refused @|red x|@"));
        String table = print(report(results));
        assertTrue(table.contains("backend-1                  1   25.0%"), table);
        assertTrue(table.contains("backend-2                  2   50.0%"), table);
        assertTrue(table.contains("(none answered)            1   25.0%"), table);
        assertTrue(table.contains("total                      4  100.0%"), table);
        assertTrue(table.contains("failed: connection 9, (none answered): refused @|red x|@"), table);
    }

    private static Figures figures(List<FlowResult> results, int backendCorrupted, int unfinished) {
        Figures figures = new Figures();
        report(results).promise(figures, backendCorrupted, unfinished);
        return figures;
    }

    private static DemoReport report(List<FlowResult> results) {
        return new DemoReport(BACKENDS, results, new Kill("backend-2", 1_000, 1_010, Set.of(2), 0), RETURNED_NS);
    }

    private static String print(DemoReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), Ansi.OFF);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** 100 ns long. */
    private static FlowResult result(int id, long startNs, String backend, End end) {
        return new FlowResult(id, startNs, startNs + 100, backend, 1, 10, end, end == End.OK ? null : "reset");
    }
}
