package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Ethernet frames, header by header from the inside out. */
public final class Frames {
    public static final int IPIP = 4;
    public static final int IPV6 = 41;
    public static final int TCP = 6;

    private static final int ETHER_IPV4 = 0x0800;
    private static final int ETHER_IPV6 = 0x86dd;
    private static final byte[] MACS = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 7};

    private Frames() {}

    public static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    /** IPv4 or IPv6 by its first half octet. */
    public static byte[] ethernet(byte[] packet) {
        return ethernet(packet.length > 0 && (packet[0] & 0xf0) == 0x60 ? ETHER_IPV6 : ETHER_IPV4, packet);
    }

    public static byte[] ethernet(int type, byte[] content) {
        return ByteBuffer.allocate(14 + content.length)
                .put(MACS)
                .putShort((short) type)
                .put(content)
                .array();
    }

    /** In a header of the family of its addresses. */
    public static byte[] ip(String source, String destination, int protocol, byte[] content) {
        IpAddress from = address(source);
        IpAddress to = address(destination);
        return from.isIpv4() ? ipv4(from, to, protocol, content) : ipv6(from, to, protocol, content);
    }

    private static byte[] ipv4(IpAddress from, IpAddress to, int protocol, byte[] content) {
        ByteBuffer header = ByteBuffer.allocate(20 + content.length);
        header.put((byte) 0x45).put((byte) 0).putShort((short) (20 + content.length));
        header.putShort((short) 7).putShort((short) 0x4000);
        header.put((byte) 64).put((byte) protocol).putShort((short) 0);
        header.putInt(from.ipv4()).putInt(to.ipv4());
        header.putShort(10, checksum(header.array()));
        return header.put(content).array();
    }

    private static short checksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += (header[i] & 0xff) << 8 | (header[i + 1] & 0xff);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    private static byte[] ipv6(IpAddress from, IpAddress to, int protocol, byte[] content) {
        return ByteBuffer.allocate(40 + content.length)
                .putInt(0x60000000)
                .putShort((short) content.length)
                .put((byte) protocol)
                .put((byte) 64)
                .putLong(from.high())
                .putLong(from.low())
                .putLong(to.high())
                .putLong(to.low())
                .put(content)
                .array();
    }

    /** The same with another octet somewhere. */
    public static byte[] with(byte[] frame, int at, int octet) {
        byte[] changed = frame.clone();
        changed[at] = (byte) octet;
        return changed;
    }

    public static byte[] first(byte[] frame, int octets) {
        return Arrays.copyOf(frame, octets);
    }
}
