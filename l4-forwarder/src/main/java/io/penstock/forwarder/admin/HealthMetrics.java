package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.operate.TransitionCount;
import io.prometheus.metrics.model.registry.MultiCollector;
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
        families.histogram(
                "penstock_table_build_seconds",
                "Time to build a forwarding table.",
                Labels.EMPTY,
                views.tableBuilds().get());
        return families.build();
    }
}
