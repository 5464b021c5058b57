package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.table.Backend;
import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who belongs to one pool: its backends as configured, at the addresses their names have now. The controller's own.
 *
 * <p>A backend given by address is one member under its own id. One given by name is a member for each of its
 * addresses, with id {@code id/address}: the same ids on every forwarder, whatever order the answers come in.
 */
final class PoolMembers {
    private final PoolConfig config;
    private final TransitionLog transitions;
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private final Map<String, BackendLoad> loads = new HashMap<>();
    private final SerialNumbers serials = new SerialNumbers();
    private Map<String, Member> members = new LinkedHashMap<>();
    private boolean started;

    PoolMembers(PoolConfig config, TransitionLog transitions, long nowNs) {
        this.config = config;
        this.transitions = transitions;
        for (BackendConfig backend : config.backends()) {
            addresses.put(
                    backend.id(), IpAddress.parse(backend.host()).map(List::of).orElse(List.of()));
        }
        gather(nowNs);
    }

    /** Backends whose host is a name. */
    List<BackendConfig> named() {
        return config.backends().stream().filter(PoolMembers::isNamed).toList();
    }

    private static boolean isNamed(BackendConfig backend) {
        return IpAddress.parse(backend.host()).isEmpty();
    }

    /** Members that join from now on are new servers: they start slowly, if any do. */
    void onStarted() {
        started = true;
    }

    /** True when the members changed. Those that stay are the same objects. */
    boolean onResolved(BackendConfig backend, List<IpAddress> resolved, long nowNs) {
        boolean changed = !resolved.equals(addresses.put(backend.id(), resolved));
        if (changed) {
            gather(nowNs);
        }
        return changed;
    }

    private void gather(long nowNs) {
        Map<String, Member> next = new LinkedHashMap<>();
        for (BackendConfig backend : config.backends()) {
            for (IpAddress address : addresses.get(backend.id())) {
                String id = isNamed(backend) ? backend.id() + "/" + address : backend.id();
                Member known = members.get(id);
                next.put(id, known == null ? member(id, backend, address, nowNs) : known);
            }
        }
        members = next;
        serials.retain(next.keySet());
        // An address may come back while connections made before are still open.
        loads.entrySet()
                .removeIf(load ->
                        !next.containsKey(load.getKey()) && load.getValue().open() == 0);
    }

    private Member member(String id, BackendConfig backend, IpAddress address, long nowNs) {
        BackendLoad load = loads.computeIfAbsent(id, unused -> new BackendLoad());
        // Of one that comes back only the open connections count: its breaker and its detector begin anew.
        load.endTrial();
        load.clearFailuresInARow();
        return new Member(
                backend,
                new Backend(id, address, backend.port(), backend.weight(), load, serials.of(id)),
                config,
                started,
                nowNs,
                transitions.of(config.name(), id));
    }

    /** Healthy or not, in the order of the file. */
    Collection<Member> all() {
        return members.values();
    }

    /** False for a member that is gone, of which a check or a worker may still tell. */
    boolean contains(Member member) {
        return members.get(member.id()) == member;
    }

    int size() {
        return members.size();
    }
}
