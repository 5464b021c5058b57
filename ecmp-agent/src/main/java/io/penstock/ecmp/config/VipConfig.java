package io.penstock.ecmp.config;

import io.penstock.net.IpAddress;
import java.time.Duration;

/**
 * An address that this host has while it can serve it.
 *
 * @param name in metrics and logs
 * @param interfaceName which has it; lo unless there is a reason
 * @param lease after which the kernel removes it unless the agent is there to refresh it; whole seconds, at least 2
 * @param announcement how long it stays, and is served, after it was first said to go, so that routers see that
 * @param drain how long established connections may go on after that
 */
public record VipConfig(
        String name,
        IpAddress address,
        String interfaceName,
        Duration lease,
        VipHealth health,
        Duration announcement,
        Duration drain,
        OnRemoval onRemoval) {
    public static final String DEFAULT_INTERFACE = "lo";

    /** Refreshed three times as often, so an agent may stall for two seconds before it loses the VIP. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(3);

    /** The kernel counts whole seconds. */
    public static final Duration MIN_LEASE = Duration.ofSeconds(2);

    public static final Duration DEFAULT_ANNOUNCEMENT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(5);

    public VipConfig {
        if (lease.compareTo(MIN_LEASE) < 0 || lease.toNanosPart() != 0) {
            throw new IllegalArgumentException("a lease is of whole seconds, at least 2 (was " + lease + ")");
        }
    }

    /** What is done when someone else has removed the address. */
    public enum OnRemoval {
        RESTORE,
        /** It stays away, and the VIP is faulty, until the configuration is read again or the VIP is resumed. */
        FAULT
    }
}
