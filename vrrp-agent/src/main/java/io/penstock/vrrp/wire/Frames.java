package io.penstock.vrrp.wire;

import static io.penstock.vrrp.wire.Headers.ETHERNET_SIZE;
import static io.penstock.vrrp.wire.Headers.IPV4_SIZE;
import static io.penstock.vrrp.wire.Headers.IPV6_SIZE;
import static io.penstock.vrrp.wire.Headers.TYPE_ARP;
import static io.penstock.vrrp.wire.Headers.TYPE_IPV4;
import static io.penstock.vrrp.wire.Headers.TYPE_IPV6;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.InternetChecksum;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Whole Ethernet frames, which sockets of IP cannot send; each method writes one from octet 0 on and says how long it is. */
final class Frames {
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1").orElseThrow();
    private static final IpAddress GROUP_IPV4 = Wire.group(true);
    private static final IpAddress GROUP_IPV6 = Wire.group(false);

    /** Ethernet, IPv4, ARP's own, operation 1 (RFC 826). */
    private static final long ARP_REQUEST = 0x0001_0800_0604_0001L;

    private static final int ARP_SIZE = 28;
    private static final int ICMPV6 = 58;

    /** Type and code, checksum, flags; the address; an option of eight octets. */
    private static final int ADVERTISEMENT_SIZE = 32;

    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int CHECKSUM = 2;
    private static final int FLAGS = 4;
    private static final int TARGET = 8;
    private static final int OPTION = 24;
    private static final int ROUTER = 0x8000_0000;
    private static final int OVERRIDE = 0x2000_0000;

    /** Target link-layer address; one unit of eight octets. */
    private static final short TARGET_LINK_ADDRESS = 0x0201;

    private Frames() {}

    /**
     * An ARP request for one's own address, to everyone. Its target hardware address is the broadcast one, as peers send it, where RFC 5227
     * asks for zero: nobody reads it.
     *
     * <pre>
     * ARP (RFC 826): hardware, protocol, lengths, operation  0    sender's hardware  8    and address  14
     *                                                             target's          18                24    size 28
     * </pre>
     */
    static int gratuitousArp(MutableDirectBuffer to, long hardwareAddress, IpAddress address) {
        Headers.putEthernet(to, HardwareAddress.BROADCAST, hardwareAddress, TYPE_ARP);
        to.putLong(ETHERNET_SIZE, ARP_REQUEST, ByteOrder.BIG_ENDIAN);
        int sender = ETHERNET_SIZE + Long.BYTES;
        int target = sender + HardwareAddress.SIZE + Integer.BYTES;
        HardwareAddress.put(to, sender, hardwareAddress);
        to.putInt(sender + HardwareAddress.SIZE, address.ipv4(), ByteOrder.BIG_ENDIAN);
        HardwareAddress.put(to, target, HardwareAddress.BROADCAST);
        to.putInt(target + HardwareAddress.SIZE, address.ipv4(), ByteOrder.BIG_ENDIAN);
        return ETHERNET_SIZE + ARP_SIZE;
    }

    /** To all nodes, from the address itself, to override what they have (RFC 4861 sections 4.4 and 7.2.6). */
    static int neighborAdvertisement(
            MutableDirectBuffer to, long hardwareAddress, IpAddress address, boolean forwarding) {
        Headers.putEthernet(to, HardwareAddress.ofGroup(ALL_NODES), hardwareAddress, TYPE_IPV6);
        Headers.putIpv6(to, ETHERNET_SIZE, ICMPV6, address, ALL_NODES, ADVERTISEMENT_SIZE);
        int at = ETHERNET_SIZE + IPV6_SIZE;
        to.putInt(at, NEIGHBOR_ADVERTISEMENT << 24, ByteOrder.BIG_ENDIAN);
        to.putInt(at + FLAGS, forwarding ? ROUTER | OVERRIDE : OVERRIDE, ByteOrder.BIG_ENDIAN);
        Headers.putIpv6Address(to, at + TARGET, address);
        to.putShort(at + OPTION, TARGET_LINK_ADDRESS, ByteOrder.BIG_ENDIAN);
        HardwareAddress.put(to, at + OPTION + Short.BYTES, hardwareAddress);
        long sum = InternetChecksum.sum(to, at, ADVERTISEMENT_SIZE)
                + InternetChecksum.pseudoHeader(address, ALL_NODES, ICMPV6, ADVERTISEMENT_SIZE);
        to.putShort(at + CHECKSUM, (short) InternetChecksum.checksum(sum), ByteOrder.BIG_ENDIAN);
        return ETHERNET_SIZE + IPV6_SIZE + ADVERTISEMENT_SIZE;
    }

    /** A VRRP message to the group of its source's family, from the virtual MAC address of its VRID. */
    static int vrrp(MutableDirectBuffer to, int vrid, IpAddress source, DirectBuffer message, int lengthBytes) {
        boolean ipv4 = source.isIpv4();
        IpAddress group = ipv4 ? GROUP_IPV4 : GROUP_IPV6;
        Headers.putEthernet(
                to, HardwareAddress.ofGroup(group), HardwareAddress.virtual(ipv4, vrid), ipv4 ? TYPE_IPV4 : TYPE_IPV6);
        if (ipv4) {
            Headers.putIpv4(to, ETHERNET_SIZE, LinuxWire.PROTOCOL, source, group, lengthBytes);
        } else {
            Headers.putIpv6(to, ETHERNET_SIZE, LinuxWire.PROTOCOL, source, group, lengthBytes);
        }
        int at = ETHERNET_SIZE + (ipv4 ? IPV4_SIZE : IPV6_SIZE);
        to.putBytes(at, message, 0, lengthBytes);
        return at + lengthBytes;
    }
}
