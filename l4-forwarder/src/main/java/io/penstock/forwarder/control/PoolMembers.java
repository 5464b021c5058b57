package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.SourceAffinity;
import io.penstock.forwarder.table.Spread;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one pool: its backends as configured, the addresses their names have now, and who is down. Makes the
 * pool that the workers see. The controller's own.
 *
 * <p>A backend given by address is one member under its own id. One given by name is a member for each of its
 * addresses, with id {@code id/address}: the same ids on every forwarder, whatever order the answers come in.
 */
final class PoolMembers {
    private final PoolConfig config;
    private final FlowHash flowHash;
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private final Set<String> down = new HashSet<>();
    private final Map<String, BackendLoad> loads = new HashMap<>();
    private final Map<String, Integer> serials = new HashMap<>();
    private final SourceAffinity affinity;
    private BackendPool current;

    PoolMembers(PoolConfig config, FlowHash flowHash) {
        this.config = config;
        this.flowHash = flowHash;
        affinity = config.affinity()
                .map(wanted ->
                        new SourceAffinity(wanted.sources(), wanted.timeout().toNanos()))
                .orElse(null);
        for (BackendConfig backend : config.backends()) {
            addresses.put(
                    backend.id(), IpAddress.parse(backend.host()).map(List::of).orElse(List.of()));
        }
    }

    PoolConfig config() {
        return config;
    }

    /** Backends whose host is a name. */
    List<BackendConfig> named() {
        return config.backends().stream().filter(PoolMembers::isNamed).toList();
    }

    private static boolean isNamed(BackendConfig backend) {
        return IpAddress.parse(backend.host()).isEmpty();
    }

    /** True when the members changed. */
    boolean onResolved(BackendConfig backend, List<IpAddress> resolved) {
        boolean changed = !resolved.equals(addresses.put(backend.id(), resolved));
        if (changed) {
            current = null;
            down.retainAll(members().keySet());
        }
        return changed;
    }

    /**
     * True when this changes who takes new connections. Of a member that is gone it may still be told, and must not
     * remember it: were the address to come back, its new check would begin up and never say so.
     */
    boolean onHealth(String memberId, boolean up) {
        if (!members().containsKey(memberId)) {
            return false;
        }
        boolean changed = up ? down.remove(memberId) : down.add(memberId);
        if (changed) {
            current = null;
        }
        return changed;
    }

    /** All members by id, healthy or not, in the order of the file. */
    Map<String, Backend> members() {
        Map<String, Backend> members = new LinkedHashMap<>();
        for (BackendConfig backend : config.backends()) {
            for (IpAddress address : addresses.get(backend.id())) {
                String id = isNamed(backend) ? backend.id() + "/" + address : backend.id();
                members.put(id, new Backend(id, address, backend.port(), backend.weight(), load(id), serial(id)));
            }
        }
        return members;
    }

    private BackendLoad load(String id) {
        return loads.computeIfAbsent(id, unused -> new BackendLoad());
    }

    /** For the life of the process; sources are not bound to members that come after so many. */
    private int serial(String id) {
        int serial = serials.computeIfAbsent(id, unused -> serials.size());
        return serial <= SourceAffinity.MAX_SERIAL ? serial : Backend.NO_SERIAL;
    }

    int size() {
        return members().size();
    }

    /** The port to check, when this member is to be checked. */
    Optional<Integer> checkedPort(Backend member) {
        return config.health()
                .map(health -> health.checks().get(0).port())
                .map(port -> port == 0 ? member.port() : port)
                .filter(port -> port != 0);
    }

    /** How many backends the table of this pool can hold. */
    int capacity() {
        return Math.min(config.balance().policy().tableSize(), MaglevTable.MAX_BACKENDS);
    }

    /**
     * The same object until something changed. When names bring more backends than the table can hold, the first by id
     * are in it, the same on every forwarder.
     */
    BackendPool eligible() {
        if (current == null) {
            List<Backend> eligible = new ArrayList<>();
            for (Backend member : members().values()) {
                if (member.weight() > 0 && !down.contains(member.id())) {
                    eligible.add(member);
                }
            }
            if (eligible.size() > capacity()) {
                eligible.sort(Comparator.comparing(Backend::id));
                eligible = eligible.subList(0, capacity());
            }
            current = new BackendPool(
                    config.name(),
                    flowHash,
                    config.balance().hash(),
                    affinity,
                    Spread.of(new BackendGroup(config.balance().policy(), flowHash, eligible)));
        }
        return current;
    }
}
