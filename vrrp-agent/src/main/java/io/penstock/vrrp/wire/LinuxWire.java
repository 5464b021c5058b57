package io.penstock.vrrp.wire;

import io.penstock.linux.Errno;
import io.penstock.linux.LinkSockets;
import io.penstock.linux.RawSockets;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import java.io.IOException;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The network of the namespace that the calling thread is in: raw sockets, and one socket that sends frames for all interfaces. Takes
 * CAP_NET_RAW. The memory that messages pass through is here, once for all sockets, which is why all are of one thread.
 */
public final class LinuxWire implements Wire, AutoCloseable {
    /** IP's number of VRRP (RFC 9568 section 5.1.1.4). */
    static final int PROTOCOL = 112;

    /** That no router lets through: what has it was sent on this link (RFC 9568 section 5.1.1.3). */
    static final int TTL = 255;

    /** DSCP CS6, network control (RFC 4594 section 3.1). */
    static final int TRAFFIC_CLASS = 0xc0;

    /** Of advertisements of some hundred octets for as many VRIDs as there are; older ones that are still there when it is full win. */
    private static final int RECEIVE_BUFFER_BYTES = 128 * 1024;

    /** The longest message, of 255 IPv6 addresses, is 4,088 octets; in IPv4 a header of 60 octets at most goes before it. */
    private static final int MESSAGE_MAX_BYTES = 4160;

    private static final int MEMORY_BYTES = 4352;

    final Syscalls syscalls;
    final RawSockets rawSockets;
    final SendBatch sent = new SendBatch(1, 1);
    final ReceiveBatch received = new ReceiveBatch(1, MESSAGE_MAX_BYTES);
    private final LinkSockets linkSockets;
    private final int linkFd;
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_BYTES, Long.BYTES));

    private LinuxWire(Syscalls syscalls, LinkSockets linkSockets, int linkFd) {
        this.syscalls = syscalls;
        this.linkSockets = linkSockets;
        this.linkFd = linkFd;
        rawSockets = new RawSockets(syscalls);
    }

    /**
     * Of the calling thread's namespace.
     *
     * @throws IOException when the kernel refuses: raw sockets take CAP_NET_RAW
     */
    public static LinuxWire open(Syscalls syscalls) throws IOException {
        LinkSockets linkSockets = new LinkSockets(syscalls);
        int fd = linkSockets.open();
        if (fd < 0) {
            throw new IOException("packet socket (needs CAP_NET_RAW): " + Errno.describe(-fd));
        }
        return new LinuxWire(syscalls, linkSockets, fd);
    }

    @Override
    public VrrpSocket open(String interfaceName, int interfaceIndex, boolean ipv4) throws IOException {
        int fd = rawSockets.open(ipv4, PROTOCOL, interfaceIndex, TRAFFIC_CLASS, RECEIVE_BUFFER_BYTES);
        if (fd < 0) {
            throw new IOException("raw socket on " + interfaceName + ": " + Errno.describe(-fd));
        }
        int result = rawSockets.join(fd, Wire.group(ipv4), interfaceIndex);
        if (result < 0) {
            rawSockets.close(fd);
            throw new IOException(
                    "group " + Wire.group(ipv4) + " on " + interfaceName + ": " + Errno.describe(-result));
        }
        return new LinuxVrrpSocket(this, fd, interfaceIndex, ipv4);
    }

    @Override
    public int announce(int interfaceIndex, String hardwareAddress, IpAddress address, boolean forwarding) {
        long hardware = HardwareAddress.parse(hardwareAddress);
        if (hardware == HardwareAddress.NONE) {
            return -Errno.EINVAL;
        }
        if (address.isIpv4()) {
            return sendFrame(interfaceIndex, Headers.TYPE_ARP, Frames.gratuitousArp(memory, hardware, address));
        }
        int length = Frames.neighborAdvertisement(memory, hardware, address, forwarding);
        return sendFrame(interfaceIndex, Headers.TYPE_IPV6, length);
    }

    /** As {@link VrrpSocket#multicast} does with a virtual MAC. */
    int sendFromVirtualMac(int interfaceIndex, int vrid, IpAddress source, DirectBuffer message, int lengthBytes) {
        int length = Frames.vrrp(memory, vrid, source, message, lengthBytes);
        return sendFrame(interfaceIndex, source.isIpv4() ? Headers.TYPE_IPV4 : Headers.TYPE_IPV6, length);
    }

    private int sendFrame(int interfaceIndex, int etherType, int length) {
        return (int) linkSockets.send(linkFd, interfaceIndex, etherType, memory.addressOffset(), length);
    }

    /** Where a message goes that is to be off the heap to be sent; its address until the next call of anything here. */
    long copy(DirectBuffer message, int lengthBytes) {
        memory.putBytes(0, message, 0, lengthBytes);
        return memory.addressOffset();
    }

    /** Sockets that were opened here are closed by whoever has them. */
    @Override
    public void close() {
        linkSockets.close(linkFd);
    }
}
