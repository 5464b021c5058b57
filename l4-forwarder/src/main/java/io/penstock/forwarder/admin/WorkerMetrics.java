package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.admin.ProtocolMetrics.Reasons;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.tcp.TcpGauge;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.Counters;
import io.penstock.metrics.LatencyRecorder;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** What each worker counts, read without stopping it: {@code penstock_worker_x_total} and those of its protocols. */
final class WorkerMetrics implements MultiCollector {
    private static final ProtocolMetrics<TcpCounter> TCP = new ProtocolMetrics<>(
            TcpCounter.class, "TCP", List.of(Reasons.of("CLOSED_", "closed", "Connections that ended, by reason.")));

    private static final double PERCENT = 100;

    private static final String ENDED = "Sessions that ended, by reason.";
    private static final ProtocolMetrics<UdpCounter> UDP = new ProtocolMetrics<>(
            UdpCounter.class,
            "UDP",
            List.of(
                    Reasons.of("ENDED_", "ended", ENDED),
                    new Reasons("EVICTED_", "", "ended", ENDED),
                    Reasons.of("REFUSED_", "refused", "Datagrams that would have opened a session, by reason.")));

    private final List<WorkerProxy> workers;

    WorkerMetrics(List<WorkerProxy> workers) {
        this.workers = workers;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        for (WorkerProxy worker : workers) {
            Labels labels = Labels.of("worker", worker.name());
            TCP.add(families, labels, worker.tcpCounters());
            UDP.add(families, labels, worker.udpCounters());
            for (WorkerCounter counter : WorkerCounter.values()) {
                families.counter(
                        "penstock_worker_" + ProtocolMetrics.lower(counter.name()),
                        "Counted by the worker's loop: " + ProtocolMetrics.words(counter.name()) + ".",
                        labels,
                        worker.counters().value(counter));
            }
            gauges(families, labels, worker.tcpGauges());
            families.counter(
                    "penstock_worker_commands_refused",
                    "Commands that found the worker's queue full.",
                    labels,
                    worker.refused());
            families.gauge("penstock_tcp_connections", "Connections that are open.", labels, worker.openConnections());
            families.gauge("penstock_udp_sessions", "Sessions that are open.", labels, worker.openSessions());
            if (worker.lateness() != null) {
                lateness(families, labels, worker.lateness());
            }
        }
        return families.build();
    }

    private static void gauges(MetricFamilies families, Labels labels, Counters<TcpGauge> gauges) {
        for (TcpGauge gauge : TcpGauge.values()) {
            // Ratios and not percents, as Prometheus has it.
            boolean percent = gauge == TcpGauge.ACCEPT_QUEUE_PERCENT;
            families.gauge(
                    percent ? "penstock_tcp_accept_queue_ratio" : "penstock_tcp_" + ProtocolMetrics.lower(gauge.name()),
                    gauge.help(),
                    labels,
                    percent ? gauges.value(gauge) / PERCENT : gauges.value(gauge));
        }
    }

    private static void lateness(MetricFamilies families, Labels labels, LatencyRecorder recorder) {
        BucketCounts counts = new BucketCounts(recorder.scale());
        recorder.addTo(counts, System.nanoTime());
        families.histogram(
                "penstock_worker_loop_lateness_seconds",
                "How long what comes up has to wait for the worker's loop.",
                labels,
                counts);
    }
}
