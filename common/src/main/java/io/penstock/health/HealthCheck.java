package io.penstock.health;

import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * One check of a target: what is asked, how often, and how many answers in a row decide.
 *
 * @param name told with each transition; unique in its plan
 * @param port checked instead of the target's own; 0 for the target's own
 * @param rise successes in a row that bring it up, at least 1
 * @param fall failures in a row that take it down, at least 1
 * @param weight what it counts in {@link Combination.Score}
 */
public record HealthCheck(
        String name, Probe probe, int port, Schedule schedule, Origin origin, int rise, int fall, int weight) {
    public static final int TARGETS_PORT = 0;

    public HealthCheck {
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall must be at least 1");
        }
    }

    HealthCheck beginning(Schedule.Initial initial) {
        return new HealthCheck(name, probe, port, schedule.beginning(initial), origin, rise, fall, weight);
    }

    /**
     * How probes connect.
     *
     * @param source the local address; empty for the one the kernel chooses
     * @param proxyHeader sent first on each stream, as a proxy that speaks for itself
     */
    public record Origin(Optional<IpAddress> source, ProxyHeader proxyHeader) {
        public static final Origin PLAIN = new Origin(Optional.empty(), ProxyHeader.NONE);
    }

    /** The PROXY protocol (HAProxy, proxy-protocol.txt): a connection of the sender's own, {@code LOCAL} in version 2. */
    public enum ProxyHeader {
        NONE,
        V1,
        V2
    }
}
