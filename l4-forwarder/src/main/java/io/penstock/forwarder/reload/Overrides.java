package io.penstock.forwarder.reload;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.ServiceConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the operator wants otherwise than the file says. Immutable.
 *
 * @param backends by pool and id
 * @param closedServices that take nobody
 */
record Overrides(Map<BackendName, BackendOverride> backends, Set<String> closedServices) {
    static final Overrides NONE = new Overrides(Map.of(), Set.of());

    /** In this order in every list of differences. */
    Overrides {
        backends = Collections.unmodifiableMap(new TreeMap<>(backends));
        closedServices = Collections.unmodifiableSet(new TreeSet<>(closedServices));
    }

    Overrides with(BackendName name, BackendOverride change) {
        Map<BackendName, BackendOverride> more = new TreeMap<>(backends);
        more.put(name, change);
        return new Overrides(more, closedServices);
    }

    Overrides without(BackendName name) {
        Map<BackendName, BackendOverride> fewer = new TreeMap<>(backends);
        fewer.remove(name);
        return new Overrides(fewer, closedServices);
    }

    Overrides withService(String service, boolean enabled) {
        Set<String> closed = new TreeSet<>(closedServices);
        if (enabled) {
            closed.remove(service);
        } else {
            closed.add(service);
        }
        return new Overrides(backends, closed);
    }

    Optional<BackendOverride> of(BackendName name) {
        return Optional.ofNullable(backends.get(name));
    }

    /**
     * What is left of them above another file: without those whose subject is gone, or cannot be any more, or of which the
     * file says the same.
     */
    Overrides within(ForwarderConfig file) {
        Map<BackendName, BackendOverride> kept = new TreeMap<>();
        backends.forEach((name, change) -> {
            boolean known = file.pools().containsKey(name.pool()) && isReachable(change, file, name.pool());
            if (known && change.differsFrom(backend(file, name))) {
                kept.put(name, change);
            }
        });
        Set<String> closed = new TreeSet<>(closedServices);
        closed.retainAll(file.services().keySet());
        return new Overrides(kept, closed);
    }

    /** Whether the services that the file has now can use the backend. */
    private static boolean isReachable(BackendOverride change, ForwarderConfig file, String pool) {
        return change.added().flatMap(BackendConfig::unix).isEmpty()
                || file.usersOf(pool).stream().noneMatch(ServiceConfig::isUdp);
    }

    /** Those that the others do not have any more. */
    List<String> lostIn(Overrides kept) {
        List<String> lost = new ArrayList<>();
        backends.forEach((name, change) -> {
            if (!kept.backends.containsKey(name)) {
                lost.add(line(name, change));
            }
        });
        closedServices.stream()
                .filter(service -> !kept.closedServices.contains(service))
                .forEach(service -> lost.add(line(service)));
        return lost;
    }

    /** What runs: the file, and these above it. */
    ForwarderConfig above(ForwarderConfig file) {
        if (backends.isEmpty()) {
            return file;
        }
        Map<String, PoolConfig> pools = new LinkedHashMap<>(file.pools());
        backends.keySet().stream()
                .map(BackendName::pool)
                .distinct()
                .forEach(name -> pools.computeIfPresent(name, (same, pool) -> above(pool)));
        return file.withPools(pools);
    }

    private PoolConfig above(PoolConfig pool) {
        Map<String, Optional<BackendConfig>> byId = new LinkedHashMap<>();
        pool.backends().forEach(backend -> byId.put(backend.id(), Optional.of(backend)));
        backends.forEach((name, change) -> {
            if (name.pool().equals(pool.name())) {
                byId.put(name.id(), change.above(byId.getOrDefault(name.id(), Optional.empty())));
            }
        });
        return pool.withBackends(
                byId.values().stream().flatMap(Optional::stream).toList());
    }

    static Optional<BackendConfig> backend(ForwarderConfig config, BackendName name) {
        return Optional.ofNullable(config.pools().get(name.pool())).stream()
                .flatMap(pool -> pool.backends().stream())
                .filter(backend -> backend.id().equals(name.id()))
                .findFirst();
    }

    /** A line each, for those who operate it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        backends.forEach((name, change) -> lines.add(line(name, change)));
        closedServices.forEach(service -> lines.add(line(service)));
        return List.copyOf(lines);
    }

    private static String line(BackendName name, BackendOverride change) {
        return "backend " + name + ": " + change;
    }

    private static String line(String service) {
        return "service " + service + ": disabled";
    }
}
