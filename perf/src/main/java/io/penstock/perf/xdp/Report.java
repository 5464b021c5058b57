package io.penstock.perf.xdp;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Numbers;
import io.penstock.perf.compare.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Results as a page, and with what is promised. */
final class Report {
    private static final double HIT = 5;
    private static final double STATELESS = 3.5;
    private static final double WRAPPED = 1.25;
    private static final double RING_MICROS = 1_000;

    private Report() {}

    static Figures figures(ProgramCosts program) {
        return new Figures()
                .report("program: bare XDP_PASS", program.bare(), "ns")
                .report("program: not for a VIP", program.foreign(), "ns")
                .report("program: l2, stateless", program.stateless(), "ns")
                .report("program: l2, flow remembered", program.hit(), "ns")
                .report("program: l2, SYN", program.first(), "ns")
                .atMost("program: stateless / bare", program.stateless() / program.bare(), "ratio", STATELESS)
                .atMost("program: flow remembered / bare", program.hit() / program.bare(), "ratio", HIT)
                .atMost("program: ipip / l2, without the harness", program.wrappedRatio(), "ratio", WRAPPED)
                .atMost("ring of 65,537 slots: filled in", program.ringMicros(), "us", RING_MICROS);
    }

    static Figures figures(RequestCosts costs) {
        Figures figures = new Figures();
        for (Workload workload : Workload.values()) {
            String name = workload.label() + ": ";
            for (Contestant contestant : Contestant.values()) {
                figures.report(
                        name + contestant.label(),
                        costs.micros(workload, contestant).median(),
                        "us/request");
            }
            figures.atMost(
                    name + "added, packets / nftables",
                    costs.ratio(workload, Contestant.NFTABLES),
                    "ratio",
                    workload.ofNftables());
            figures.atMost(
                    name + "added, packets / HAProxy",
                    costs.ratio(workload, Contestant.HAPROXY),
                    "ratio",
                    workload.ofHaproxy());
            figures.report(name + "added, packets / relay", costs.ratio(workload, Contestant.RELAY), "ratio");
        }
        return figures.exactly("requests that failed", (double) costs.failures(), "", 0);
    }

    static TextTable table(RequestCosts costs, Workload workload) {
        TextTable table = new TextTable(
                1, List.of(workload.label(), "requests/s", "CPU us/request", "added, us", "of nftables'"));
        for (Contestant contestant : Contestant.values()) {
            Addition added = costs.added(workload, contestant);
            boolean isCompared = contestant != Contestant.DIRECT;
            table.add(List.of(
                    contestant.label(),
                    Numbers.shortly(costs.rate(workload, contestant).median()),
                    Numbers.withRange(costs.micros(workload, contestant)),
                    isCompared ? withRange(added) : "",
                    isCompared ? Numbers.shortly(added.shareOf(costs.added(workload, Contestant.NFTABLES))) : ""));
        }
        return table;
    }

    private static String withRange(Addition added) {
        String words = Numbers.shortly(added.value()) + " [" + Numbers.shortly(added.low()) + "-"
                + Numbers.shortly(added.high()) + "]";
        return added.isMeasurable() ? words : "not measurable: " + words;
    }

    private static TextTable table(ProgramCosts program) {
        TextTable table = new TextTable(1, List.of("Program, a packet", "ns", "of bare"));
        row(table, "bare `return XDP_PASS`", program.bare(), program);
        row(table, "not for a VIP", program.foreign(), program);
        row(table, "l2, stateless", program.stateless(), program);
        row(table, "l2, flow remembered", program.hit(), program);
        row(table, "l2, SYN of a flow that is remembered", program.first(), program);
        return table;
    }

    private static void row(TextTable table, String name, double nanos, ProgramCosts program) {
        table.add(List.of(name, Numbers.shortly(nanos), Numbers.shortly(nanos / program.bare())));
    }

    static void write(Path file, ProgramCosts program, RequestCosts costs, Figures figures, Map<String, String> facts)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# Packets beside their peers",
                "",
                "How to read it: [perf/README.md](../README.md#packets-beside-their-peers).",
                "",
                "| | |",
                "|---|---|"));
        facts.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        lines.addAll(List.of("", "| Contestant | Is |", "|---|---|"));
        Arrays.stream(Contestant.values())
                .forEach(each -> lines.add("| " + each.label() + " | " + each.description() + " |"));
        lines.addAll(List.of("", "| Workload | Is |", "|---|---|"));
        Arrays.stream(Workload.values())
                .forEach(each -> lines.add("| " + each.label() + " | " + each.description() + " |"));
        lines.add("");
        lines.addAll(table(program).markdown());
        for (Workload workload : Workload.values()) {
            lines.add("");
            lines.addAll(table(costs, workload).markdown());
        }
        TextTable promises = new TextTable(1, List.of("Promise", "is", "goal", ""));
        figures.rows().stream()
                .filter(row -> !row.goal().isEmpty())
                .forEach(row -> promises.add(List.of(row.name(), row.text(), row.goal(), row.ok() ? "ok" : "BROKEN")));
        lines.add("");
        lines.addAll(promises.markdown());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }
}
