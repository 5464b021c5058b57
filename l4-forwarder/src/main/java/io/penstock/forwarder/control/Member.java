package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PortsLeft;
import io.penstock.forwarder.operate.PoolHealth.BackendHealth;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.health.AgentReport;
import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One member of a pool: an address that is known now, with its load and its state. The controller's own. */
final class Member {
    private final Backend backend;
    private final MemberState state;
    private final MemberTraffics traffics;
    private BackendConfig config;
    private PoolConfig pool;
    private SourcePorts ports;
    private Optional<CircuitBreaker> breaker;
    private int agentsLimit = BackendLoad.UNLIMITED;
    private int maxOpen;
    private final CheckResults checkResults = new CheckResults();
    private Optional<Transition> last = Optional.empty();
    private boolean judged;
    private boolean checkedByPackets;
    private Instant since = Instant.now();

    /**
     * @param backend what workers will see of it, but for the weight and the ports
     * @param cold whether it starts slowly the first time too
     */
    Member(
            BackendConfig config,
            Backend backend,
            PoolConfig pool,
            boolean cold,
            long nowNs,
            MemberState.Listener listener) {
        this.config = config;
        this.pool = pool;
        this.backend = backend;
        traffics = new MemberTraffics(backend.load());
        ports = ports();
        state = new MemberState(
                config, pool.comeback(), isUpAtFirst(pool), cold, nowNs, (from, to, reason, evidence) -> {
                    if (!from.isEligible() && to.isEligible()) {
                        // What came to an end in the meantime is no part of a row from now on.
                        backend.load().clearFailuresInARow();
                    }
                    last = Optional.of(new Transition(from, to, reason, evidence));
                    since = Instant.now();
                    listener.onTransition(from, to, reason, evidence);
                });
        breaker = pool.circuitBreaker().map(plan -> new CircuitBreaker(plan, backend.load(), nowNs));
        limit();
    }

    private static boolean isUpAtFirst(PoolConfig pool) {
        return pool.health().map(HealthPlan::isUpAtFirst).orElse(true);
    }

    private SourcePorts ports() {
        if (backend.isUnix()) {
            return SourcePorts.ofKernel();
        }
        return SourcePorts.towards(address(), pool.outgoing().source().addresses());
    }

    /** Its entry or its pool is configured anew; what is known of it stays, where it still counts. */
    void onConfig(BackendConfig nextConfig, PoolConfig nextPool, long nowNs) {
        PoolConfig before = pool;
        config = nextConfig;
        pool = nextPool;
        if (!before.outgoing().source().equals(nextPool.outgoing().source())) {
            ports = ports();
        }
        state.beginsUp(isUpAtFirst(nextPool));
        if (before.health().isPresent() && nextPool.health().isEmpty()) {
            state.onUnchecked(nowNs);
        }
        if (before.agent().isPresent() && nextPool.agent().isEmpty()) {
            agentsLimit = BackendLoad.UNLIMITED;
            state.onNoAgent(nowNs);
        }
        if (before.outlierEjection().isPresent() && nextPool.outlierEjection().isEmpty()) {
            state.onNoEjection(nowNs);
        }
        if (!before.comeback().equals(nextPool.comeback())) {
            state.onComeback(nextPool.comeback(), nowNs);
        }
        if (!before.circuitBreaker().equals(nextPool.circuitBreaker())) {
            onBreaker(nowNs);
        }
        state.onConfig(nextConfig, nowNs);
        limit();
    }

    /** Another one begins closed. */
    private void onBreaker(long nowNs) {
        load().endTrial();
        load().slowFrom(BackendLoad.NEVER_SLOW);
        breaker = pool.circuitBreaker().map(plan -> new CircuitBreaker(plan, load(), nowNs));
        state.onBreaker(CircuitBreaker.State.CLOSED, Transition.Reason.CONFIGURATION, "circuit breaker anew", nowNs);
    }

    String id() {
        return backend.id();
    }

    BackendConfig config() {
        return config;
    }

    IpAddress address() {
        return backend.address();
    }

    /** Where checks go; without a port for those that need none: programs, and those with a port of their own. */
    Endpoint endpoint() {
        return backend.isUnix() ? Endpoint.of(backend.unix()) : new Endpoint(address(), backend.port());
    }

    boolean isAt(IpAddress address, int port, Optional<UnixAddress> unix) {
        return backend.address().equals(address)
                && backend.port() == port
                && Optional.ofNullable(backend.unix()).equals(unix);
    }

    BackendLoad load() {
        return backend.load();
    }

    MemberState state() {
        return state;
    }

