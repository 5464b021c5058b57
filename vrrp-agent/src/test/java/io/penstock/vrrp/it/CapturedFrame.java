package io.penstock.vrrp.it;

import io.penstock.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads one frame of a capture of several interfaces: LINKTYPE_LINUX_SLL2 of libpcap, a header of 20 octets with the number of the
 * interface and the direction, and then what Ethernet carries.
 */
final class CapturedFrame {
    private static final int HEADER = 20;
    private static final int INTERFACE = 4;
    private static final int PACKET_TYPE = 10;
    private static final int OUTGOING = 4;

    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int VRRP = 112;
    private static final int ICMPV6 = 58;
    private static final int IPV6_HEADER = 40;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int SOLICITED = 0x40;
    private static final int ARP_REPLY = 2;

    private CapturedFrame() {}

    /** Empty for what left the switch. */
    static Optional<Integer> incomingInterface(ByteBuffer frame) {
        return frame.get(PACKET_TYPE) == OUTGOING ? Optional.empty() : Optional.of(frame.getInt(INTERFACE));
    }

    /** Empty for what says nothing of a VIP. */
    static Optional<Sighting> read(long atNs, Port from, ByteBuffer frame) {
        int protocol = Short.toUnsignedInt(frame.getShort(0));
        ByteBuffer packet = frame.slice(HEADER, frame.limit() - HEADER);
        return switch (protocol) {
            case ARP -> arp(atNs, from, packet);
            case IPV4 ->
                packet.get(9) == VRRP
                        ? Optional.of(advert(atNs, from, packet, (packet.get(0) & 0xf) * 4))
                        : Optional.empty();
            case IPV6 -> ipv6(atNs, from, packet);
            default -> Optional.empty();
        };
    }

    private static Optional<Sighting> arp(long atNs, Port from, ByteBuffer packet) {
        IpAddress sender = IpAddress.ofIpv4(packet.getInt(14));
        if (packet.getInt(14) == packet.getInt(24)) {
            return Optional.of(new Sighting.Announcement(atNs, from, sender));
        }
        return packet.getShort(6) == ARP_REPLY
                ? Optional.of(new Sighting.Answer(atNs, from, sender))
                : Optional.empty();
    }

    private static Optional<Sighting> ipv6(long atNs, Port from, ByteBuffer packet) {
        int next = packet.get(6);
        if (next == VRRP) {
            return Optional.of(advert(atNs, from, packet, IPV6_HEADER));
        }
        if (next != ICMPV6 || Byte.toUnsignedInt(packet.get(IPV6_HEADER)) != NEIGHBOR_ADVERTISEMENT) {
            return Optional.empty();
        }
        byte[] octets = new byte[16];
        packet.get(IPV6_HEADER + 8, octets);
        IpAddress target = address(octets);
        return Optional.of(
                (packet.get(IPV6_HEADER + 4) & SOLICITED) != 0
                        ? new Sighting.Answer(atNs, from, target)
                        : new Sighting.Announcement(atNs, from, target));
    }

    private static Sighting advert(long atNs, Port from, ByteBuffer packet, int at) {
        int version = packet.get(at) >> 4;
        Duration interval = version == 2
                ? Duration.ofSeconds(packet.get(at + 5))
                : Duration.ofMillis((packet.getShort(at + 4) & 0xfff) * 10L);
        return new Sighting.Advert(
                atNs,
                from,
                version,
                Byte.toUnsignedInt(packet.get(at + 1)),
                Byte.toUnsignedInt(packet.get(at + 2)),
                interval);
    }

    private static IpAddress address(byte[] octets) {
        try {
            return IpAddress.of(InetAddress.getByAddress(octets));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not 16 octets", e);
        }
    }
}
