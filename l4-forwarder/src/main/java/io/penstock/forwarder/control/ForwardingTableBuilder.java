package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TcpOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the next table from the services as configured and the pools as they are now. The controller's own. */
final class ForwardingTableBuilder {
    private final Collection<ServiceConfig> services;
    private long version;

    ForwardingTableBuilder(Collection<ServiceConfig> services) {
        this.services = services;
    }

    /** Services keep the order of the file, so a listener's index stays true. */
    ForwardingTable next(Map<String, PoolMembers> pools) {
        List<Service> built = services.stream()
                .map(service -> service(service, pools.get(service.pool())))
                .toList();
        return new ForwardingTable(++version, built);
    }

    private static Service service(ServiceConfig config, PoolMembers pool) {
        return new Service(
                config.name(),
                pool.eligible(),
                config.connectAttempts(),
                config.timeouts().connect().toNanos(),
                config.timeouts().idle().toNanos(),
                config.timeouts().fin().toNanos(),
                options(config.tcp()));
    }

    private static TcpOptions options(Tcp tcp) {
        Optional<Keepalive> keepalive = tcp.keepalive();
        return new TcpOptions(
                tcp.deferAccept().map(ForwardingTableBuilder::seconds).orElse(0),
                keepalive
                        .map(Keepalive::idle)
                        .map(ForwardingTableBuilder::seconds)
                        .orElse(0),
                keepalive
                        .map(Keepalive::interval)
                        .map(ForwardingTableBuilder::seconds)
                        .orElse(0),
                keepalive.map(Keepalive::probes).orElse(0),
                tcp.userTimeout().map(Duration::toMillis).map(Math::toIntExact).orElse(0));
    }

    /** Rounded up: the kernel counts whole seconds. */
    private static int seconds(Duration duration) {
        return (int) duration.plusMillis(999).toSeconds();
    }
}
