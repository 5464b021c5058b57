package io.penstock.forwarder.config;

import java.time.Duration;
import java.util.List;

/**
 * What clients connect to.
 *
 * @param listen at least one; no two services share an address and port
 * @param pool the name of a pool in the same file
 * @param connectAttempts backends tried for one connection before the client is reset, 1 to 8
 */
public record ServiceConfig(
        String name, List<ListenConfig> listen, String pool, Timeouts timeouts, int connectAttempts) {
    public static final int DEFAULT_CONNECT_ATTEMPTS = 3;
    public static final int MAX_CONNECT_ATTEMPTS = 8;

    /**
     * How long the phases of a connection may take; each at least 1 ms.
     *
     * @param connect per attempt, from SYN to established
     * @param idle without a byte in either direction while both are open
     * @param fin without a byte once one direction has ended, and for what is left to flush before a reset
     */
    public record Timeouts(Duration connect, Duration idle, Duration fin) {
        public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(2);
        public static final Duration DEFAULT_IDLE = Duration.ofHours(1);
        public static final Duration DEFAULT_FIN = Duration.ofSeconds(30);
    }
}