    /** Lets whom it has stay, unless it is lost. */
    void tellFound(boolean healthIgnored) {
        if (lostSinceNs(healthIgnored) == BackendLoad.NOT_LOST) {
            load().lostSince(BackendLoad.NOT_LOST);
        }
    }

    /** Lets whom it has go, if it is lost. */
    void tellLost(boolean healthIgnored) {
        load().lostSince(lostSinceNs(healthIgnored));
    }

    private long lostSinceNs(boolean healthIgnored) {
        return healthIgnored ? BackendLoad.NOT_LOST : state.lostSinceNs();
    }

    Backend backend(int weight) {
        return backend.with(weight, ports);
    }

    /**
     * For those who operate it.
     *
     * @param portRange how many ports the kernel gives out
     */
    BackendStatus status(int portRange) {
        return new BackendStatus(
                id(),
                addressText(),
                state.status().label(),
                last.map(transition -> transition.reason().label() + ": " + transition.evidence())
                        .orElse(""),
                since,
                config.weight(),
                load().open(),
                load().pending(),
                portsLeft(portRange),
                "file",
                Optional.empty(),
                traffics.look(System.nanoTime()));
    }

    /** What is known of its health, for those who operate it. */
    BackendHealth health() {
        return new BackendHealth(
                id(),
                addressText(),
                state.status().label(),
                last.map(transition -> transition.reason().label()).orElse(""),
                last.map(Transition::evidence).orElse(""),
                since,
                checkResults.all());
    }

    /** What its checks find, told on their own thread. */
    CheckResults checkResults() {
        return checkResults;
    }

    /**
     * Its checks begin by the way of packets: what others found, by another way, was of that way. True for the first time, when nothing
     * that was found here is known.
     */
    boolean onPacketChecks() {
        boolean first = !checkedByPackets;
        checkedByPackets = true;
        judged = false;
        return first;
    }

    /** Its checks have said what it is. */
    void onJudged() {
        judged = true;
    }

    /** Whether its state is more than what was taken for granted at first; without checks it is what it is. */
    boolean isJudged() {
        return judged || pool.health().isEmpty() || !state.isChecked();
    }

    /** Where each client has a source of its own, or another port to go to, their sum says nothing of either. */
    private List<PortsLeft> portsLeft(int range) {
        boolean clientsPort = backend.port() == BackendConfig.CLIENTS_PORT;
        if (backend.isUnix() || clientsPort || pool.outgoing().source().transparent()) {
            return List.of();
        }
        Backend current = backend(config.weight());
        if (ports.count() == 0) {
            int left = current.portsLeft(SourcePorts.KERNELS_CHOICE, range);
            return List.of(new PortsLeft(PortsLeft.KERNELS_CHOICE, left));
        }
        return IntStream.range(0, ports.count())
                .mapToObj(i -> new PortsLeft(ports.source(i).toString(), current.portsLeft(i, range)))
                .toList();
    }

    private String addressText() {
        if (backend.isUnix()) {
            return backend.unix().toString();
        }
        String host = address().isIpv4() ? address().toString() : "[" + address() + "]";
        return backend.port() == BackendConfig.CLIENTS_PORT ? host : host + ":" + backend.port();
    }

    /** True when a table made before is out of date; with a new table, those who wait for a place try again. */
    boolean onAgent(AgentReport report, long nowNs) {
        int before = maxOpen;
        report.maxConnections().ifPresent(agents -> {
            agentsLimit = orUnlimited(agents);
            limit();
        });
        boolean changed = state.onAgent(report, nowNs);
        return changed || maxOpen != before;
    }

    /** True when a table made before is out of date. */
    boolean onTime(long nowNs) {
        boolean changed = state.onTime(nowNs);
        Optional<CircuitBreaker.Change> next = breaker.flatMap(one -> one.onTime(nowNs));
        if (next.isPresent()) {
            CircuitBreaker.Change change = next.get();
            changed |= state.onBreaker(change.state(), change.reason(), change.evidence(), nowNs);
        }
        return changed;
    }

    /** When {@link #onTime} is due. */
    long deadlineNs() {
        return Math.min(
                state.deadlineNs(), breaker.map(CircuitBreaker::deadlineNs).orElse(MemberState.NEVER));
    }

    /** The least of what its agent and its own entry, or else the pool, allow. */
    private void limit() {
        Limits limits = pool.limits();
        int own = config.maxConnections() == Limits.UNLIMITED ? limits.connections() : config.maxConnections();
        maxOpen = Math.min(agentsLimit, orUnlimited(own));
        load().limit(maxOpen, orUnlimited(limits.pending()));
    }

    private static int orUnlimited(int limit) {
        return limit == Limits.UNLIMITED ? BackendLoad.UNLIMITED : limit;
    }
}
