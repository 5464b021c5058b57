package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A raw socket of a {@link LinuxWire}, with the frames beside it that a raw socket cannot send. */
final class LinuxVrrpSocket implements VrrpSocket {
    /** Passed over in one receive, of those that are not for the caller; the next event takes more. */
    private static final int PASSED_OVER_MAX = 64;

    private static final int VRIDS = 256;
    private static final int VRID_OFFSET = 1;
    private static final int OCTET = 0xff;

    private final LinuxWire wire;
    private final int fd;
    private final int interfaceIndex;
    private final boolean ipv4;
    private final AddressCache addresses = new AddressCache();

    /** By VRID what was last sent from, null for none. */
    private final IpAddress[] sources = new IpAddress[VRIDS];

    private final UnsafeBuffer packet = new UnsafeBuffer(0, 0);

    LinuxVrrpSocket(LinuxWire wire, int fd, int interfaceIndex, boolean ipv4) {
        this.wire = wire;
        this.fd = fd;
        this.interfaceIndex = interfaceIndex;
        this.ipv4 = ipv4;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public boolean receive(Packet into) {
        for (int i = 0; i < PASSED_OVER_MAX; i++) {
            if (wire.received.receive(wire.syscalls, fd, 0, 1) <= 0) {
                return false;
            }
            packet.wrap(wire.received.address(0), wire.received.length(0));
            if ((ipv4 ? takeIpv4(into) : takeIpv6(into)) && !isOwn(into)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeIpv4(Packet into) {
        int header = Headers.ipv4HeaderLength(packet, packet.capacity());
        if (header == 0) {
            return false;
        }
        put(into, header);
        into.destination = addresses.ofIpv4(Headers.ipv4Destination(packet));
        into.ttl = Headers.ipv4Ttl(packet);
        return true;
    }

    /** The kernel tells both, because {@link io.penstock.linux.RawSockets} asks it to. */
    private boolean takeIpv6(Packet into) {
        put(into, 0);
        into.destination = addresses.of(wire.received.destinationHigh(0), wire.received.destinationLow(0));
        into.ttl = wire.received.hopLimit(0);
        return wire.received.hasDestination(0);
    }

    private void put(Packet into, int headerLength) {
        into.lengthBytes = packet.capacity() - headerLength;
        into.message.wrap(packet, headerLength, into.lengthBytes);
        into.source = addresses.of(wire.received.sourceHigh(0), wire.received.sourceLow(0));
    }

    private boolean isOwn(Packet one) {
        return one.lengthBytes > VRID_OFFSET && one.source.equals(sources[one.message.getByte(VRID_OFFSET) & OCTET]);
    }

    @Override
    public int multicast(int vrid, boolean virtualMac, IpAddress source, DirectBuffer message, int lengthBytes) {
        sources[vrid] = source;
        return virtualMac
                ? wire.sendFromVirtualMac(interfaceIndex, vrid, source, message, lengthBytes)
                : send(source, Wire.group(ipv4), LinuxWire.TTL, message, lengthBytes);
    }

    @Override
    public int unicast(IpAddress source, IpAddress peer, int ttl, DirectBuffer message, int lengthBytes) {
        sources[message.getByte(VRID_OFFSET) & OCTET] = source;
        return send(source, peer, ttl, message, lengthBytes);
    }

    private int send(IpAddress source, IpAddress destination, int ttl, DirectBuffer message, int lengthBytes) {
        wire.sent.clear();
        int i = wire.sent.add();
        wire.sent.to(i, destination.high(), destination.low(), 0, interfaceIndex);
        wire.sent.from(i, source.high(), source.low());
        wire.sent.hopLimit(i, ttl, ipv4);
        wire.sent.part(i, wire.copy(message, lengthBytes), lengthBytes);
        return wire.sent.send(wire.syscalls, fd, i);
    }

    @Override
    public void close() {
        wire.rawSockets.close(fd);
    }
}
