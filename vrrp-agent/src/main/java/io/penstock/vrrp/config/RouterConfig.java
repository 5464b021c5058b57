package io.penstock.vrrp.config;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A virtual router: VIPs of one family that one of several hosts has.
 *
 * @param name in metrics and logs
 * @param interfaceName on which it speaks VRRP
 * @param vrid 1 to 255
 * @param priority configured: 1 to 254, or 255 for the owner of the addresses
 * @param interval of its advertisements: hundredths of a second, in version 2 seconds
 * @param preempt whether it takes over from one of lower priority
 * @param preemptDelay how long it leaves that one alone after a start or a fault
 * @param accept whether packets to the VIPs are accepted by this host while it is active; otherwise only ARP and neighbor
 *     discovery are answered
 * @param checksum that it sends; both are accepted
 * @param source of its advertisements; empty for the interface's first address
 * @param unicast whom it speaks with, when not with the whole network
 * @param virtualMac whether the VIPs are at the virtual MAC address of RFC 9568, on an interface of their own
 * @param password of version 2's simple text authentication
 * @param vips all of one family
 * @param lease after which the kernel removes them unless the agent is there to refresh them; whole seconds, at least 2
 * @param announce how the network is told
 * @param onRemoval what is done when someone else has removed a VIP
 * @param stepDownWhenLate whether it stops being active when no advertisement went in time
 */
public record RouterConfig(
        String name,
        String interfaceName,
        int vrid,
        Version version,
        int priority,
        Duration interval,
        boolean preempt,
        Duration preemptDelay,
        boolean accept,
        ChecksumForm checksum,
        Optional<IpAddress> source,
        Optional<UnicastConfig> unicast,
        Optional<VirtualMacConfig> virtualMac,
        Optional<String> password,
        List<VipConfig> vips,
        Duration lease,
        AnnounceConfig announce,
        OnRemoval onRemoval,
        boolean stepDownWhenLate,
        List<TrackConfig> tracks) {
    public static final int DEFAULT_PRIORITY = 100;
    public static final int OWNER_PRIORITY = 255;
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    public static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    /** Twelve bits of hundredths of a second. */
    public static final Duration MAX_INTERVAL = Duration.ofMillis(40_950);

    /** Refreshed three times as often, so an agent may stall for two seconds before it loses the VIPs. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(3);

    /** The kernel counts whole seconds. */
    public static final Duration MIN_LEASE = Duration.ofSeconds(2);

    /** An advertisement of as many fits any link of IPv6 (RFC 8200 section 5), and is what others take. */
    public static final int MAX_ADVERTISED = 20;

    /** All of them are refreshed several times in a lease, and announced when they move. */
    public static final int MAX_VIPS = 256;

    public RouterConfig {
        vips = List.copyOf(vips);
        tracks = List.copyOf(tracks);
    }

    public boolean isIpv4() {
        return vips.get(0).address().isIpv4();
    }

    /** The same, of which nothing depends on what it follows. */
    public RouterConfig withoutTracks() {
        return new RouterConfig(
                name,
                interfaceName,
                vrid,
                version,
                priority,
                interval,
                preempt,
                preemptDelay,
                accept,
                checksum,
                source,
                unicast,
                virtualMac,
                password,
                vips,
                lease,
                announce,
                onRemoval,
                stepDownWhenLate,
                List.of());
    }

    /** What is done when someone else has removed a VIP. */
    public enum OnRemoval {
        RESTORE,
        /** The router is in a fault, and another takes over, until the configuration is read again or the router is resumed. */
        FAULT
    }
}
