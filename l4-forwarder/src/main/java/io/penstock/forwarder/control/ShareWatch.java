package io.penstock.forwarder.control;

import io.penstock.forwarder.table.BackendPool;
import io.penstock.net.IpPrefixMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Says which members get new connections, each time that this changes. The controller's own. */
final class ShareWatch {
    private final Consumer<Map<String, PoolShares>> listener;
    private Map<String, BackendPool> seen = Map.of();
    private Map<String, PoolShares> told = Map.of();
    private IpPrefixMap zones = IpPrefixMap.EMPTY;

    /** @param listener told of all pools by name */
    ShareWatch(Consumer<Map<String, PoolShares>> listener) {
        this.listener = listener;
    }

    /** A table has been made of these. */
    void onTable(Collection<Pool> pools, IpPrefixMap clientZones) {
        Map<String, BackendPool> current = new HashMap<>();
        Map<String, PoolShares> next = new HashMap<>();
        for (Pool pool : pools) {
            String name = pool.config().name();
            current.put(name, pool.current());
            Spares spares = pool.current() == seen.get(name) && clientZones == zones
                    ? told.get(name).spares()
                    : Spares.of(pool.current(), clientZones);
            next.put(
                    name,
                    new PoolShares(
                            spares,
                            pool.config().failBack(),
                            pool.config().affinity().isPresent()));
        }
        seen = current;
        zones = clientZones;
        if (!next.equals(told)) {
            listener.accept(next);
        }
        told = next;
    }
}
