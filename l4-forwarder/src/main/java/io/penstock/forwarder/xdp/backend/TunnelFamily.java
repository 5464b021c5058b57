package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import java.io.IOException;
import java.util.Optional;

/** What the outer headers of tunnels to this host are, and what they take of a packet. */
final class TunnelFamily {
    private static final int IPV4_OCTETS = 20;
    private static final int IPV6_OCTETS = 40;

    /** UDP, VXLAN and the inner frame. */
    private static final int VXLAN_OCTETS = 8 + 8 + 14;

    private TunnelFamily() {}

    /** As the forwarders' addresses have it; when nobody named one, IPv4 if the interface has it. */
    static boolean isIpv6(BackendPlan plan, Surroundings host) throws IOException {
        if (!plan.tunnel().forwarders().isEmpty()) {
            return !plan.tunnel().forwarders().get(0).isIpv4();
        }
        int index = host.required(plan.interfaceName()).index();
        return host.own(index, true, Optional.empty()).isEmpty();
    }

    /** In octets; 0 when there is no tunnel. */
    static int overhead(BackendPlan plan, Surroundings host) throws IOException {
        if (plan.encapsulation() == Encapsulation.L2) {
            return 0;
        }
        int outer = isIpv6(plan, host) ? IPV6_OCTETS : IPV4_OCTETS;
        return plan.encapsulation() == Encapsulation.VXLAN ? outer + VXLAN_OCTETS : outer;
    }
}
