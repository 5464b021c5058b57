package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.PoolConfig.Limits;
import java.util.List;

/** Reads {@code limits} of a pool. */
final class LimitsReader {
    /** More than one host can have open to one backend. */
    static final int MAX_CONNECTIONS = 10_000_000;

    /** What waits holds a descriptor each. */
    private static final int MAX_QUEUE = 1_000_000;

    private LimitsReader() {}

    /** @param udpOnly whether datagrams alone go to the pool, which neither connect nor wait */
    static Limits read(ConfigSection limits, boolean udpOnly) {
        int connections = limits.integer("connections", Limits.UNLIMITED, 1, MAX_CONNECTIONS);
        int pending = limits.integer("pending", Limits.UNLIMITED, 1, MAX_CONNECTIONS);
        int queue = limits.integer("queue", Limits.NONE.queue(), 1, MAX_QUEUE);
        if (!limits.has("queue")) {
            KeyRules.onlyFor("limits with a queue", limits, "queue-timeout");
        }
        Limits read = new Limits(
                connections, pending, queue, duration(limits, "queue-timeout", Limits.DEFAULT_QUEUE_TIMEOUT));
        if (udpOnly) {
            KeyRules.onlyFor("pools of TCP services", limits, "pending", "queue", "queue-timeout");
        }
        return read;
    }

    /** A queue fills when backends are full or on trial; without a limit or a circuit breaker they never are. */
    static void checkQueue(ConfigSection pool, Limits limits, List<BackendConfig> backends) {
        boolean bounded = limits.connections() > 0
                || limits.pending() > 0
                || pool.has("agent")
                || pool.has("circuit-breaker")
                || backends.stream().anyMatch(backend -> backend.maxConnections() > 0);
        if (limits.queue() > 0 && !bounded && pool.isSound("limits", "backends")) {
            pool.problem("limits", "a queue needs a limit: connections, pending, or max-connections of a backend");
        }
    }
}
