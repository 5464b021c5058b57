package io.penstock.forwarder.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Backends that are interchangeable, and how one is chosen.
 *
 * @param health empty when {@code health: none}: backends are then always eligible
 * @param resolveInterval how often names among the backends are looked up again
 */
public record PoolConfig(
        String name, Balance balance, Optional<Health> health, Duration resolveInterval, List<BackendConfig> backends) {
    public static final Duration DEFAULT_RESOLVE_INTERVAL = Duration.ofSeconds(10);

    /** What of a connection decides its backend. */
    public enum HashInput {
        /** Both addresses, both ports, the protocol: connections of one client spread. */
        FLOW,
        /** The client's address: all its connections reach one backend. */
        SOURCE
    }

    /**
     * Maglev.
     *
     * @param tableSize a prime, at least the number of backends; 100 times as many keep shares within 1 %
     */
    public record Balance(HashInput hash, int tableSize) {
        public static final int DEFAULT_TABLE_SIZE = 65_537;
        public static final int MAX_TABLE_SIZE = 5_000_011;
    }

    /**
     * An active TCP connect check.
     *
     * @param interval between the starts of two checks, spread by jitter
     * @param rise successes in a row that bring a backend up
     * @param fall failures in a row that take it down
     * @param port checked instead of the backend's own; 0 for the backend's own
     */
    public record Health(Duration interval, Duration timeout, int rise, int fall, int port) {
        public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
        public static final int DEFAULT_RISE = 2;
        public static final int DEFAULT_FALL = 3;
    }
}
