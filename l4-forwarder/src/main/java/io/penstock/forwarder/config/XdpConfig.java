package io.penstock.forwarder.config;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The data plane of packets: where it is attached, and how much it remembers.
 *
 * @param name of its maps and files on this host: {@code [a-z0-9-]}, 1 to {@value #MAX_NAME_CHARS}
 * @param interfaces that clients' packets come in at, at least one
 * @param tunnelSources of the outer headers, at most one of each family; the interface's own address for the other
 * @param tunnelSourceBits so many last bits of the IPv4 outer source tell flows apart, for receivers that spread packets
 *     over their cores by addresses
 * @param changeWindow for which flows that are not known go by the table before the change
 * @param flowEntries remembered at most, of all services
 * @param newFlows remembered in a second, of each core; empty for no bound
 * @param lease how long after the last sign of life of this process nobody relies on its health checks any more
 */
public record XdpConfig(
        String name,
        List<Interface> interfaces,
        List<IpAddress> tunnelSources,
        int tunnelSourceBits,
        Duration changeWindow,
        int flowEntries,
        OptionalInt newFlows,
        Duration lease,
        HealthPath healthPath) {
    public static final String DEFAULT_NAME = "default";
    public static final int MAX_NAME_CHARS = 32;
    public static final int MAX_INTERFACES = 16;
    public static final int MAX_TUNNEL_SOURCE_BITS = 16;

    /** Retransmissions of a flow that another forwarder had come within this time, or the client is gone. */
    public static final Duration DEFAULT_CHANGE_WINDOW = Duration.ofSeconds(30);

    public static final Duration MIN_CHANGE_WINDOW = Duration.ofSeconds(1);
    public static final Duration MAX_CHANGE_WINDOW = Duration.ofHours(1);

    /** About 32 MB. */
    public static final int DEFAULT_FLOW_ENTRIES = 262_144;

    public static final int MIN_FLOW_ENTRIES = 1024;

    /** About 2 GB. */
    public static final int MAX_FLOW_ENTRIES = 16_777_216;

    /** More than a server's clients do, and little enough that a flood costs a core less than a tenth of its time. */
    public static final int DEFAULT_NEW_FLOWS = 100_000;

    public static final int MAX_NEW_FLOWS = 100_000_000;
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(3);
    public static final Duration MIN_LEASE = Duration.ofSeconds(1);
    public static final Duration MAX_LEASE = Duration.ofMinutes(1);

    /** Where a program is attached. */
    public record Interface(String name, Attach attach) {}

    /** How it is attached. */
    public enum Attach {
        /** In the driver, or else as {@link #GENERIC}. */
        AUTO,
        /** In the driver, or not at all. */
        NATIVE,
        /** After the kernel has made a socket buffer of the packet, which costs most of the gain. */
        GENERIC
    }

    /** Which way health checks go. */
    public enum HealthPath {
        /** To the service's address, in the same encapsulation as clients' packets. */
        VIP,
        /** To the backend's own address. */
        DIRECT
    }

    /** Of this family. */
    public Optional<IpAddress> tunnelSource(boolean ipv4) {
        return tunnelSources.stream().filter(source -> source.isIpv4() == ipv4).findFirst();
    }
}
