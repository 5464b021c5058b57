package io.penstock.perf.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ours over a peer's, round by round, and what was promised of the median. */
record Ratio(Metric metric, String ours, String peer, Series series, Optional<Goal> goal) {
    /** Of what clients and operators feel: throughput beside everyone, cost and latencies beside the peers. */
    static List<Ratio> of(WorkloadResult result) {
        Workload workload = result.workload();
        List<Metric> metrics = new ArrayList<>(List.of(workload.throughput(), workload.cost()));
        if (workload.hasLatencies()) {
            metrics.addAll(List.of(Metric.P50, Metric.P99, Metric.P999));
        }
        List<Ratio> ratios = new ArrayList<>();
        for (ContestantResult ours : result.contestants()) {
            if (ours.contestant().isProxy() && !ours.contestant().isPeer()) {
                metrics.forEach(metric -> addAll(metric, ours, result, ratios));
            }
        }
        return List.copyOf(ratios);
    }

    private static void addAll(Metric metric, ContestantResult ours, WorkloadResult result, List<Ratio> ratios) {
        for (ContestantResult peer : result.contestants()) {
            boolean comparable =
                    peer.contestant().isPeer() || !peer.contestant().isProxy();
            Series series = Series.ratios(ours.series(metric), peer.series(metric));
            if (comparable && series.isMeasured()) {
                Optional<Goal> goal = ours.name().equals(Contestant.OURS)
                        ? goal(result.workload(), metric, peer.name())
                        : Optional.empty();
                ratios.add(new Ratio(metric, ours.name(), peer.name(), series, goal));
            }
        }
    }

    private static Optional<Goal> goal(Workload workload, Metric metric, String peer) {
        return Goal.of(workload).stream()
                .filter(goal -> goal.metric() == metric && goal.peer().equals(peer))
                .findFirst();
    }

    /** Whose they are: the peer, and who of ours when it is not the one with default settings. */
    String sides() {
        return ours.equals(Contestant.OURS) ? peer : ours + " / " + peer;
    }

    boolean ok() {
        return goal.isEmpty() || goal.get().isMetBy(series.median());
    }
}
