package io.penstock.perf.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Results for people: on the terminal as they come, and as a page with charts. */
final class Report {
    private final PrintStream out;
    private final Ansi ansi;

    Report(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void print(WorkloadResult result) {
        Workload workload = result.workload();
        out.println();
        out.println(ansi.string("@|bold " + workload.label() + "|@") + "  " + workload.description());
        for (TextTable table : Tables.all(result)) {
            table.text().forEach(line -> out.println(coloured(line)));
            out.println();
        }
        notes(result).forEach(note -> out.println("  " + note));
        out.flush();
    }

    /** Writes {@code compare.md}, {@code compare/WORKLOAD.svg}, and the log of our pauses where they were measured. */
    static void write(Path directory, List<WorkloadResult> results, Map<String, String> facts) throws IOException {
        Path charts = Files.createDirectories(directory.resolve("compare"));
        List<String> lines = new ArrayList<>();
        lines.add("# Beside its peers");
        lines.add("");
        lines.add(
                "Medians of the rounds with the least and the most; ratios are ours over theirs, round by round. How to read it:");
        lines.add("[perf/README.md](../README.md#beside-its-peers).");
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        facts.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        for (WorkloadResult result : results) {
            String label = result.workload().label();
            Charts.write(result, charts.resolve(label + ".svg"));
            lines.add("");
            lines.add("## " + label);
            lines.add("");
            lines.add(result.workload().description() + ".");
            lines.add("");
            for (TextTable table : Tables.all(result)) {
                lines.addAll(table.markdown());
                lines.add("");
            }
            for (ContestantResult contestant : result.contestants()) {
                if (contestant.pauses().isPresent()) {
                    Files.write(
                            charts.resolve(label + "-" + contestant.name() + "-pauses.log"),
                            contestant.pauses().get().log());
                }
            }
            lines.add("![" + label + "](compare/" + label + ".svg)");
            notes(result).forEach(note -> lines.addAll(List.of("", note)));
        }
        Files.write(directory.resolve("compare.md"), lines);
    }

    private static List<String> notes(WorkloadResult result) {
        List<String> notes = new ArrayList<>(result.notes());
        for (ContestantResult contestant : result.contestants()) {
            if (contestant.failures() > 0) {
                notes.add(contestant.name() + ": " + contestant.failures() + " requests failed.");
            }
            contestant
                    .pauses()
                    .ifPresent(pauses -> notes.add(String.format(
                            Locale.ROOT, "%s: longest safepoint %.2f ms.", contestant.name(), pauses.longestMs())));
            double splices = contestant.syscalls().splices();
            if (contestant.contestant().mustSplice(result.workload())) {
                notes.add(
                        splices > 0
                                ? contestant.name() + " splices: " + Numbers.shortly(splices) + " calls per GB."
                                : contestant.name()
                                        + " was NOT seen to splice: the comparison with it proves nothing.");
            }
        }
        return notes;
    }

    private String coloured(String line) {
        if (line.endsWith(" ok")) {
            return line.substring(0, line.length() - 2) + ansi.string("@|green ok|@");
        }
        if (line.endsWith(" BROKEN")) {
            return line.substring(0, line.length() - "BROKEN".length()) + ansi.string("@|bold,red BROKEN|@");
        }
        return line;
    }
}
