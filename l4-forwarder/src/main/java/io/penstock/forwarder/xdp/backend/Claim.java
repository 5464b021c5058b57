package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Objects;

/**
 * That a call has prepared this host for a VIP. What it needs stays until the call is undone.
 *
 * @param plan its name
 * @param vni 0 where there is no vxlan
 */
record Claim(String plan, IpAddress vip, Encapsulation encapsulation, String interfaceName, int vni, Sources sources) {
    Claim {
        // Read from a file, each may be absent.
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(vip, "vip");
        Objects.requireNonNull(encapsulation, "encapsulation");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(sources, "sources");
    }

    /** One for each of its addresses. */
    static List<Claim> of(BackendPlan plan) {
        int vni = plan.encapsulation() == Encapsulation.VXLAN ? plan.tunnel().vni() : 0;
        return plan.addresses().stream()
                .map(vip -> new Claim(
                        plan.name(),
                        vip.address(),
                        plan.encapsulation(),
                        plan.interfaceName(),
                        vni,
                        plan.tunnel().sources()))
                .toList();
    }

    /** Whether they differ in their sources at most: the later one counts. */
    boolean isOfTheSame(Claim other) {
        return with(other.sources).equals(other);
    }

    Claim with(Sources other) {
        return new Claim(plan, vip, encapsulation, interfaceName, vni, other);
    }

    /** Where its packets come out of the tunnel, or arrive when there is none or a program takes it off. */
    String arrival() {
        return encapsulation == Encapsulation.VXLAN ? VxlanDevice.name(vni) : interfaceName;
    }
}
