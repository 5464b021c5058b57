package io.penstock.forwarder.control;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.net.IpAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** What a forwarder publishes while every backend is healthy, for who wants to know it without running one. */
public final class HealthyTable {
    /** Nothing that needs time happens. */
    private static final long NOW_NS = 0;

    private HealthyTable() {}

    /**
     * The table of one service, its index 0. Looks names up once, the way the host does.
     *
     * @throws UnknownHostException when a name has no address
     */
    public static ForwardingTable of(ForwarderConfig config, ServiceConfig service, ClientPlaces clients)
            throws UnknownHostException {
        Map<String, Pool> pools = new HashMap<>();
        for (String name : poolNames(service)) {
            pools.put(name, pool(config, config.pools().get(name), clients));
        }
        ForwardingTableBuilder builder = new ForwardingTableBuilder();
        builder.onConfig(List.of(service), OptionalInt.empty(), config.flowHash(), clients.zones(), Set.of());
        return builder.next(pools);
    }

    private static Pool pool(ForwarderConfig config, PoolConfig pool, ClientPlaces clients)
            throws UnknownHostException {
        Map<String, List<IpAddress>> addresses = new HashMap<>();
        for (BackendConfig named : PoolMembers.named(pool)) {
            addresses.put(named.host(), NameResolver.lookUp(named.host()));
        }
        Pool healthy = new Pool(
                pool,
                new PoolSetting(config.flowHash(), config.place(), clients.places()),
                new PoolMembers(pool, addresses, new TransitionLog(new EventLog(Clock.systemUTC())), NOW_NS),
                (self, member) -> {},
                NOW_NS);
        // Where checks begin down, a table of the first moment would have nobody in it.
        for (Member member : List.copyOf(healthy.members())) {
            healthy.onCheck(member, true, "taken for healthy", NOW_NS);
        }
        return healthy;
    }

    /** The service's own, and those of its splits, each once. */
    public static List<String> poolNames(ServiceConfig service) {
        return List.copyOf(service.pools());
    }
}
