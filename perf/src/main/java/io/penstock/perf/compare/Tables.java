package io.penstock.perf.compare;

import java.util.ArrayList;
import java.util.List;

/** The tables of a workload: what each contestant did, and how ours compares. */
final class Tables {
    private Tables() {}

    /** Throughput and what it cost; per unit of the workload. */
    private static TextTable contestants(WorkloadResult result) {
        Workload workload = result.workload();
        TextTable table = new TextTable(
                1,
                List.of(
                        "",
                        workload.isBulk() ? "Gbit/s" : workload.unit() + "/s",
                        workload.isBulk() ? "GB/CPU-s" : "CPU us/" + workload.unit(),
                        "switches",
                        "syscalls",
                        "MiB (peak)"));
        for (ContestantResult contestant : result.contestants()) {
            table.add(List.of(
                    contestant.name(),
                    Numbers.withRange(contestant.series(workload.throughput())),
                    Numbers.withRange(contestant.series(workload.cost())),
                    median(contestant, Metric.SWITCHES),
                    Numbers.shortly(contestant.syscalls().calls()),
                    memory(contestant)));
        }
        return table;
    }

    /** For workloads that have them. */
    private static TextTable latencies(WorkloadResult result) {
        TextTable table = new TextTable(1, List.of("", "p50 us", "p99 us", "p99.9 us", "max us"));
        for (ContestantResult contestant : result.contestants()) {
            table.add(List.of(
                    contestant.name(),
                    Numbers.withRange(contestant.series(Metric.P50)),
                    Numbers.withRange(contestant.series(Metric.P99)),
                    Numbers.withRange(contestant.series(Metric.P999)),
                    median(contestant, Metric.MAX)));
        }
        return table;
    }

    /** All that a reader of the workload is shown. */
    static List<TextTable> all(WorkloadResult result) {
        List<TextTable> tables = new ArrayList<>(List.of(contestants(result)));
        if (result.workload().hasLatencies()) {
            tables.add(latencies(result));
        }
        List<Ratio> ratios = Ratio.of(result);
        if (!ratios.isEmpty()) {
            tables.add(ratios(ratios));
        }
        return tables;
    }

    private static TextTable ratios(List<Ratio> ratios) {
        TextTable table = new TextTable(2, List.of("ours / theirs", "", "median [min-max]", "goal", ""));
        for (Ratio ratio : ratios) {
            List<String> row =
                    new ArrayList<>(List.of(ratio.metric().label(), ratio.sides(), Numbers.withRange(ratio.series())));
            row.addAll(ratio.goal()
                    .map(goal -> List.of(
                            (goal.atMost() ? "<= " : ">= ") + Numbers.shortly(goal.limit()),
                            ratio.ok() ? "ok" : "BROKEN"))
                    .orElse(List.of("", "")));
            table.add(row);
        }
        return table;
    }

    private static String median(ContestantResult contestant, Metric metric) {
        return Numbers.shortly(contestant.series(metric).median());
    }

    private static String memory(ContestantResult contestant) {
        Series memory = contestant.series(Metric.MEMORY);
        return memory.isMeasured()
                ? Numbers.shortly(memory.median()) + " (" + median(contestant, Metric.PEAK) + ")"
                : "-";
    }
}
