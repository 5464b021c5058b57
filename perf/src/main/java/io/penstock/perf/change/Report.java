package io.penstock.perf.change;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** What was found, for people: on the terminal, and as a page. */
public final class Report {
    private Report() {}

    public static void print(PrintStream out, Findings findings) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold " + findings.title() + "|@"));
        findings.table().text().forEach(line -> out.println(coloured(line)));
        findings.notes().forEach(note -> out.println("  " + note));
    }

    /**
     * As a page.
     *
     * @param heading of it
     * @param section of perf/README.md that tells what is measured and how
     * @param failed scenarios that could not be measured, and why
     */
    public static void write(
            Path file,
            String heading,
            String section,
            List<Findings> all,
            Map<String, String> failed,
            Map<String, String> facts)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# " + heading,
                "",
                "What is measured and how: [perf/README.md](../README.md#" + section + ").",
                "",
                "| | |",
                "|---|---|"));
        facts.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        failed.forEach((name, why) -> lines.addAll(List.of("", "Could not be measured: " + name + ". " + why)));
        for (Findings findings : all) {
            lines.addAll(List.of("", "## " + findings.title(), ""));
            lines.addAll(findings.table().markdown());
            findings.notes().forEach(note -> lines.addAll(List.of("", note)));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    /** Those of all, in order; a scenario that could not be measured broke its promise. */
    public static Figures figures(List<Findings> all, Set<String> failed) {
        Figures figures = new Figures();
        all.forEach(findings -> figures.addAll(findings.figures()));
        failed.forEach(name -> figures.exactly(name + ".measured", 0, "", 1));
        return figures;
    }

    private static String coloured(String line) {
        int broken = line.indexOf(Findings.BROKEN);
        return broken < 0
                ? line
                : line.substring(0, broken) + Ansi.AUTO.string("@|bold,red " + line.substring(broken) + "|@");
    }
}
