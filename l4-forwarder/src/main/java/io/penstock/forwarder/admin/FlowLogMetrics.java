package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.flowlog.FlowLogCounts;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** What became of the lines of the flow log; all 0 where there is none. */
final class FlowLogMetrics implements MultiCollector {
    private final FlowLogCounts counts;

    FlowLogMetrics(FlowLogCounts counts) {
        this.counts = counts;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        families.counter(
                "penstock_flow_log_written",
                "Lines of the flow log that were written.",
                Labels.EMPTY,
                counts.written());
        String dropped = "Flows without a line, by reason: no_room, as lines went slower than they came, or closed.";
        families.counter("penstock_flow_log_dropped", dropped, Labels.of("reason", "no_room"), counts.droppedForRoom());
        families.counter("penstock_flow_log_dropped", dropped, Labels.of("reason", "closed"), counts.droppedAtClose());
        families.counter(
                "penstock_flow_log_errors",
                "Times that the flow log could not be written.",
                Labels.EMPTY,
                counts.errors());
        families.gauge(
                "penstock_flow_log_failing",
                "1 while the flow log cannot be written, else 0.",
                Labels.EMPTY,
                counts.isFailing() ? 1 : 0);
        return families.build();
    }
}
