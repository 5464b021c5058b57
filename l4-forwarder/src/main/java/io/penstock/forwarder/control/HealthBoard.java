package io.penstock.forwarder.control;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.ServiceHealth;
import io.penstock.forwarder.operate.ServiceHealth.Listen;
import io.penstock.forwarder.operate.ServiceHealth.Reach;
import io.penstock.forwarder.operate.ServingState;
import io.penstock.forwarder.operate.VipHealth;
import io.penstock.forwarder.operate.VipReport;
import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which services and addresses are served, as of the last table. Made on the control thread, read by any; each change of a
 * pool or an address is an event.
 */
final class HealthBoard {
    private final EventLog events;
    private List<ServiceConfig> services = List.of();
    private Set<String> closed = Set.of();
    private boolean started;
    private boolean draining;

    /** Of the data plane of packets. */
    private Optional<String> packetTrouble = Optional.empty();

    /** Pools of the start that no check has spoken of yet; what comes later is what its checks begin with. */
    private final Set<String> unjudged = new HashSet<>();

    private final Verdicts verdicts = new Verdicts();
    private Map<String, PoolStanding> standings = Map.of();
    private final Map<IpAddress, ServingState> told = new HashMap<>();
    private volatile Known known = new Known(new VipReport(List.of()), Set.of());

    /** @param ofPackets names of services in {@code mode: dsr} */
    private record Known(VipReport report, Set<String> ofPackets) {}

    HealthBoard(EventLog events) {
        this.events = events;
    }

    /**
     * Any thread.
     *
     * @param packetTrouble why packets are not forwarded by now: nobody may be there to say so with the next table
     */
    VipReport report(Optional<String> packetTrouble) {
        Known now = known;
        if (packetTrouble.isEmpty() || now.ofPackets.isEmpty()) {
            return now.report;
        }
        return new VipReport(now.report.services().stream()
                .map(service ->
                        now.ofPackets.contains(service.name()) ? service.notServed(packetTrouble.get()) : service)
                .toList());
    }

    /** As of the last table. */
    Optional<PoolStanding> standing(String pool) {
        return Optional.ofNullable(standings.get(pool));
    }

    void onConfig(Collection<ServiceConfig> configured, Set<String> closedServices) {
        services = List.copyOf(configured);
        closed = Set.copyOf(closedServices);
    }

    /**
     * Workers take clients.
     *
     * @param pools whose health is not known before their checks say something; none when another process served their
     *     clients until now
     */
    void onStarted(Collection<Pool> pools, long nowNs) {
        started = true;
        Set<String> ofPackets = poolsOfPackets();
        for (Pool pool : pools) {
            unjudged.add(pool.config().name());
            if (ofPackets.contains(pool.config().name())) {
                verdicts.begin(pool, nowNs);
            }
        }
    }

    private Set<String> poolsOfPackets() {
        return services.stream()
                .filter(ServiceConfig::isDsr)
                .map(ServiceConfig::pool)
                .collect(Collectors.toSet());
    }

    /** Whether time alone may change what is known: {@link #onPools} is due again soon. */
    boolean isWaiting() {
        return verdicts.isAny();
    }

    void onDraining() {
        draining = true;
        publish();
    }

    /** Why packets are not forwarded; empty when they are. */
    void onPacketTrouble(Optional<String> trouble) {
        boolean changed = !trouble.equals(packetTrouble);
        packetTrouble = trouble;
        if (changed) {
            publish();
        }
    }

    /** After each table, and when more is known than before. */
    void onPools(Collection<Pool> pools, long nowNs) {
        Map<String, PoolStanding> now = new HashMap<>();
        Set<String> ofPackets = poolsOfPackets();
        for (Pool pool : pools) {
            String name = pool.config().name();
            now.put(name, standing(pool, ofPackets.contains(name), nowNs));
        }
        unjudged.retainAll(now.keySet());
        verdicts.retain(now.keySet().stream().filter(ofPackets::contains).toList());
        now.forEach(this::tellPool);
        standings = now;
        publish();
    }

    private PoolStanding standing(Pool pool, boolean ofPackets, long nowNs) {
        String name = pool.config().name();
        PoolStanding standing = pool.standing();
        PoolStanding before = standings.get(name);
        if (ofPackets && standing.up() > 0 && before != null && before.isWithoutBackends()) {
            verdicts.beginAgain(pool, nowNs);
        }
        boolean awaited = ofPackets && verdicts.isAwaited(pool, nowNs);
        if (!awaited && pool.isJudged()) {
            unjudged.remove(name);
        }
        if (!started || unjudged.contains(name)) {
            return awaited ? standing.unfinished(ServingState.UNKNOWN) : standing.unknown();
        }
        return awaited && standing.up() > 0 ? standing.unfinished(ServingState.NOT_SERVED) : standing;
    }

