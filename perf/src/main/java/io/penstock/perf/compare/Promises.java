package io.penstock.perf.compare;

import io.penstock.perf.Figures;

/** The rows of a workload: what was measured of each, ours over each peer's, and whether the goals are met. */
final class Promises {
    /** One would show that it splices; a gigabyte takes about a thousand with pipes of 1 MiB. */
    private static final double SPLICES_PER_GB_MIN = 1;

    /** Of a JVM while latencies are measured. */
    private static final double PAUSE_MAX_MS = 1;

    private final Figures figures;

    Promises(Figures figures) {
        this.figures = figures;
    }

    void judge(WorkloadResult result) {
        for (ContestantResult contestant : result.contestants()) {
            reportAbsolute(result.workload(), contestant);
        }
        for (Ratio ratio : Ratio.of(result)) {
            judge(result.workload(), ratio);
        }
    }

    /** A workload that could not be measured breaks all that is promised of it. */
    void fail(Workload workload) {
        figures.exactly(workload.label() + ".measured", 0, "", 1);
    }

    private void reportAbsolute(Workload workload, ContestantResult contestant) {
        String prefix = workload.label() + "." + contestant.name() + ".";
        for (Metric metric : workload.metrics()) {
            Series series = contestant.series(metric);
            if (series.isMeasured()) {
                figures.report(prefix + metric.label(), series.median(), metric.unit());
            }
        }
        if (Double.isFinite(contestant.syscalls().calls())) {
            figures.report(prefix + "syscalls", contestant.syscalls().calls(), "/" + workload.unit());
        }
        if (contestant.contestant().mustSplice(workload)) {
            // Comparing with a peer that was not seen to splice would prove nothing.
            double splices = contestant.syscalls().splices();
            figures.atLeast(prefix + "splices", Double.isFinite(splices) ? splices : 0, "/GB", SPLICES_PER_GB_MIN);
        }
        contestant
                .pauses()
                .ifPresent(pauses -> figures.atMost(prefix + "longest-pause", pauses.longestMs(), "ms", PAUSE_MAX_MS));
        figures.exactly(prefix + "failures", (double) contestant.failures(), "", 0);
    }

    private void judge(Workload workload, Ratio ratio) {
        String ours = ratio.ours().equals(Contestant.OURS) ? "" : "." + ratio.ours();
        String name = workload.label() + ours + "." + ratio.metric().label() + "." + ratio.peer();
        double median = ratio.series().median();
        if (ratio.goal().isEmpty()) {
            figures.report(name, median, "ratio");
        } else if (ratio.goal().get().atMost()) {
            figures.atMost(name, median, "ratio", ratio.goal().get().limit());
        } else {
            figures.atLeast(name, median, "ratio", ratio.goal().get().limit());
        }
    }
}
