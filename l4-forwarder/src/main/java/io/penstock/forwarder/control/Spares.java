package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.net.IpPrefixMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The members of one pool that get no new connections because nearer or preferred ones take all of them, for clients of
 * each zone.
 *
 * @param clientZones by the clients' addresses, the indices of their zones
 * @param byZone the loads of those members
 */
record Spares(IpPrefixMap clientZones, List<Set<BackendLoad>> byZone) {
    /** Everybody gets some, or there is nobody. */
    static final Spares NONE = new Spares(IpPrefixMap.EMPTY, List.of());

    static Spares of(BackendPool pool, IpPrefixMap clientZones) {
        return new Spares(
                clientZones,
                pool.withoutShare().stream()
                        .map(idle -> idle.stream().map(Backend::load).collect(Collectors.toUnmodifiableSet()))
                        .toList());
    }

    boolean isEmpty() {
        return byZone.stream().allMatch(Set::isEmpty);
    }

    /** Whether a client at this address would not get this backend now; the halves are those of an IpAddress. */
    boolean contains(Backend backend, long clientHigh, long clientLow) {
        int zone = clientZones.get(clientHigh, clientLow);
        return !byZone.isEmpty()
                && byZone.get(zone < byZone.size() ? zone : BackendPool.UNKNOWN_ZONE)
                        .contains(backend.load());
    }
}
