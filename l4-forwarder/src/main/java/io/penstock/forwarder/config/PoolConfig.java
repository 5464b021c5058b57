package io.penstock.forwarder.config;

import io.penstock.config.Rate;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.health.AgentCheck;
import io.penstock.health.HealthPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Backends that are interchangeable, how one is chosen, and when one is left out.
 *
 * @param health empty when {@code health: none}: no active checks
 * @param agent asked at every backend
 * @param affinity empty when connections of one source may go to different backends
 * @param failBack empty when connections stay where they are, whoever comes back
 * @param outgoing how the backends are connected to
 * @param resolveInterval how often names among the backends are looked up again
 */
public record PoolConfig(
        String name,
        Balance balance,
        Optional<Affinity> affinity,
        Locality locality,
        Optional<HealthPlan> health,
        Optional<AgentCheck> agent,
        Optional<OutlierEjection> outlierEjection,
        Optional<CircuitBreaker> circuitBreaker,
        Return comeback,
        Limits limits,
        Optional<FailBack> failBack,
        OutgoingConfig outgoing,
        Duration resolveInterval,
        List<BackendConfig> backends) {
    public static final Duration DEFAULT_RESOLVE_INTERVAL = Duration.ofSeconds(10);

    /** With other backends. */
    public PoolConfig withBackends(List<BackendConfig> others) {
        return new PoolConfig(
                name,
                balance,
                affinity,
                locality,
                health,
                agent,
                outlierEjection,
                circuitBreaker,
                comeback,
                limits,
                failBack,
                outgoing,
                resolveInterval,
                others);
    }

    /**
     * Connections at backends that take no new ones because better ones are back are closed.
     *
     * @param rate at least one an hour
     * @param after so long nothing has changed about who takes connections
     */
    public record FailBack(Rate rate, Duration after) {
        /** Long enough for a second look at one that came back. */
        public static final Duration DEFAULT_AFTER = Duration.ofSeconds(10);

        public double ratePerSecond() {
            return (double) rate.count() / rate.per().toSeconds();
        }
    }

    /**
     * How one of the eligible backends is chosen.
     *
     * @param adaptive of the adaptive policy; all others ignore it
     */
    public record Balance(PolicySpec policy, HashInput hash, Adaptive adaptive) {
        public static final int MAX_TABLE_SIZE = 5_000_011;
        public static final Balance DEFAULT =
                new Balance(PolicySpec.maglev(PolicySpec.DEFAULT_TABLE_SIZE), HashInput.FLOW, Adaptive.DEFAULT);
    }

    /**
     * How weights are learnt.
     *
     * @param interval between two changes
     * @param stepPercent a weight changes by at most this share of itself at a time, 1 to 50
     * @param floorPercent no weight falls below this share of the configured one, 1 to 100
     */
    public record Adaptive(Duration interval, int stepPercent, int floorPercent) {
        public static final Adaptive DEFAULT = new Adaptive(Duration.ofSeconds(1), 10, 10);
    }

    /**
     * A source stays with its backend while it keeps coming.
     *
     * @param timeout since its last connection began
     * @param sources remembered at most; the one that came longest ago is forgotten first
     */
    public record Affinity(Duration timeout, int sources) {
        /** Longer than a visitor pauses; as the stick tables of HAProxy's manual. */
        public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

        public static final int DEFAULT_SOURCES = 65_536;
        public static final int MAX_SOURCES = 16_777_216;
    }

    /**
     * Which backends are preferred.
     *
     * @param overprovisioningPercent a level (the nearest zone of the best priority first) takes its healthy share times
     *     this, up to all; what is left goes to the next, 100 to 1000
     * @param panicPercent when fewer of all backends are healthy, health is ignored, 0 (never) to 100
     */
    public record Locality(int overprovisioningPercent, int panicPercent) {
        /** As Envoy: until 28 % of a level are down, nobody is sent elsewhere. */
        public static final int DEFAULT_OVERPROVISIONING_PERCENT = 140;

        /** Never: a client is better refused than sent to what does not answer, unless the operator says otherwise. */
        public static final int DEFAULT_PANIC_PERCENT = 0;

        public static final Locality DEFAULT = new Locality(DEFAULT_OVERPROVISIONING_PERCENT, DEFAULT_PANIC_PERCENT);
    }

    /**
     * What the traffic itself tells of a backend takes it out for a while.
     *
     * @param connectFailures in a row; 0 not to look
     * @param earlyResets before the first byte, in a row; 0 not to look
     * @param latencyScore standard scores of its mean response time above the pool's, times 10; 0 not to look
     * @param interval over which response times are compared
     * @param ejectionTime of the first ejection; the n-th within a row lasts n times as long
     * @param maxEjectionTime at most
     * @param maxEjectedPercent of the pool's backends at a time; one may always be ejected if there are two
     */
    public record OutlierEjection(
            int connectFailures,
            int earlyResets,
            int latencyScore,
            Duration interval,
            Duration ejectionTime,
            Duration maxEjectionTime,
            int maxEjectedPercent) {
        public static final OutlierEjection DEFAULT =
                new OutlierEjection(5, 5, 0, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 50);
    }

    /**
     * Opens when too many connections to a backend fail or are slow; then a few are let through on trial.
     *
     * @param window over which rates are taken
     * @param minConnections in a window for its rates to count
     * @param failurePercent of connections that fail or are reset before their first byte, from which it opens; 0 not to
     *     look
     * @param slowPercent of connects or of first bytes, whichever is worse, from which it opens; 0 not to look
     * @param slowFrom what is slow
     * @param openTime before the first trial
     * @param trials connections that must all succeed to close it again
     */
    public record CircuitBreaker(
            Duration window,
            int minConnections,
            int failurePercent,
            int slowPercent,
            Duration slowFrom,
            Duration openTime,
            int trials) {
        public static final CircuitBreaker DEFAULT =
                new CircuitBreaker(Duration.ofSeconds(10), 20, 50, 0, Duration.ofSeconds(1), Duration.ofSeconds(5), 3);
    }

    /**
     * How a backend comes back.
     *
     * @param slowStart over which its weight rises to the full one; empty for all at once
     * @param holdDown empty when every return is believed
     */
    public record Return(Optional<SlowStart> slowStart, Optional<HoldDown> holdDown) {
        public static final Return AT_ONCE = new Return(Optional.empty(), Optional.empty());
    }

    public record SlowStart(Duration time, Curve curve) {
        public enum Curve {
            LINEAR,
            /** Doubles at equal steps: longer near nothing, then fast. */
            EXPONENTIAL
        }
    }

    /**
     * A backend that keeps changing stays out.
     *
     * @param changes to down within {@code within} from which it is held
     * @param time for which it must have been up without a change before it comes back
     */
    public record HoldDown(int changes, Duration within, Duration time) {
        /** A restart is one, a deployment gone wrong two or three; five within five minutes are no accident. */
        public static final int DEFAULT_CHANGES = 5;

        public static final Duration DEFAULT_WITHIN = Duration.ofMinutes(5);
        public static final Duration DEFAULT_TIME = Duration.ofMinutes(1);
    }

    /**
     * Of each backend, and of the queue in front of the pool.
     *
     * @param connections open at one backend; 0 for no limit
     * @param pending still being connected at one backend; 0 for no limit
     * @param queue connections that wait, over all workers, when no backend has room; 0 to refuse them
     * @param queueTimeout for which one may wait
     */
    public record Limits(int connections, int pending, int queue, Duration queueTimeout) {
        public static final int UNLIMITED = 0;
        public static final Duration DEFAULT_QUEUE_TIMEOUT = Duration.ofSeconds(5);
        public static final Limits NONE = new Limits(UNLIMITED, UNLIMITED, 0, DEFAULT_QUEUE_TIMEOUT);
    }
}
