package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a backend's host shall be prepared for.
 *
 * @param name tells apart what several network namespaces of one host pin
 * @param interfaceName where forwarders' packets arrive
 * @param vips each address once or several times, with other ports
 * @param mss that is offered to clients at most, in octets; 0 leaves routes alone, empty is what fits the tunnel
 */
public record BackendPlan(
        String name,
        String interfaceName,
        Encapsulation encapsulation,
        List<ServedVip> vips,
        Tunnel tunnel,
        OptionalInt mss) {
    /**
     * Of ipip and vxlan.
     *
     * @param vni of vxlan, 0 to 16777215
     * @param forwarders their addresses, of one family: that of the tunnel; empty when nobody said
     * @param sources that may send by ipip
     */
    public record Tunnel(int vni, List<IpAddress> forwarders, Sources sources) {
        public Tunnel {
            forwarders = List.copyOf(forwarders);
        }
    }

    public BackendPlan {
        vips = List.copyOf(vips);
    }

    /** Each once. */
    List<ServedVip> addresses() {
        return vips.stream()
                .map(vip -> new ServedVip(vip.address(), 0, false))
                .distinct()
                .toList();
    }
}
