package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.InternetChecksum;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The headers that frames are made of; of IP always with the class of network control and the highest hop limit.
 *
 * <pre>
 * Ethernet             IPv4 (RFC 791)                     IPv6 (RFC 8200)
 *     destination  0       version, header words   0          version, class, label  0
 *     source       6       traffic class           1          payload length         4
 *     type        12       total length            2          next header            6
 *             size 14      identification          4          hop limit              7
 *                          flags, fragment offset  6          source                 8
 *                          time to live            8          destination           24
 *                          protocol                9                           size 40
 *                          checksum               10
 *                          source                 12
 *                          destination            16
 *                                            size 20
 * </pre>
 */
final class Headers {
    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int TYPE_IPV6 = 0x86dd;

    static final int ETHERNET_SIZE = 14;
    static final int IPV4_SIZE = 20;
    static final int IPV6_SIZE = 40;

    private static final int SOURCE = HardwareAddress.SIZE;
    private static final int TYPE = 2 * HardwareAddress.SIZE;

    private static final int IPV4_VERSION = 0x45;
    private static final int IPV4_CLASS = 1;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_FLAGS = 6;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int IPV4_TTL = 8;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_DESTINATION = 16;

    private static final int IPV6_VERSION = 0x6000_0000;
    private static final int IPV6_CLASS_SHIFT = 20;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int IPV6_HOP_LIMIT = 7;
    private static final int IPV6_SOURCE = 8;
    private static final int IPV6_DESTINATION = 24;

    private static final int VERSION_SHIFT = 4;
    private static final int WORDS = 0x0f;
    private static final int OCTET = 0xff;

    private Headers() {}

    static void putEthernet(MutableDirectBuffer to, long destination, long source, int type) {
        HardwareAddress.put(to, 0, destination);
        HardwareAddress.put(to, SOURCE, source);
        to.putShort(TYPE, (short) type, ByteOrder.BIG_ENDIAN);
    }

    /** Not to be fragmented, so that it needs no identification (RFC 6864 section 4.1). */
    static void putIpv4(MutableDirectBuffer to, int at, int protocol, IpAddress from, IpAddress group, int payload) {
        to.setMemory(at, IPV4_SIZE, (byte) 0);
        to.putByte(at, (byte) IPV4_VERSION);
        to.putByte(at + IPV4_CLASS, (byte) LinuxWire.TRAFFIC_CLASS);
        to.putShort(at + IPV4_LENGTH, (short) (IPV4_SIZE + payload), ByteOrder.BIG_ENDIAN);
        to.putShort(at + IPV4_FLAGS, (short) DONT_FRAGMENT, ByteOrder.BIG_ENDIAN);
        to.putByte(at + IPV4_TTL, (byte) LinuxWire.TTL);
        to.putByte(at + IPV4_PROTOCOL, (byte) protocol);
        to.putInt(at + IPV4_SOURCE, from.ipv4(), ByteOrder.BIG_ENDIAN);
        to.putInt(at + IPV4_DESTINATION, group.ipv4(), ByteOrder.BIG_ENDIAN);
        int checksum = InternetChecksum.checksum(InternetChecksum.sum(to, at, IPV4_SIZE));
        to.putShort(at + IPV4_CHECKSUM, (short) checksum, ByteOrder.BIG_ENDIAN);
    }

    static void putIpv6(MutableDirectBuffer to, int at, int protocol, IpAddress from, IpAddress group, int payload) {
        to.putInt(at, IPV6_VERSION | LinuxWire.TRAFFIC_CLASS << IPV6_CLASS_SHIFT, ByteOrder.BIG_ENDIAN);
        to.putShort(at + IPV6_LENGTH, (short) payload, ByteOrder.BIG_ENDIAN);
        to.putByte(at + IPV6_NEXT_HEADER, (byte) protocol);
        to.putByte(at + IPV6_HOP_LIMIT, (byte) LinuxWire.TTL);
        putIpv6Address(to, at + IPV6_SOURCE, from);
        putIpv6Address(to, at + IPV6_DESTINATION, group);
    }

    static void putIpv6Address(MutableDirectBuffer to, int at, IpAddress address) {
        to.putLong(at, address.high(), ByteOrder.BIG_ENDIAN);
        to.putLong(at + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
    }

    /** How long the IPv4 header of a whole packet of so many octets is, with its options; 0 when it is not one. */
    static int ipv4HeaderLength(DirectBuffer packet, int length) {
        if (length < IPV4_SIZE || (packet.getByte(0) & OCTET) >>> VERSION_SHIFT != 4) {
            return 0;
        }
        int header = (packet.getByte(0) & WORDS) * Integer.BYTES;
        return header >= IPV4_SIZE && header <= length ? header : 0;
    }

    static int ipv4Ttl(DirectBuffer packet) {
        return packet.getByte(IPV4_TTL) & OCTET;
    }

    static int ipv4Destination(DirectBuffer packet) {
        return packet.getInt(IPV4_DESTINATION, ByteOrder.BIG_ENDIAN);
    }
}
