package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.compare.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final Observation THEIRS = new Observation(1_000, 990, 400, 40, 20, 700);
    private static final Observation OURS = new Observation(Double.NaN, 4_000, 400, 200, 0, 5);

    @TempDir
    private Path directory;

    @Test
    void shouldPutOursAndTheirsSideBySideWithAVerdict() {
        assertEquals(
                List.of(
                        "| silent | http | never | 1,000 | 4,000 | 990 | 200 | 40 | 0 | 20 | 5 | 700 "
                                + "| WORSE: out, last-touched, failed, failed-or-slow |",
                        "| killed | http | 1,000 | 1,000 | 990 | 990 | 40 | 40 | 20 | 20 | 700 | 700 | ok |"),
                table(Set.of()).markdown().subList(2, 4));
    }

    @Test
    void shouldShowWhatWasSkipped() {
        List<String> lines = table(Set.of(Failure.BLACKHOLED)).markdown();
        assertTrue(lines.get(lines.size() - 1).startsWith("| blackholed | skipped | "), lines.toString());
    }

    @Test
    void shouldWriteAPageWithTheMachineAndTheNotes() throws IOException {
        Path page = directory.resolve("results/failures.md");
        Report.write(page, table(Set.of()), List.of("Skipped something."), Map.of("Kernel", "Linux"));
        String text = Files.readString(page);
        assertTrue(text.contains("| Kernel | Linux |"), text);
        assertTrue(text.contains("| failure | settings |"), text);
        assertTrue(text.endsWith("Skipped something.\n"), text);
    }

    private static TextTable table(Set<Failure> skipped) {
        return Report.table(
                List.of(
                        new Comparison(Failure.SILENT, Settings.HTTP, List.of(OURS), List.of(THEIRS)),
                        new Comparison(Failure.KILLED, Settings.HTTP, List.of(THEIRS), List.of(THEIRS))),
                skipped);
    }
}
