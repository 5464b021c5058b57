package io.penstock.forwarder.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Families of one scrape while they are put together, value by value. */
final class MetricFamilies {
    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();

    /** @param name without {@code _total} */
    void counter(String name, String help, Labels labels, Number value) {
        counters.computeIfAbsent(
                        name, family -> CounterSnapshot.builder().name(family).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value.doubleValue())
                        .build());
    }

    void gauge(String name, String help, Labels labels, Number value) {
        gauges.computeIfAbsent(
                        name, family -> GaugeSnapshot.builder().name(family).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value.doubleValue())
                        .build());
    }

    MetricSnapshots build() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.values().forEach(family -> all.metricSnapshot(family.build()));
        gauges.values().forEach(family -> all.metricSnapshot(family.build()));
        return all.build();
    }
}
