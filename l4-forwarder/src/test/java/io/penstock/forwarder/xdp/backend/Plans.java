package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.backend.BackendPlan.Tunnel;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.Link;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What calls say, for tests. */
final class Plans {
    static final int VNI = 100;

    /** lo is number 1, eth0 number 2. */
    static final List<Link> LINKS = List.of(link(1, "lo"), link(2, "eth0"));

    private Plans() {}

    private static Link link(int index, String name) {
        return new Link(index, name, true, true, name.equals("lo"), 1500, Optional.empty(), Optional.empty());
    }

    /** One VIP. */
    static BackendPlan of(String vip, Encapsulation encapsulation, String interfaceName, Sources sources) {
        return new BackendPlan(
                "test",
                interfaceName,
                encapsulation,
                List.of(ServedVip.parse(vip).orElseThrow()),
                new Tunnel(VNI, List.of(), sources),
                OptionalInt.empty());
    }

    static BackendPlan of(String vip, Encapsulation encapsulation, String interfaceName) {
        return of(vip, encapsulation, interfaceName, Sources.UNSAID);
    }

    static Sources sources(String... nets) {
        return Sources.of(Arrays.stream(nets)
                .map(net -> IpPrefix.parse(net).orElseThrow())
                .toList());
    }
}
