package io.penstock.forwarder.xdp.program;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A packet as tests write it: TCP, UDP, ICMP or anything else in IPv4 or IPv6 in Ethernet. Lengths and checksums are put in
 * when it is made into {@link #octets}. Each method changes this packet and returns it.
 */
final class Packet {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;

    /** Of each segment. */
    static final int SEQUENCE = 0x01020304;

    /** As far from that as one can be. */
    static final int OTHER_SEQUENCE = SEQUENCE + Integer.MIN_VALUE;

    static final int ICMP = 1;
    static final int IPIP = 4;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int IPV6 = 41;
    static final int ICMPV6 = 58;

    static final int DONT_FRAGMENT = 0x4000;
    static final int MORE_FRAGMENTS = 0x2000;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int MAC_OCTETS = 6;

    private final IpAddress source;
    private final IpAddress destination;
    private final byte[] payload;
    private int protocol;
    private int ttl = 64;
    private int trafficClass;
    private int id;
    private int flowLabel;
    private int fragment = DONT_FRAGMENT;
    private byte[] options = {};
    private byte[] extension = {};
    private String to = Macs.ROUTED;
    private String from = Macs.ROUTER;
    private byte[] tag = {};

    private Packet(IpAddress source, IpAddress destination, int protocol, byte[] payload) {
        this.source = source;
        this.destination = destination;
        this.protocol = protocol;
        this.payload = payload;
    }

    /** Of any protocol. */
    static Packet ip(String source, String destination, int protocol, byte[] payload) {
        return new Packet(address(source), address(destination), protocol, payload);
    }

    static Packet tcp(String source, int sourcePort, String destination, int port, int flags, int length) {
        ByteBuffer segment = ByteBuffer.allocate(20 + length)
                .putShort((short) sourcePort)
                .putShort((short) port)
                .putInt(SEQUENCE)
                .putInt(0x05060708)
                .put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 0xfaf0);
        fill(segment, 20);
        return sealed(source, destination, TCP, segment.array(), 16);
    }

    static Packet tcp(String source, int sourcePort, String destination, int port, int flags) {
        return tcp(source, sourcePort, destination, port, flags, 8);
    }

    static Packet udp(String source, int sourcePort, String destination, int port, int length) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + length)
                .putShort((short) sourcePort)
                .putShort((short) port)
                .putShort((short) (8 + length));
        fill(datagram, 8);
        return sealed(source, destination, UDP, datagram.array(), 6);
    }

    static Packet udp(String source, int sourcePort, String destination, int port) {
        return udp(source, sourcePort, destination, port, 8);
    }

    /**
     * ICMP, or ICMPv6 where the addresses are IPv6.
     *
     * @param rest the second word of its header
     */
    static Packet icmp(String source, String destination, int type, int code, int rest, byte[] body) {
        ByteBuffer message = ByteBuffer.allocate(8 + body.length)
                .put((byte) type)
                .put((byte) code)
                .putShort((short) 0)
                .putInt(rest)
                .put(body);
        if (address(source).isIpv4()) {
            message.putShort(2, (short) Checksum.of(message.array()));
            return ip(source, destination, ICMP, message.array());
        }
        return sealed(source, destination, ICMPV6, message.array(), 2);
    }

    private static Packet sealed(String source, String destination, int protocol, byte[] payload, int checksumAt) {
        Packet packet = ip(source, destination, protocol, payload);
        ByteBuffer.wrap(payload).putShort(checksumAt, (short) Checksum.of(packet.pseudoHeader(), payload));
        return packet;
    }

    private static void fill(ByteBuffer buffer, int from) {
        for (int i = from; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) i);
        }
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    Packet ttl(int hops) {
        ttl = hops;
        return this;
    }

    /** The type of service, or the traffic class. */
    Packet trafficClass(int octet) {
        trafficClass = octet;
        return this;
    }

    Packet id(int number) {
        id = number;
        return this;
    }

    Packet flowLabel(int label) {
        flowLabel = label;
        return this;
    }

    /**
     * Of IPv4: where it belongs, and whether more follow.
     *
     * @param offset in octets
     */
    Packet fragment(int offset, boolean more) {
        fragment = (offset / 8) | (more ? MORE_FRAGMENTS : 0);
        return this;
    }

    /** Of IPv4: routers may make fragments of it. */
    Packet mayFragment() {
        fragment = 0;
        return this;
    }

    /** Of IPv4: so many words of options that mean nothing. */
    Packet options(int words) {
        options = new byte[4 * words];
        Arrays.fill(options, (byte) 1);
        return this;
    }

    /** Of IPv6: an extension header of 8 octets in front of the payload. */
    Packet extension(int header) {
        extension = new byte[] {(byte) protocol, 0, 1, 4, 0, 0, 0, 0};
        protocol = header;
        return this;
    }

    Packet frame(String destinationMac, String sourceMac) {
        to = destinationMac;
        from = sourceMac;
        return this;
    }

    /** With a VLAN tag. */
    Packet vlan(int ethertype) {
        tag = new byte[] {(byte) (ethertype >>> 8), (byte) ethertype, 0, 5};
        return this;
    }

    /** From the Ethernet header on. */
    byte[] octets() {
        byte[] packet = withoutFrame();
        return ByteBuffer.allocate(2 * MAC_OCTETS + tag.length + 2 + packet.length)
                .put(Macs.octets(to))
                .put(Macs.octets(from))
                .put(tag)
                .putShort((short) (source.isIpv4() ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6))
                .put(packet)
                .array();
    }

    /** From the IP header on. */
    byte[] withoutFrame() {
        return source.isIpv4() ? ipv4() : ipv6();
    }

    private byte[] ipv4() {
        int header = 20 + options.length;
        ByteBuffer packet = ByteBuffer.allocate(header + payload.length)
                .put((byte) (0x40 | (header / 4)))
                .put((byte) trafficClass)
                .putShort((short) (header + payload.length))
                .putShort((short) id)
                .putShort((short) fragment)
                .put((byte) ttl)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(octets(source))
                .put(octets(destination))
                .put(options);
        packet.putShort(10, (short) Checksum.of(Arrays.copyOf(packet.array(), header)));
        return packet.put(payload).array();
    }

    private byte[] ipv6() {
        int length = extension.length + payload.length;
        return ByteBuffer.allocate(40 + length)
                .putInt((6 << 28) | (trafficClass << 20) | flowLabel)
                .putShort((short) length)
                .put((byte) protocol)
                .put((byte) ttl)
                .put(octets(source))
                .put(octets(destination))
                .put(extension)
                .put(payload)
                .array();
    }

    /** RFC 9293 section 3.1 and RFC 8200 section 8.1. */
    private byte[] pseudoHeader() {
        return ByteBuffer.allocate(40)
                .put(octets(source))
                .put(octets(destination))
                .putInt(payload.length)
                .putInt(protocol)
                .array();
    }

    static byte[] octets(IpAddress address) {
        byte[] sixteen = ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
        return address.isIpv4() ? Arrays.copyOfRange(sixteen, 12, 16) : sixteen;
    }
}
