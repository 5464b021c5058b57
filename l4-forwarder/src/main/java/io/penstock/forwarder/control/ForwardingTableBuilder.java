package io.penstock.forwarder.control;

import io.penstock.forwarder.config.Protocol;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.SplitConfig;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Lifetime;
import io.penstock.forwarder.table.PoolSplit;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SplitRules;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.net.FlowHash;
import io.penstock.net.IpPrefixMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the next table from the services as configured and the pools as they are now. The controller's own. */
final class ForwardingTableBuilder {
    /** Was given an index, and could not be listened for. */
    private static final Service NEVER_OPEN =
            new Service("", PoolSplit.NOBODY, 1, new Timeouts(1, 1, 1), TcpOptions.KERNEL_DEFAULTS);

    /** Of all services there ever were, by their index, which connections and listeners hold. */
    private final List<Key> keys = new ArrayList<>();

    private final Map<Key, Integer> indices = new HashMap<>();
    private final Map<Key, ServiceConfig> services = new HashMap<>();
    private final Map<Key, SplitRules> splits = new HashMap<>();
    private final Admissions admissions = new Admissions();
    private final Map<Key, ProxyInput> proxyInputs = new HashMap<>();

    /** As they were in the table before, for those that had connections when they went. */
    private final Map<Key, Service> last = new HashMap<>();

    /** Services that have gone, whose listeners may still take the clients that the kernel had queued. */
    private final Set<Key> leaving = new HashSet<>();

    private IpPrefixMap clientZones = IpPrefixMap.EMPTY;
    private long version;

    /** One that changes its protocol goes, and another comes: what is open of the former has nothing of the latter. */
    private record Key(String name, Protocol protocol) {
        static Key of(ServiceConfig service) {
            return new Key(service.name(), service.protocol());
        }
    }

    /**
     * What the next tables are made of.
     *
     * @param maxConnections of all services together
     * @param closed names of services that take nobody for now
     */
    void onConfig(
            Collection<ServiceConfig> configured,
            OptionalInt maxConnections,
            FlowHash flowHash,
            IpPrefixMap clientZones,
            Set<String> closed) {
        this.clientZones = clientZones;
        admissions.onConfig(configured, maxConnections, System.nanoTime());
        leaving.addAll(services.keySet());
        configured.forEach(service -> leaving.remove(Key.of(service)));
        services.clear();
        splits.clear();
        proxyInputs.clear();
        for (ServiceConfig service : configured) {
            int unused = indexOf(service);
            if (!closed.contains(service.name())) {
                Key key = Key.of(service);
                services.put(key, service);
                splits.put(key, splitRules(service, flowHash));
                proxyInputs.put(key, ProxyHeaders.input(service.proxyInput()));
            }
        }
    }

    /** Where the service stands in every table, from 0; new ones in the order of the calls. */
    int indexOf(ServiceConfig service) {
        return indices.computeIfAbsent(Key.of(service), key -> {
            keys.add(key);
            return keys.size() - 1;
        });
    }

    /** Where services of this name stand in every table: as many as it has had protocols. */
    List<Integer> indicesOf(String service) {
        return IntStream.range(0, keys.size())
                .filter(index -> keys.get(index).name().equals(service))
                .boxed()
                .toList();
    }

    /** Whether the service that stands there takes datagrams. */
    boolean isUdp(int index) {
        return keys.get(index).protocol() == Protocol.UDP;
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

    ForwardingTable next(Map<String, Pool> pools) {
        List<Service> built = keys.stream()
                .map(key -> services.containsKey(key) ? service(key, services.get(key), pools) : closed(key))
                .toList();
        for (int i = 0; i < built.size(); i++) {
            last.put(keys.get(i), built.get(i));
        }
        return new ForwardingTable(++version, built, clientZones);
    }

    /** No listener has clients of services that have gone any more: the next table forgets the pools they had. */
    void onListenersSettled() {
        leaving.clear();
    }

    /** One that is leaving serves from the pools that it had; else whoever is still being connected for it is reset. */
    private Service closed(Key key) {
        Service before = last.getOrDefault(key, NEVER_OPEN);
        return leaving.contains(key) ? before : before.withoutPools();
    }

    private Service service(Key key, ServiceConfig config, Map<String, Pool> pools) {
        List<BackendPool> bySide = Stream.concat(
                        Stream.of(config.pool()), config.splits().stream().map(SplitConfig::pool))
                .map(name -> pools.get(name).current())
                .toList();
        return new Service(
                config.name(),
                new PoolSplit(splits.get(key), bySide),
                config.connectAttempts(),
                new Timeouts(
                        config.timeouts().connect().toNanos(),
                        config.timeouts().idle().toNanos(),
                        config.timeouts().fin().toNanos(),
                        config.timeouts().firstByte().map(Duration::toNanos).orElse(Timeouts.NONE),
                        config.timeouts()
                                .lifetime()
                                .map(lifetime -> new Lifetime(lifetime.time().toNanos(), lifetime.jitterPercent()))
                                .orElse(Lifetime.UNBOUNDED)),
                options(config.tcp()),
                admissions.of(config.name()),
                proxyInputs.get(key),
                config.isUdp() ? UdpSettings.of(config) : null);
    }

    static TcpOptions options(Tcp tcp) {
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
                tcp.userTimeout().map(Duration::toMillis).map(Math::toIntExact).orElse(0),
                tcp.listener().fastOpen(),
                tcp.listener().backlog());
    }

    /** Rounded up: the kernel counts whole seconds. */
    private static int seconds(Duration duration) {
        return (int) duration.plusMillis(999).toSeconds();
    }
}
