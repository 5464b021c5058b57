package io.penstock.perf.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindingsTest {
    @TempDir
    private Path directory;

    @Test
    void shouldPutOursAndTheirsSideBySideAndJudgeOurs() {
        Findings findings = new Findings("reload", "Reloads", List.of("penstock", "haproxy"))
                .report("new connections", "new", "", 120_000, 119_000)
                .exactly(0, "failed", "failed", "", 0, 12)
                .atMost(5, "off the rate", "error", "%", 6.25, 1)
                .atLeast(2_000, "served", "rate", "1/s", 2_000, Double.NaN);
        assertEquals(
                List.of(
                        "|  | penstock | haproxy | promised |",
                        "|---|--:|--:|--:|",
                        "| new connections | 120,000 | 119,000 |  |",
                        "| failed | 0 | 12 | = 0 ok |",
                        "| off the rate, % | 6.25 | 1 | <= 5 BROKEN |",
                        "| served, 1/s | 2,000 |  | >= 2,000 ok |"),
                findings.table().markdown());
        assertFalse(findings.figures().allOk());
    }

    @Test
    void shouldNameFiguresByScenarioAndContestant() {
        Findings findings = new Findings("reload", "Reloads", List.of("penstock", "haproxy"))
                .report("new connections", "new", "", 3, Double.NaN)
                .exactly(0, "failed", "failed", "", 0, 12);
        assertEquals(
                List.of(
                        new Figures.Row("reload.penstock.new", 3, "", "", true),
                        new Figures.Row("reload.penstock.failed", 0, "", "= 0", true),
                        new Figures.Row("reload.haproxy.failed", 12, "", "", true)),
                findings.figures().rows());
    }

    @Test
    void shouldBreakThePromiseWhenOursIsMissing() {
        assertFalse(new Findings("drain", "Drain", List.of("penstock"))
                .atMost(5, "off the rate", "error", "%", Double.NaN)
                .figures()
                .allOk());
    }

    @Test
    void shouldBreakThePromiseOfWhatCouldNotBeMeasured() {
        Figures figures = Report.figures(List.of(), Set.of("reload"));
        assertEquals(List.of(new Figures.Row("reload.measured", 0, "", "= 1", false)), figures.rows());
        assertEquals(1, figures.exitCode());
    }

    @Test
    void shouldLeaveOutEmptyNotes() {
        Findings findings = new Findings("drain", "Drain", List.of("penstock"))
                .note("Failed", "")
                .note("Failed", "3 ECONNRESET");
        assertEquals(List.of("Failed: 3 ECONNRESET."), findings.notes());
    }

    @Test
    void shouldWriteAPage() throws IOException {
        Path page = directory.resolve("new").resolve("change.md");
        Findings findings = new Findings("drain", "A drain", List.of("penstock"))
                .exactly(0, "failed", "failed", "", 1)
                .note("Failed", "1 ECONNRESET");
        Report.write(
                page,
                "A page",
                "a-section",
                List.of(findings),
                Map.of("reload", "it did not start"),
                Map.of("Kernel", "Linux"));
        List<String> lines = Files.readAllLines(page);
        assertTrue(lines.contains("| Kernel | Linux |"));
        assertTrue(lines.contains("Could not be measured: reload. it did not start"));
        assertTrue(lines.contains("## A drain"));
        assertTrue(lines.contains("| failed | 1 | = 0 BROKEN |"));
        assertTrue(lines.contains("Failed: 1 ECONNRESET."));
    }

    @Test
    void shouldWriteNumbersWithThreeDigitsThatCount() {
        assertEquals("12,345", Findings.number(12_345.4));
        assertEquals("12.3", Findings.number(12.34));
        assertEquals("1.23", Findings.number(1.234));
        assertEquals("0.123", Findings.number(0.1234));
        assertEquals("7", Findings.number(7));
        assertEquals("", Findings.number(Double.NaN));
    }
}
