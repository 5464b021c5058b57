package io.penstock.vrrp.wire;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A wire from which nothing leaves, to rehearse on. All is asked of the kernel as by {@link LinuxWire}, but on loopback from a source that
 * no host can have, or on an interface that is not there: it refuses, and that counts as sent. What was sent is heard once.
 */
public final class NowhereWire implements Wire, AutoCloseable {
    /** Of no interface: the kernel counts them from 1. */
    public static final int NO_INTERFACE = Integer.MAX_VALUE;

    /** LOOPBACK_IFINDEX of net/flow.h, in every network namespace. */
    private static final int LOOPBACK = 1;

    private static final int RECEIVE_BUFFER_BYTES = 4096;
    private static final int MESSAGE_MAX_BYTES = 4160;

    private final LinuxWire wire;

    private NowhereWire(LinuxWire wire) {
        this.wire = wire;
    }

    /**
     * Of the calling thread's namespace.
     *
     * @throws IOException as {@link LinuxWire#open}
     */
    public static NowhereWire open(Syscalls syscalls) throws IOException {
        return new NowhereWire(LinuxWire.open(syscalls));
    }

    @Override
    public VrrpSocket open(String interfaceName, int interfaceIndex, boolean ipv4) throws IOException {
        int fd =
                wire.rawSockets.open(ipv4, LinuxWire.PROTOCOL, LOOPBACK, LinuxWire.TRAFFIC_CLASS, RECEIVE_BUFFER_BYTES);
        if (fd < 0) {
            throw new IOException("raw socket on loopback: " + Errno.describe(-fd));
        }
        return new Socket(new LinuxVrrpSocket(wire, fd, NO_INTERFACE, ipv4), Wire.group(ipv4));
    }

    @Override
    public int announce(int interfaceIndex, String hardwareAddress, IpAddress address, boolean forwarding) {
        int unused = wire.announce(NO_INTERFACE, hardwareAddress, address, forwarding);
        return 0;
    }

    @Override
    public void close() {
        wire.close();
    }

    private static final class Socket implements VrrpSocket {
        private final LinuxVrrpSocket socket;

        /** A multicast address: in neither family may one be a source. */
        private final IpAddress group;

        private final UnsafeBuffer sent = new UnsafeBuffer(new byte[MESSAGE_MAX_BYTES]);
        private IpAddress source = IpAddress.ANY_IPV4;
        private int sentBytes;

        Socket(LinuxVrrpSocket socket, IpAddress group) {
            this.socket = socket;
            this.group = group;
        }

        @Override
        public int fd() {
            return socket.fd();
        }

        @Override
        public boolean receive(Packet into) {
            boolean unused = socket.receive(into);
            if (sentBytes == 0) {
                return false;
            }
            into.message.wrap(sent, 0, sentBytes);
            into.lengthBytes = sentBytes;
            into.source = source;
            into.destination = group;
            into.ttl = LinuxWire.TTL;
            sentBytes = 0;
            return true;
        }

        @Override
        public int multicast(int vrid, boolean virtualMac, IpAddress from, DirectBuffer message, int lengthBytes) {
            int unused = socket.multicast(vrid, virtualMac, group, message, lengthBytes);
            return keep(from, message, lengthBytes);
        }

        @Override
        public int unicast(IpAddress from, IpAddress peer, int ttl, DirectBuffer message, int lengthBytes) {
            int unused = socket.unicast(group, peer, ttl, message, lengthBytes);
            return keep(from, message, lengthBytes);
        }

        private int keep(IpAddress from, DirectBuffer message, int lengthBytes) {
            sent.putBytes(0, message, 0, lengthBytes);
            sentBytes = lengthBytes;
            source = from;
            return 0;
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
