package io.penstock.forwarder.admin;

import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;

/**
 * What each worker counts, read without stopping it. Names follow the constants: {@code CLOSED_X} is {@code
 * penstock_tcp_closed_total{reason="x"}}, {@code BYTES_X} is {@code penstock_tcp_x_bytes_total}, and all others are {@code
 * penstock_tcp_x_total} or {@code penstock_worker_x_total}. So what is counted anew is a metric at once.
 */
final class WorkerMetrics implements MultiCollector {
    private static final String TCP = "penstock_tcp_";
    private static final String CLOSED = "CLOSED_";
    private static final String BYTES = "BYTES_";

    private final List<WorkerProxy> workers;

    WorkerMetrics(List<WorkerProxy> workers) {
        this.workers = workers;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        for (WorkerProxy worker : workers) {
            Labels labels = Labels.of("worker", worker.name());
            for (TcpCounter counter : TcpCounter.values()) {
                tcp(families, counter.name(), labels, worker.tcpCounters().value(counter));
            }
            for (WorkerCounter counter : WorkerCounter.values()) {
                families.counter(
                        "penstock_worker_" + lower(counter.name()),
                        "Counted by the worker's loop: " + words(counter.name()) + ".",
                        labels,
                        worker.counters().value(counter));
            }
            families.counter(
                    "penstock_worker_commands_refused",
                    "Commands that found the worker's queue full.",
                    labels,
                    worker.refused());
            families.gauge("penstock_tcp_connections", "Connections that are open.", labels, worker.openConnections());
        }
        return families.build();
    }

    private static void tcp(MetricFamilies families, String name, Labels labels, long value) {
        if (name.startsWith(CLOSED)) {
            families.counter(
                    TCP + "closed",
                    "Connections that ended, by reason.",
                    labels.add("reason", lower(name.substring(CLOSED.length()))),
                    value);
        } else if (name.startsWith(BYTES)) {
            families.counter(
                    TCP + lower(name.substring(BYTES.length())) + "_bytes",
                    "Payload bytes " + words(name.substring(BYTES.length())) + ".",
                    labels,
                    value);
        } else {
            families.counter(TCP + lower(name), "Counted of TCP: " + words(name) + ".", labels, value);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String words(String name) {
        return lower(name).replace('_', ' ');
    }
}
