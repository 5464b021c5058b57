package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.operate.Bytes;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.NetworkSamples;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.operate.ServiceTraffic;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** What services, pools and backends have carried, and how long it took, of one status. */
final class TrafficMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private static final Map<String, String> STEPS = Map.of(
            "connect", "From the SYN to a backend until it was there, of connects that succeeded.",
            "first_byte", "From then, or from the client's first bytes if they were later, to the backend's first.",
            "queue", "In a pool's queue, however that ended.",
            "duration", "From the accept to the end, of flows that were at a backend.");

    private final MetricFamilies families;

    TrafficMetrics(MetricFamilies families) {
        this.families = families;
    }

    void add(Labels labels, ServiceStatus service) {
        ServiceTraffic traffic = service.traffic();
        traffic.closed()
                .forEach((reason, count) -> families.counter(
                        "penstock_service_closed",
                        "Connections and sessions of a service that ended, by reason.",
                        labels.add("reason", reason),
                        count));
        String name = "penstock_service_bytes";
        String help = "Payload of a service, by direction and by its path: copied, or spliced in the kernel.";
        bytes(name, help, labels.add("direction", "to-backend"), traffic.toBackends());
        bytes(name, help, labels.add("direction", "to-client"), traffic.toClients());
        traffic.times()
                .forEach((step, times) -> families.histogram(
                        "penstock_service_" + step + "_seconds", STEPS.get(step), labels, times.all()));
    }

    void add(Labels labels, PoolTraffic pool) {
        families.counter(
                "penstock_pool_queue_waits",
                "Waits for room at a backend that have ended, well or badly.",
                labels,
                pool.waits());
        families.counter(
                "penstock_pool_queue_wait_seconds",
                "How long these lasted altogether.",
                labels,
                pool.waited().toNanos() / NANOS_PER_SECOND);
        families.counter(
                "penstock_pool_places_refused",
                "Backends that were picked and had no room, so that another was looked for.",
                labels,
                pool.placesRefused());
        families.counter(
                "penstock_pool_retries", "Further backends that were tried for a connection.", labels, pool.retries());
    }

    void add(Labels labels, BackendStatus backend) {
        MemberTraffic traffic = backend.traffic();
        families.counter(
                "penstock_backend_established",
                "Connections that a backend accepted, and sessions that it was given.",
                labels,
                traffic.connections());
        families.counter(
                "penstock_backend_connect_failures",
                "Connects to a backend that were refused, late or otherwise failed.",
                labels,
                traffic.connectFailures());
        traffic.ended()
                .forEach((outcome, count) -> families.counter(
                        "penstock_backend_ended",
                        "Connections and sessions at a backend that ended, by outcome.",
                        labels.add("outcome", outcome),
                        count));
        String name = "penstock_backend_bytes";
        String help = "Payload of a backend, by direction and by its path: copied, or spliced in the kernel.";
        bytes(name, help, labels.add("direction", "to-backend"), traffic.toBackend());
        bytes(name, help, labels.add("direction", "to-client"), traffic.toClients());
        traffic.times()
                .forEach((step, times) -> families.histogram(
                        "penstock_backend_" + step + "_seconds", STEPS.get(step), labels, times.all()));
        traffic.network().ifPresent(network -> network(labels, network));
    }

    private void network(Labels labels, NetworkSamples network) {
        families.histogram(
                "penstock_backend_rtt_seconds",
                "Round-trip times of connections to a backend, as sampled.",
                labels,
                network.rtt());
        families.histogram(
                "penstock_backend_delivery_rate_bytes_per_second",
                "Rates at which connections delivered to a backend, as sampled; no more than there was to send.",
                labels,
                network.deliveryRate());
        families.histogram(
                "penstock_backend_retransmitted_ratio",
                "Part of a connection's segments to a backend that was sent again, as sampled.",
                labels,
                network.retransmitted());
    }

    private void bytes(String name, String help, Labels labels, Bytes bytes) {
        families.counter(name, help, labels.add("path", "copy"), bytes.copied());
        families.counter(name, help, labels.add("path", "splice"), bytes.spliced());
    }
}
