package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_PACKET;
import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_RAW;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_PRIORITY;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sockets that send whole frames, link-layer header and all, out of any link; see packet(7). They take CAP_NET_RAW and receive nothing, so
 * nothing is ever queued for them. Frames pass by the IP layer, its routes and its filters. Results are {@code >= 0} or {@code -errno}. NOT
 * thread safe.
 *
 * <pre>
 * struct sockaddr_ll {
 *     unsigned short sll_family;    0
 *     unsigned short sll_protocol;  2  BE
 *     int            sll_ifindex;   4
 *     unsigned short sll_hatype;    8
 *     unsigned char  sll_pkttype;  10
 *     unsigned char  sll_halen;    11
 *     unsigned char  sll_addr[8];  12
 * };                          size 20
 * </pre>
 */
public final class LinkSockets {
    /** Protocol 0 in socket(2): no frame is for this socket. */
    private static final int NOTHING = 0;

    /** TC_PRIO_INTERACTIVE of linux/pkt_sched.h. */
    private static final int PRIORITY_INTERACTIVE = 6;

    private static final int PROTOCOL_OFFSET = 2;
    private static final int INDEX_OFFSET = 4;
    private static final int ADDRESS_SIZE = 20;
    private static final int IOV_OFFSET = 24;
    private static final int IOV_LENGTH_OFFSET = 32;
    private static final int MEMORY_SIZE = 40;

    private final Syscalls syscalls;
    private final SocketOptions options;
    private final MessageHeaders message = new MessageHeaders(1);
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_SIZE, Long.BYTES));

    public LinkSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
        options = new SocketOptions(syscalls);
        memory.putShort(0, (short) AF_PACKET, ByteOrder.nativeOrder());
        message.name(0, memory.addressOffset(), ADDRESS_SIZE);
        message.parts(0, memory.addressOffset() + IOV_OFFSET);
        message.partCount(0, 1);
    }

    public int open() {
        int fd = syscalls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NOTHING);
        if (fd < 0) {
            return fd;
        }
        int result = options.set(fd, SOL_SOCKET, SO_PRIORITY, PRIORITY_INTERACTIVE);
        if (result < 0) {
            syscalls.close(fd);
        }
        return result < 0 ? result : fd;
    }

    /**
     * How many octets went. ENXIO: no such link; ENETDOWN: it is down; ENOBUFS: its queue is full. A link that is up without a carrier takes
     * frames and drops them without a word.
     *
     * @param etherType as it stands in the frame
     */
    public long send(int fd, int interfaceIndex, int etherType, long address, int lengthBytes) {
        memory.putShort(PROTOCOL_OFFSET, (short) etherType, ByteOrder.BIG_ENDIAN);
        memory.putInt(INDEX_OFFSET, interfaceIndex, ByteOrder.nativeOrder());
        memory.putLong(IOV_OFFSET, address, ByteOrder.nativeOrder());
        memory.putLong(IOV_LENGTH_OFFSET, lengthBytes, ByteOrder.nativeOrder());
        return syscalls.sendmsg(fd, message.address(0), MSG_DONTWAIT);
    }

    public int close(int fd) {
        return syscalls.close(fd);
    }
}
