package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.SplitConfig;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.ForwardingTable;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a forwarder publishes while every backend is healthy, for who wants to know it without running one. */
public final class HealthyTable {
    private HealthyTable() {}

    /**
     * The table of one service, its index 0. Looks names up once, the way the host does.
     *
     * @throws UnknownHostException when a name has no address
     */
    public static ForwardingTable of(ForwarderConfig config, ServiceConfig service, ClientPlaces clients)
            throws UnknownHostException {
        Map<String, PoolMembers> pools = new HashMap<>();
        for (String name : poolNames(service)) {
            PoolMembers members = new PoolMembers(config.pools().get(name), config.flowHash());
            for (BackendConfig named : members.named()) {
                members.onResolved(named, NameResolver.lookUp(named.host()));
            }
            pools.put(name, members);
        }
        return new ForwardingTableBuilder(List.of(service), config.flowHash(), clients.zones()).next(pools);
    }

    /** The service's own, and those of its splits, each once. */
    public static List<String> poolNames(ServiceConfig service) {
        return Stream.concat(
                        Stream.of(service.pool()), service.splits().stream().map(SplitConfig::pool))
                .distinct()
                .toList();
    }
}
