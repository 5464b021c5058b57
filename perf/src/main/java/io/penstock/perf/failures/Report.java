package io.penstock.perf.failures;

import io.penstock.perf.compare.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The comparisons for people: one table, on the terminal and as a page. */
final class Report {
    static final String OK = "ok";
    static final String WORSE = "WORSE: ";

    /** In the order of the columns, each ours and then theirs. */
    private static final Map<Measure, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put(Measure.OUT, "out ms");
        COLUMNS.put(Measure.TOUCHED, "last touched ms");
        COLUMNS.put(Measure.FAILED, "failed");
        COLUMNS.put(Measure.SLOW, "slow");
        COLUMNS.put(Measure.BACK, "back ms");
    }

    private Report() {}

    static TextTable table(List<Comparison> comparisons, Collection<Failure> skipped) {
        List<String> header = new ArrayList<>(List.of("failure", "settings"));
        COLUMNS.values().forEach(column -> header.addAll(List.of(column, "HAProxy")));
        header.add("");
        TextTable table = new TextTable(2, header);
        for (Comparison comparison : comparisons) {
            List<String> row = new ArrayList<>(
                    List.of(comparison.failure().label(), comparison.settings().label()));
            for (Measure measure : COLUMNS.keySet()) {
                row.add(number(comparison.ours(measure)));
                row.add(number(comparison.theirs(measure)));
            }
            row.add(verdict(comparison));
            table.add(row);
        }
        for (Failure failure : skipped) {
            List<String> row = new ArrayList<>(List.of(failure.label(), "skipped"));
            COLUMNS.keySet().forEach(column -> row.addAll(List.of("", "")));
            row.add("");
            table.add(row);
        }
        return table;
    }

    static void write(Path file, TextTable table, List<String> notes, Map<String, String> facts) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Failures");
        lines.add("");
        lines.add(
                "Medians of the rounds, ours and HAProxy's. How to read it: [perf/README.md](../README.md#failures).");
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        facts.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        lines.add("");
        lines.addAll(table.markdown());
        notes.forEach(note -> lines.addAll(List.of("", note)));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    private static String verdict(Comparison comparison) {
        List<Measure> worse = comparison.worse();
        return worse.isEmpty() ? OK : WORSE + worse.stream().map(Measure::label).collect(Collectors.joining(", "));
    }

    /** Whole: a tenth of a millisecond, or of a client, says nothing here. */
    private static String number(double value) {
        return Double.isNaN(value) ? "never" : String.format(Locale.ROOT, "%,.0f", value);
    }
}
