package io.penstock.vrrp.it;

import io.penstock.net.IpAddress;
import java.util.List;

/** A host's place on the network: its port of the switch, named as the host is, and its addresses. B's are higher than A's. */
enum Port {
    A(1),
    B(2),
    CLIENT(9);

    private final int number;

    Port(int number) {
        this.number = number;
    }

    /** Of the switch's interface. */
    String device() {
        return "p" + number;
    }

    String mac() {
        return "02:00:00:00:00:0" + number;
    }

    String ipv4() {
        return "192.0.2." + number;
    }

    String ipv6() {
        return "2001:db8::" + number;
    }

    /** As the kernel makes it of the MAC address. */
    String linkLocal() {
        return "fe80::ff:fe00:" + number;
    }

    String source(Family family) {
        return family == Family.IPV4 ? ipv4() : linkLocal();
    }

    Port other() {
        return switch (this) {
            case A -> B;
            case B -> A;
            case CLIENT -> throw new IllegalStateException("no pair");
        };
    }

    /** Of VIPs. */
    enum Family {
        IPV4("192.0.2.10/24"),
        /** A link-local address has to be first (RFC 9568 section 5.2.9). */
        IPV6("fe80::53/64 2001:db8::10/64");

        private final String vips;

        Family(String vips) {
            this.vips = vips;
        }

        /** With their prefixes. */
        List<String> vips() {
            return List.of(vips.split(" ", -1));
        }

        /** The one that is asked for. */
        String vip() {
            return vips.substring(vips.lastIndexOf(' ') + 1);
        }

        IpAddress address() {
            return IpAddress.parse(vip().substring(0, vip().indexOf('/'))).orElseThrow();
        }
    }
}
