package io.penstock.perf.udp;

import static io.penstock.perf.udp.Contestant.DIRECT;
import static io.penstock.perf.udp.Contestant.NGINX;
import static io.penstock.perf.udp.Contestant.OURS;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Numbers;
import io.penstock.perf.compare.Series;
import io.penstock.perf.compare.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Results for people, as tables and as a page, and for programs. */
final class Report {
    static final String BROKEN = "BROKEN";

    private static final String NONE = "-";

    private Report() {}

    static List<TextTable> tables(List<CellResult> results) {
        return List.of(costs(results), rates(results));
    }

    private static TextTable costs(List<CellResult> results) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "CPU us/packet",
                        "octets",
                        NGINX,
                        OURS,
                        "packets per CPU-s, ours / nginx's",
                        "twice",
                        "promised",
                        ""));
        for (CellResult result : results) {
            List<String> row = new ArrayList<>(List.of(result.shape().label(), Integer.toString(result.size())));
            for (String proxy : List.of(NGINX, OURS)) {
                row.add(result.has(proxy) ? Numbers.withRange(result.cpuMicrosPerPacket(proxy)) : NONE);
            }
            if (result.has(NGINX) && result.has(OURS)) {
                Series gain = gain(result);
                double goal = result.shape().goal().ratio();
                row.addAll(List.of(
                        Numbers.withRange(gain),
                        gain.median() >= Shape.Goal.TWICE.ratio() ? "yes" : "no",
                        ">= " + Numbers.shortly(goal),
                        gain.median() >= goal ? "ok" : BROKEN));
            } else {
                row.addAll(List.of(NONE, "", "", ""));
            }
            table.add(row);
        }
        return table;
    }

    private static TextTable rates(List<CellResult> results) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "packets/s",
                        "octets",
                        DIRECT,
                        NGINX,
                        OURS,
                        "ours / direct",
                        "core busy: nginx, ours",
                        "syscalls/packet: nginx, ours",
                        "lost: direct, nginx, ours"));
        for (CellResult result : results) {
            List<String> row = new ArrayList<>(List.of(result.shape().label(), Integer.toString(result.size())));
            for (String contestant : List.of(DIRECT, NGINX, OURS)) {
                row.add(result.has(contestant) ? Numbers.withRange(result.packetsPerSecond(contestant)) : NONE);
            }
            row.add(result.has(DIRECT) && result.has(OURS) ? Numbers.withRange(ofDirect(result)) : NONE);
            row.add(pair(result, proxy -> Numbers.shortly(result.busy(proxy).median())));
            row.add(pair(result, proxy -> Numbers.shortly(result.syscalls().getOrDefault(proxy, Double.NaN))));
            row.add((result.has(DIRECT) ? result.failures(DIRECT) : NONE)
                    + ", "
                    + pair(result, proxy -> Long.toString(result.failures(proxy))));
            table.add(row);
        }
        return table;
    }

    private interface Cell {
        String of(String proxy);
    }

    private static String pair(CellResult result, Cell cell) {
        return (result.has(NGINX) ? cell.of(NGINX) : NONE) + ", " + (result.has(OURS) ? cell.of(OURS) : NONE);
    }

    private static Series gain(CellResult result) {
        return Series.ratios(result.packetsPerCpuSecond(OURS), result.packetsPerCpuSecond(NGINX));
    }

    private static Series ofDirect(CellResult result) {
        return Series.ratios(result.packetsPerSecond(OURS), result.packetsPerSecond(DIRECT));
    }

    /** The rows of JSON, with what is promised: the gain over nginx, and that nothing is lost. */
    static Figures figures(List<CellResult> results) {
        Figures figures = new Figures();
        for (CellResult result : results) {
            for (String contestant : result.outcomes().keySet()) {
                String prefix = result.label() + "." + contestant + ".";
                figures.report(
                        prefix + "packets", result.packetsPerSecond(contestant).median(), "/s");
                if (!contestant.equals(DIRECT)) {
                    figures.report(
                            prefix + "cpu",
                            result.cpuMicrosPerPacket(contestant).median(),
                            "us");
                }
                double failures = result.failures(contestant);
                if (contestant.equals(NGINX)) {
                    figures.report(prefix + "lost", failures, "");
                } else {
                    figures.exactly(prefix + "lost", failures, "", 0);
                }
            }
            result.syscalls()
                    .forEach((proxy, calls) ->
                            figures.report(result.label() + "." + proxy + ".syscalls", calls, "/packet"));
            if (result.has(DIRECT) && result.has(OURS)) {
                figures.report(
                        result.label() + ".packets.direct", ofDirect(result).median(), "ratio");
            }
            if (result.has(NGINX) && result.has(OURS)) {
                figures.atLeast(
                        result.label() + ".packets-per-cpu-s.nginx",
                        gain(result).median(),
                        "ratio",
                        result.shape().goal().ratio());
            }
        }
        return figures;
    }

    static void write(Path file, List<CellResult> results, Map<String, String> facts) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# UDP beside its peers",
                "",
                "Medians of the rounds with the least and the most; ratios are made round by round. How to read it:",
                "[perf/README.md](../README.md#udp-beside-its-peers).",
                "",
                "| | |",
                "|---|---|"));
        facts.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        lines.addAll(List.of("", "| Shape | Is |", "|---|---|"));
        Arrays.stream(Shape.values())
                .forEach(shape -> lines.add("| " + shape.label() + " | " + shape.description() + " |"));
        for (TextTable table : tables(results)) {
            lines.add("");
            lines.addAll(table.markdown());
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }
}
