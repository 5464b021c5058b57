package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.SplitConfig;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.PoolSplit;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SplitRules;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.net.FlowHash;
import io.penstock.net.IpPrefixMap;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the next table from the services as configured and the pools as they are now. The controller's own. */
final class ForwardingTableBuilder {
    private final Collection<ServiceConfig> services;
    private final Map<String, SplitRules> splits = new HashMap<>();
    private final IpPrefixMap clientZones;
    private long version;

    /** @param clientZones of every table */
    ForwardingTableBuilder(Collection<ServiceConfig> services, FlowHash flowHash, IpPrefixMap clientZones) {
        this.services = services;
        this.clientZones = clientZones;
        services.forEach(service -> splits.put(service.name(), splitRules(service, flowHash)));
    }

    /** The sides are the pools of the splits in the order of the file. */
    static SplitRules splitRules(ServiceConfig service, FlowHash flowHash) {
        SplitRules.Builder rules = new SplitRules.Builder(flowHash);
        int side = SplitRules.REST;
        for (SplitConfig split : service.splits()) {
            side++;
            if (split.sources().isEmpty()) {
                rules.share(side, split.pool(), split.percent());
            } else {
                rules.sources(side, split.sources());
            }
        }
        return rules.build();
    }

    /** Services keep the order of the file, so a listener's index stays true. */
    ForwardingTable next(Map<String, Pool> pools) {
        List<Service> built =
                services.stream().map(service -> service(service, pools)).toList();
        return new ForwardingTable(++version, built, clientZones);
    }

    private Service service(ServiceConfig config, Map<String, Pool> pools) {
        List<BackendPool> bySide = Stream.concat(
                        Stream.of(config.pool()), config.splits().stream().map(SplitConfig::pool))
                .map(name -> pools.get(name).current())
                .toList();
        return new Service(
                config.name(),
                new PoolSplit(splits.get(config.name()), bySide),
                config.connectAttempts(),
                new Timeouts(
                        config.timeouts().connect().toNanos(),
                        config.timeouts().idle().toNanos(),
                        config.timeouts().fin().toNanos()),
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
