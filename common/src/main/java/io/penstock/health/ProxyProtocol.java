package io.penstock.health;

import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.net.IpAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The header of a proxy that speaks for itself (HAProxy, proxy-protocol.txt, sections 2.1 and 2.2). */
final class ProxyProtocol {
    private static final byte[] NONE = {};

    /** The signature; version 2, command LOCAL; family UNSPEC; no addresses follow. */
    private static final byte[] V2_LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20" + "00" + "0000");

    private ProxyProtocol() {}

    /**
     * What goes first on a connection that nobody else is behind. Version 1 has no word for that, so it names the two ends
     * of the connection itself.
     */
    static byte[] ownConnection(ProxyHeader version, InetSocketAddress source, InetSocketAddress target) {
        return switch (version) {
            case NONE -> NONE;
            case V1 -> v1(source, target).getBytes(StandardCharsets.US_ASCII);
            case V2 -> V2_LOCAL;
        };
    }

    private static String v1(InetSocketAddress source, InetSocketAddress target) {
        IpAddress from = IpAddress.of(source.getAddress());
        IpAddress to = IpAddress.of(target.getAddress());
        return "PROXY " + (to.isIpv4() ? "TCP4 " : "TCP6 ") + from + " " + to + " " + source.getPort() + " "
                + target.getPort() + "\r\n";
    }
}
