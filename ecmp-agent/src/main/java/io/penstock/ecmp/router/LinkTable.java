package io.penstock.ecmp.router;

import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The links of one observation, and which of them leads to a leg. */
final class LinkTable {
    private static final int IPV4_MAPPED_BITS = 96;

    private final Map<String, Link> byName = new HashMap<>();
    private final Map<Integer, Link> byIndex = new HashMap<>();
    private final List<InterfaceAddress> networks = new ArrayList<>();
    private final Map<IpAddress, Optional<Link>> byGateway = new HashMap<>();

    LinkTable(KernelState observed) {
        for (Link link : observed.links()) {
            byName.put(link.name(), link);
            byIndex.put(link.index(), link);
        }
        for (InterfaceAddress address : observed.addresses()) {
            Link link = byIndex.get(address.linkIndex());
            if (link != null && !link.loopback()) {
                networks.add(address);
            }
        }
    }

    /** The configured interface, or else that whose network the gateway is in; of several the most specific. */
    Optional<Link> leadingTo(LegConfig leg) {
        return leg.interfaceName().isPresent()
                ? Optional.ofNullable(byName.get(leg.interfaceName().get()))
                : byGateway.computeIfAbsent(leg.via(), this::connectedTo);
    }

    private Optional<Link> connectedTo(IpAddress gateway) {
        InterfaceAddress best = null;
        for (InterfaceAddress network : networks) {
            if (contains(network, gateway) && (best == null || network.prefixBits() > best.prefixBits())) {
                best = network;
            }
        }
        return Optional.ofNullable(best).map(network -> byIndex.get(network.linkIndex()));
    }

    private static boolean contains(InterfaceAddress network, IpAddress gateway) {
        IpAddress address = network.address();
        int bits = network.prefixBits() + (address.isIpv4() ? IPV4_MAPPED_BITS : 0);
        return address.isIpv4() == gateway.isIpv4() && commonBits(address, gateway) >= bits;
    }

    private static int commonBits(IpAddress one, IpAddress other) {
        return one.high() == other.high()
                ? Long.SIZE + Long.numberOfLeadingZeros(one.low() ^ other.low())
                : Long.numberOfLeadingZeros(one.high() ^ other.high());
    }
}
