package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import java.util.List;

/** How the lab's forwarders send packets to backends; each way has its VIPs, pools and services. */
enum Way {
    L2("l2", 10),
    IPIP("ipip", 20),
    VXLAN("vxlan", 30),
    IPIP_OVER_IPV6("ipip6", 40);

    private final String label;
    private final int number;

    Way(String label, int number) {
        this.label = label;
        this.number = number;
    }

    /** Of its pool, and what its services' names begin with. */
    String label() {
        return label;
    }

    IpAddress vip4() {
        return IpAddress.parse("192.0.2." + number).orElseThrow();
    }

    IpAddress vip6() {
        return IpAddress.parse("2001:db8:10::" + number).orElseThrow();
    }

    /** One of each family. */
    List<IpAddress> vips() {
        return List.of(vip4(), vip6());
    }

    /** For people: the way, and the family of what clients send. */
    String title(IpAddress vip) {
        return label + (vip.isIpv4() ? " IPv4" : " IPv6");
    }
}
