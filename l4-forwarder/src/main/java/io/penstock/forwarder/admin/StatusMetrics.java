package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PortsLeft;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;
import io.penstock.forwarder.operate.ForwarderStatus.SessionStatus;
import io.penstock.forwarder.operate.ReloadResult;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.function.Supplier;

/** Services, pools, backends, reloads and drains as metrics, from one status per scrape. */
final class StatusMetrics implements MultiCollector {
    private final Supplier<ForwarderStatus> source;

    StatusMetrics(Supplier<ForwarderStatus> source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        ForwarderStatus status = source.get();
        MetricFamilies families = new MetricFamilies();
        process(families, status);
        sessions(families, status.sessions());
        reloads(families, status);
        status.services().forEach(service -> service(families, service));
        status.pools().forEach(pool -> pool(families, pool));
        status.drains().forEach(drain -> drain(families, drain));
        return families.build();
    }

    private static void process(MetricFamilies families, ForwarderStatus status) {
        families.gauge(
                "penstock_ready",
                "1 while new connections are taken, 0 while draining.",
                Labels.EMPTY,
                bit(status.state().equals(ForwarderApi.RUNNING)));
        families.gauge(
                "penstock_start_time_seconds",
                "When the forwarder started, in seconds since 1970.",
                Labels.EMPTY,
                seconds(status.startedAt()));
        families.gauge("penstock_workers", "Data threads.", Labels.EMPTY, status.workers());
        families.gauge(
                "penstock_table_version",
                "Version of the forwarding table in force.",
                Labels.EMPTY,
                status.tableVersion());
    }

    private static void sessions(MetricFamilies families, SessionStatus sessions) {
        families.gauge(
                "penstock_udp_sessions_limit",
                "Sessions that there may be, of all services and workers.",
                Labels.EMPTY,
                sessions.limit());
    }

    private static void reloads(MetricFamilies families, ForwarderStatus status) {
        String help = "Reloads of the configuration, by what came of them.";
        families.counter("penstock_reloads", help, Labels.of("result", "applied"), status.reloads());
        families.counter("penstock_reloads", help, Labels.of("result", "refused"), status.refusedReloads());
        ReloadResult last = status.lastReload();
        families.gauge(
                "penstock_last_reload_successful",
                "1 when the file was applied when it was last read, 0 when it was refused.",
                Labels.EMPTY,
                bit(last.applied()));
        families.gauge(
                "penstock_last_reload_timestamp_seconds",
                "When the file was last read, in seconds since 1970.",
                Labels.EMPTY,
                seconds(last.at()));
        families.gauge(
                "penstock_settings_awaiting_restart",
                "Settings of the file that take a restart and differ from what runs.",
                Labels.EMPTY,
                last.needRestart().size());
        families.gauge(
                "penstock_differences_from_file",
                "Differences between what runs and the file, made by operators.",
                Labels.EMPTY,
                status.differences().size());
    }

    private static void service(MetricFamilies families, ServiceStatus service) {
        Labels labels = Labels.of("service", service.name());
        families.gauge("penstock_service_connections", "Open connections of a service.", labels, service.connections());
        families.gauge("penstock_service_sessions", "Open sessions of a service.", labels, service.sessions());
        families.counter(
                "penstock_service_accepted", "Clients that a service has accepted.", labels, service.accepted());
        families.gauge(
                "penstock_service_enabled",
                "1 while a service takes new clients, 0 when an operator has closed it.",
                labels,
                bit(service.enabled()));
        new TrafficMetrics(families).add(labels, service);
    }

    private static void pool(MetricFamilies families, PoolStatus pool) {
        Labels labels = Labels.of("pool", pool.name());
        families.gauge("penstock_pool_queued", "Connections that wait for room at a backend.", labels, pool.queued());
        new TrafficMetrics(families).add(labels, pool.traffic());
        for (BackendStatus backend : pool.backends()) {
            backend(families, Labels.of("pool", pool.name(), "backend", backend.id()), backend);
        }
    }

    private static void backend(MetricFamilies families, Labels labels, BackendStatus backend) {
        families.gauge(
                "penstock_backend_state",
                "1 for the state that a backend is in.",
                labels.add("state", backend.state()),
                1);
        families.gauge(
                "penstock_backend_state_since_seconds",
                "When a backend's state last changed, in seconds since 1970.",
                labels,
                seconds(backend.since()));
        families.gauge("penstock_backend_weight", "Weight of a backend.", labels, backend.weight());
        families.gauge(
                "penstock_backend_connections", "Open connections and sessions of a backend.", labels, backend.open());
        families.gauge(
                "penstock_backend_pending", "Connects to a backend that are under way.", labels, backend.pending());
        new TrafficMetrics(families).add(labels, backend);
        for (PortsLeft ports : backend.portsLeft()) {
            families.gauge(
                    "penstock_backend_source_ports_left",
                    "Ports that further connections from a source to a backend can have, at most.",
                    labels.add("source", ports.source()),
                    ports.left());
        }
    }

    private static void drain(MetricFamilies families, DrainStatus drain) {
        Labels labels = Labels.of("target", drain.target());
        families.gauge(
                "penstock_drain_running",
                "1 while a drain is under way, 0 when it has ended.",
                labels,
                bit(drain.state().equals("running")));
        families.gauge("penstock_drain_connections_left", "Connections that a drain has left.", labels, drain.left());
        families.gauge(
                "penstock_drain_connections_closed", "Connections that a drain has closed.", labels, drain.closed());
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
