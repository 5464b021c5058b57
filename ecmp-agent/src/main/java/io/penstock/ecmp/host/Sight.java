package io.penstock.ecmp.host;

import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel shows of one VIP.
 *
 * @param link where it belongs; empty where there is none of that name
 * @param ours the address where it belongs, with the agent's mark
 * @param misplaced with the agent's mark, but on another interface or in a larger network
 * @param foreign why it is someone else's; empty when it is not
 */
record Sight(
        Optional<Link> link,
        Optional<InterfaceAddress> ours,
        List<InterfaceAddress> misplaced,
        Optional<String> foreign) {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    static int bits(IpAddress address) {
        return address.isIpv4() ? IPV4_BITS : IPV6_BITS;
    }

    /** The kernel's state, for looking at many VIPs. */
    static final class Index {
        private final int protocol;
        private final Map<String, Link> byName = new HashMap<>();
        private final Map<Integer, Link> byIndex = new HashMap<>();
        private final Map<IpAddress, List<InterfaceAddress>> byAddress = new HashMap<>();

        /** @param protocol the agent's mark */
        Index(KernelState state, int protocol) {
            this.protocol = protocol;
            for (Link link : state.links()) {
                byName.put(link.name(), link);
                byIndex.put(link.index(), link);
            }
            for (InterfaceAddress address : state.addresses()) {
                byAddress
                        .computeIfAbsent(address.address(), any -> new ArrayList<>(1))
                        .add(address);
            }
        }

        Sight of(VipConfig vip) {
            Optional<Link> link = Optional.ofNullable(byName.get(vip.interfaceName()));
            Optional<InterfaceAddress> ours = Optional.empty();
            Optional<String> foreign = Optional.empty();
            List<InterfaceAddress> misplaced = new ArrayList<>();
            for (InterfaceAddress seen : byAddress.getOrDefault(vip.address(), List.of())) {
                if (seen.protocol() != protocol) {
                    foreign = Optional.of(
                            "is someone else's: on " + nameOf(seen.linkIndex()) + ", protocol " + seen.protocol());
                } else if (seen.prefixBits() == bits(vip.address())
                        && link.isPresent()
                        && link.get().index() == seen.linkIndex()) {
                    ours = Optional.of(seen);
                } else {
                    misplaced.add(seen);
                }
            }
            return new Sight(link, ours, misplaced, foreign);
        }

        private String nameOf(int linkIndex) {
            Link link = byIndex.get(linkIndex);
            return link == null ? "interface " + linkIndex : link.name();
        }
    }

    /** How long the kernel keeps it yet, wherever it is; 0 when it has none. */
    long validSeconds() {
        return ours.or(() -> misplaced.stream().findFirst())
                .map(InterfaceAddress::validSeconds)
                .orElse(0L);
    }

    /** What keeps the VIP away, whoever serves it. */
    Optional<String> obstacle(VipConfig vip) {
        if (foreign.isPresent()) {
            return foreign;
        }
        if (link.isEmpty()) {
            return Optional.of("there is no interface " + vip.interfaceName());
        }
        return link.get().up() ? Optional.empty() : Optional.of("interface " + vip.interfaceName() + " is down");
    }
}
