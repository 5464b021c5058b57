package io.penstock.forwarder.xdp.program;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;

/** Packets in packets, as they leave for a backend. */
final class Tunnels {
    private static final int VXLAN_PORT = 4789;
    private static final int LABEL_MASK = 0xfffff;

    private Tunnels() {}

    /** In IPv4: RFC 2003 and 4213. */
    static Packet ipip4(Packet inner, int protocol) {
        return leaving(Packet.ip(Plane.TUNNEL_SOURCE4, World.REAL4, protocol, inner.withoutFrame()));
    }

    /** In IPv6: RFC 2473. */
    static Packet ipip6(Packet inner, int protocol, Plane.Flow flow) {
        return leaving(Packet.ip(Plane.TUNNEL_SOURCE6, World.REAL6, protocol, inner.withoutFrame())
                .flowLabel(entropy(flow) & LABEL_MASK));
    }

    /** In UDP in IPv4: RFC 7348. */
    static Packet vxlan4(Packet inner, int vni, Plane.Flow flow) {
        return leaving(Packet.ip(Plane.TUNNEL_SOURCE4, World.REAL4, Packet.UDP, vxlan(inner, vni, flow)));
    }

    /** In UDP in IPv6, without a checksum: RFC 7348 and 6935. */
    static Packet vxlan6(Packet inner, int vni, Plane.Flow flow) {
        return leaving(Packet.ip(Plane.TUNNEL_SOURCE6, World.REAL6, Packet.UDP, vxlan(inner, vni, flow))
                .flowLabel(entropy(flow) & LABEL_MASK));
    }

    private static byte[] vxlan(Packet inner, int vni, Plane.Flow flow) {
        byte[] frame = inner.frame(Macs.INNER, Macs.FORWARDER).octets();
        return ByteBuffer.allocate(8 + 8 + frame.length)
                .putShort((short) (0xc000 | (entropy(flow) & 0x3fff)))
                .putShort((short) VXLAN_PORT)
                .putShort((short) (8 + 8 + frame.length))
                .putShort((short) 0)
                .putInt(0x08000000)
                .putInt(vni << 8)
                .put(frame)
                .array();
    }

    private static Packet leaving(Packet outer) {
        return outer.frame(Macs.NEXT_HOP, Macs.FORWARDER);
    }

    /** What spreads tunnels over queues: a hash that need not be strong, of words as a little-endian host loads them. */
    static int entropy(Plane.Flow flow) {
        IpAddress source = IpAddress.parse(flow.source()).orElseThrow();
        int mixed = Integer.reverseBytes((int) source.low())
                ^ Integer.reverseBytes((int) source.high())
                ^ ((Short.reverseBytes((short) flow.sourcePort()) << 16)
                        | (Short.reverseBytes((short) flow.port()) & 0xffff));
        mixed *= 0x9e3779b1;
        return mixed ^ (mixed >>> 16);
    }
}
