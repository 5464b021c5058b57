package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who belongs to one pool: its backends as configured, at the addresses their names have now. The controller's own.
 *
 * <p>A backend given by address is one member under its own id. One given by name is a member for each of its
 * addresses, with id {@code id/address}: the same ids on every forwarder, whatever order the answers come in.
 */
final class PoolMembers {
    private final TransitionLog transitions;
    private final Map<String, List<IpAddress>> addresses = new HashMap<>();
    private final Map<Server, BackendLoad> loads = new HashMap<>();
    private final SerialNumbers serials = new SerialNumbers();
    private PoolConfig config;
    private Map<String, Member> members = new LinkedHashMap<>();
    private boolean started;

    /** What connections go to. */
    private record Server(String id, IpAddress address, int port, Optional<UnixAddress> unix) {}

    /** @param known addresses of names */
    PoolMembers(PoolConfig config, Map<String, List<IpAddress>> known, TransitionLog transitions, long nowNs) {
        this.config = config;
        this.transitions = transitions;
        config.backends().forEach(backend -> addresses.put(backend.id(), addresses(backend, known)));
        gather(nowNs);
    }

    private static List<IpAddress> addresses(BackendConfig backend, Map<String, List<IpAddress>> known) {
        return literal(backend).map(List::of).orElseGet(() -> known.getOrDefault(backend.host(), List.of()));
    }

    /**
     * Other backends, or other settings. A member that stays where it is is the same object; so is its load.
     *
     * @param known addresses of names, where they are not known here
     */
    void onConfig(PoolConfig next, Map<String, List<IpAddress>> known, long nowNs) {
        Map<String, List<IpAddress>> byName = new HashMap<>(known);
        config.backends().stream()
                .filter(backend ->
                        isNamed(backend) && !addresses.get(backend.id()).isEmpty())
                .forEach(backend -> byName.put(backend.host(), addresses.get(backend.id())));
        config = next;
        addresses.clear();
        next.backends().forEach(backend -> addresses.put(backend.id(), addresses(backend, byName)));
        gather(nowNs);
        Map<String, BackendConfig> byId = new HashMap<>();
        next.backends().forEach(backend -> byId.put(backend.id(), backend));
        members.values()
                .forEach(member -> member.onConfig(byId.get(member.config().id()), next, nowNs));
    }

    /** Names that have an address now. */
    Set<String> knownNames() {
        return named().stream()
                .filter(backend -> !addresses.get(backend.id()).isEmpty())
                .map(BackendConfig::host)
                .collect(Collectors.toSet());
    }

    /** Backends whose host is a name. */
    List<BackendConfig> named() {
        return named(config);
    }

    static List<BackendConfig> named(PoolConfig config) {
        return config.backends().stream().filter(PoolMembers::isNamed).toList();
    }

    private static boolean isNamed(BackendConfig backend) {
        return literal(backend).isEmpty();
    }

    /** Empty for a name; a UNIX socket stands for every address. */
    private static Optional<IpAddress> literal(BackendConfig backend) {
        return backend.unix().isPresent() ? Optional.of(IpAddress.ANY_IPV6) : IpAddress.parse(backend.host());
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
                boolean stays = known != null && known.isAt(address, backend.port(), backend.unix());
                next.put(id, stays ? known : member(id, backend, address, nowNs));
            }
        }
        members = next;
        serials.retain(next.keySet());
        // An address may come back while connections made before are still open.
        Set<BackendLoad> used = Collections.newSetFromMap(new IdentityHashMap<>());
        next.values().forEach(member -> used.add(member.load()));
        loads.values().removeIf(load -> !used.contains(load) && load.open() == 0);
    }

    /** Nobody is a member any more. */
    void clear() {
        members = Map.of();
    }

    private Member member(String id, BackendConfig backend, IpAddress address, long nowNs) {
        Server server = new Server(id, address, backend.port(), backend.unix());
        BackendLoad load = loads.computeIfAbsent(server, unused -> new BackendLoad());
        // Of one that comes back only the open connections count: its breaker and its detector begin anew.
        load.endTrial();
        load.clearFailuresInARow();
        load.slowFrom(BackendLoad.NEVER_SLOW);
        return new Member(
                backend,
                new Backend(
                        config.name(),
                        id,
                        address,
                        backend.port(),
                        backend.weight(),
                        load,
                        serials.of(id),
                        backend.unix().orElse(null),
                        SourcePorts.ofKernel()),
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
