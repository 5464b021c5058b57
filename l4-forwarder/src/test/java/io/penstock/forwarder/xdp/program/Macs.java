package io.penstock.forwarder.xdp.program;

import java.util.HexFormat;

/** The hosts of the fixtures by their Ethernet addresses. */
final class Macs {
    /** Whoever sends to the forwarder. */
    static final String ROUTER = "02:00:00:00:00:07";

    /** The forwarder, as the router knows it. */
    static final String ROUTED = "02:00:00:00:00:01";

    /** What a real's frames come from. */
    static final String FORWARDER = "02:00:00:00:00:02";

    /** What a real's frames go to. */
    static final String NEXT_HOP = "02:00:00:00:00:05";

    /** The inner destination of VXLAN. */
    static final String INNER = "02:70:65:6e:73:74";

    /** The inner source of VXLAN. */
    static final String INNER_SOURCE = "02:70:65:6e:73:73";

    private Macs() {}

    static byte[] octets(String mac) {
        return HexFormat.ofDelimiter(":").parseHex(mac);
    }
}
