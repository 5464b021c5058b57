package io.penstock.forwarder.control;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.CircuitBreaker;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.net.FlowHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool as the controller has it, without a controller, at a time that only the test moves. */
final class Members {
    static final long SECOND = 1_000_000_000;

    private final EventLog events = new EventLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    final SeenTransitions transitions = new SeenTransitions(events);

    /** Those whose failures in a row were told, as a worker would. */
    final List<Member> alarmed = new ArrayList<>();

    final Pool pool;
    long nowNs;

    private Members(PoolConfig config, Optional<Place> own, List<Optional<Place>> clients) {
        pool = new Pool(
                config,
                new PoolSetting(new FlowHash(1, 2), own, clients),
                new PoolMembers(config, Map.of(), new TransitionLog(events), 0),
                (self, member) -> alarmed.add(member),
                0);
    }

    static Members of(PoolConfig config) {
        return new Members(config, Optional.empty(), List.of(Optional.empty()));
    }

    static Members of(PoolConfig config, Optional<Place> own, List<Optional<Place>> clients) {
        return new Members(config, own, clients);
    }

    /** A pool without anything but what is given. */
    static PoolConfig config(
            Locality locality,
            Optional<OutlierEjection> outliers,
            Optional<CircuitBreaker> breaker,
            Return comeback,
            Limits limits,
            List<BackendConfig> backends) {
        PoolConfig plain = PoolConfigs.maglev(
                "pool", 1009, Optional.empty(), Duration.ofSeconds(10), backends.toArray(new BackendConfig[0]));
        return new PoolConfig(
                plain.name(),
                plain.balance(),
                plain.affinity(),
                locality,
                plain.health(),
                plain.agent(),
                outliers,
                breaker,
                comeback,
                limits,
                plain.failBack(),
                plain.outgoing(),
                plain.resolveInterval(),
                backends);
    }

    /** Backends {@code b0} and so on, of weight 1. */
    static List<BackendConfig> backends(int count) {
        List<BackendConfig> backends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            backends.add(new BackendConfig("b" + i, "10.0.0." + (i + 1), 80, 1));
        }
        return backends;
    }

    Member member(int index) {
        return List.copyOf(pool.members()).get(index);
    }

    MemberState.Status status(int index) {
        return member(index).state().status();
    }

    /** Goes on to this time, doing what is due when it is. */
    boolean advanceTo(long toNs) {
        boolean changed = false;
        while (pool.deadlineNs() <= toNs) {
            nowNs = Math.max(nowNs, pool.deadlineNs());
            changed |= pool.onTime(nowNs);
        }
        nowNs = toNs;
        return changed;
    }

    /** So many connections to a member, each with a first byte after this time. */
    void connect(int index, int times, long responseNs) {
        for (int i = 0; i < times; i++) {
            if (member(index).load().tryAcquire()) {
                member(index).load().onConnected(0, nowNs);
                member(index).load().onFirstByte(responseNs, nowNs);
                member(index).load().release();
            }
        }
    }

    /** So many failed connects, and what the controller does when it is told. */
    void fail(int index, int times) {
        for (int i = 0; i < times; i++) {
            if (member(index).load().tryAcquire()) {
                member(index).load().onConnectFailed();
            }
        }
        handleAlarms();
    }

    void handleAlarms() {
        List<Member> told = List.copyOf(alarmed);
        alarmed.clear();
        told.forEach(member -> pool.onAlarm(member, nowNs));
    }
}
