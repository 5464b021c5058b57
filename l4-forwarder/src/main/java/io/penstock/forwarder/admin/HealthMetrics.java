package io.penstock.forwarder.admin;

import io.penstock.forwarder.operate.TransitionCount;
import io.penstock.metrics.BucketCounts;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Transitions of backends, what comes of them for services, and how long tables take to build; asks nobody who would have to wait. */
final class HealthMetrics implements MultiCollector {
    private final AdminViews views;

    HealthMetrics(AdminViews views) {
        this.views = views;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        for (TransitionCount count : views.health().transitions()) {
            families.counter(
                    "penstock_backend_transitions",
                    "Changes of state of a pool's backends, by the state they came to and why.",
                    Labels.of("pool", count.pool(), "to", count.to(), "reason", count.reason()),
                    count.count());
        }
        views.health()
                .vips()
                .services()
                .forEach(service -> families.gauge(
                        "penstock_service_served",
                        "1 while clients of a service are served, as agents are told.",
                        Labels.of("service", service.name()),
                        service.state().isServed() ? 1 : 0));
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        families.build().forEach(all::metricSnapshot);
        return all.metricSnapshot(tableBuilds(views.tableBuilds().get())).build();
    }

    private static HistogramSnapshot tableBuilds(BucketCounts counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.scale().size(); i++) {
            buckets.bucket(counts.scale().bound(i), counts.count(i));
        }
        return HistogramSnapshot.builder()
                .name("penstock_table_build_seconds")
                .help("Time to build a forwarding table.")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(counts.sum())
                        .build())
                .build();
    }
}
