package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the data plane of packets is told by the configuration.
 *
 * @param name of this plane, as its directory of pinned maps has it
 * @param tunnelSource4 the outer source of tunnels over IPv4; empty for the address of the interface that they leave by
 * @param tunnelSource6 the same over IPv6
 * @param entropyBits so many of the last bits of the IPv4 outer source tell flows apart, 0 to 16
 * @param windowNs how long the ring before a change is consulted
 * @param flowEntries of the table of flows; counts when it is made
 * @param newFlows so many a second are remembered by each core; 0 for no bound
 * @param leaseNs how long after the last sign of life of this process its lease is over
 */
public record XdpSettings(
        String name,
        List<Interface> interfaces,
        Optional<IpAddress> tunnelSource4,
        Optional<IpAddress> tunnelSource6,
        int entropyBits,
        long windowNs,
        int flowEntries,
        int newFlows,
        long leaseNs) {
    /** How the program is attached. */
    public enum Attach {
        /** By the driver where it can, or else {@link #GENERIC}, and loudly. */
        AUTO,
        /** By the driver, or not at all. */
        NATIVE,
        /** Behind the driver, where packets are the kernel's already: works everywhere, and is slow. */
        GENERIC;

        /** Whether a program that runs may go on: {@code native} or {@code generic}. */
        boolean allows(String mode) {
            return this == AUTO || mode.equals(name().toLowerCase(Locale.ROOT));
        }
    }

    public record Interface(String name, Attach attach) {}

    public XdpSettings {
        interfaces = List.copyOf(interfaces);
    }

    /** All else as it is. */
    XdpSettings named(String other) {
        return new XdpSettings(
                other, interfaces, tunnelSource4, tunnelSource6, entropyBits, windowNs, flowEntries, newFlows, leaseNs);
    }
}