    private void tellPool(String name, PoolStanding standing) {
        ServingState before = Optional.ofNullable(standings.get(name))
                .map(PoolStanding::state)
                .orElse(ServingState.UNKNOWN);
        if (before != standing.state()) {
            events.add(
                    EventType.POOL,
                    level(standing.state()),
                    name,
                    text(standing.state(), standing.reason()),
                    EventDetails.of("from", before.label())
                            .and("to", standing.state().label())
                            .and("reason", standing.reason())
                            .and("backendsUp", standing.up())
                            .and("backends", standing.members()));
        }
    }

    private void publish() {
        VipReport next = new VipReport(services.stream().map(this::health).toList());
        known = new Known(
                next,
                services.stream()
                        .filter(ServiceConfig::isDsr)
                        .map(ServiceConfig::name)
                        .collect(Collectors.toUnmodifiableSet()));
        List<VipHealth> vips = next.all(VipReport.Policy.ALL);
        for (VipHealth vip : vips) {
            ServingState before = told.getOrDefault(vip.vip(), ServingState.UNKNOWN);
            if (before != vip.state()) {
                events.add(
                        EventType.VIP,
                        level(vip.state()),
                        vip.vip().toString(),
                        text(vip.state(), vip.reason()),
                        EventDetails.of("from", before.label())
                                .and("to", vip.state().label())
                                .and("reason", vip.reason()));
            }
        }
        told.clear();
        vips.forEach(vip -> told.put(vip.vip(), vip.state()));
    }

    private static String text(ServingState state, String reason) {
        return reason.isEmpty() ? state.label() : state.label() + ": " + reason;
    }

    private static Level level(ServingState state) {
        return switch (state) {
            case NOT_SERVED -> Level.ERROR;
            case DEGRADED -> Level.WARN;
            case SERVED, DRAINING, UNKNOWN -> Level.INFO;
        };
    }

    private ServiceHealth health(ServiceConfig service) {
        Optional<PoolStanding> pool = Optional.ofNullable(standings.get(service.pool()));
        Said said = said(service);
        return new ServiceHealth(
                service.name(),
                service.protocol().name().toLowerCase(Locale.ROOT),
                service.listen().stream().map(HealthBoard::listen).toList(),
                service.pool(),
                !closed.contains(service.name()),
                said.state,
                said.reason,
                pool.map(PoolStanding::up).orElse(0),
                pool.map(PoolStanding::members).orElse(0),
                pool.map(PoolStanding::panic).orElse(false));
    }

    private record Said(ServingState state, String reason) {}

    private Said said(ServiceConfig service) {
        if (draining) {
            return new Said(ServingState.DRAINING, "the forwarder takes no new connections");
        }
        if (!started) {
            return new Said(ServingState.UNKNOWN, "the forwarder is starting");
        }
        if (closed.contains(service.name())) {
            return new Said(ServingState.NOT_SERVED, "closed by an operator");
        }
        if (service.isDsr() && packetTrouble.isPresent()) {
            return new Said(ServingState.NOT_SERVED, packetTrouble.get());
        }
        Said ofPool = said(service.pool());
        if (ofPool.state != ServingState.SERVED) {
            return ofPool;
        }
        // Clients of a split that nobody serves are some of its clients.
        return service.splits().stream()
                .map(split -> said(split.pool()))
                .filter(split -> split.state != ServingState.SERVED)
                .findFirst()
                .map(split -> new Said(ServingState.DEGRADED, split.reason))
                .orElse(ofPool);
    }

    private Said said(String pool) {
        PoolStanding standing = standings.get(pool);
        if (standing == null) {
            return new Said(ServingState.UNKNOWN, "pool " + pool + ": not looked at yet");
        }
        return new Said(standing.state(), standing.reason().isEmpty() ? "" : "pool " + pool + ": " + standing.reason());
    }

    private static Listen listen(ListenConfig listen) {
        Reach reach =
                listen.unix().isPresent() ? Reach.NOWHERE : listen.dualStack() ? Reach.EVERY_ADDRESS : Reach.ADDRESS;
        return new Listen(listen.toString(), listen.address(), reach);
    }
}
