package io.penstock.linux;

import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_HOPLIMIT;
import static io.penstock.linux.SocketConstants.IPV6_PKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_TCLASS;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_TOS;
import static io.penstock.linux.SocketConstants.IP_TTL;
import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.SOL_UDP;
import static io.penstock.linux.SocketConstants.UDP_SEGMENT;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams as sendmmsg(2) takes them: each of one or more parts, which stay where they are in memory. All memory is taken
 * when this is made. NOT thread safe.
 */
public final class SendBatch {
    /** Datagrams that the kernel cuts out of one message (UDP_MAX_SEGMENTS); 128 since Linux 6.9. */
    public static final int MAX_SEGMENTS = 64;

    private static final int FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL;
    private static final int IOVEC_SIZE = 16;
    private static final int NAME_STRIDE = 32;

    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int DATA_OFFSET = ReceivedControl.DATA_OFFSET;
    private static final int SPEC_DST_OFFSET = 4;
    private static final int IN_PKTINFO_SIZE = 12;
    private static final int IN6_PKTINFO_SIZE = 20;

    /** For one of each: IPV6_PKTINFO (40), the traffic class, the hop limit and UDP_SEGMENT (24 each) are 112 octets. */
    private static final int CONTROL_BYTES = 128;

    private final int capacity;
    private final int maxParts;
    private final MessageHeaders headers;
    private final UnsafeBuffer names;
    private final UnsafeBuffer controls;
    private final UnsafeBuffer vectors;
    private final long[] lengths;
    private int size;

    /**
     * @param capacity messages, from 1 to 1024 (UIO_MAXIOV: the kernel takes no more in one call)
     * @param maxParts of a message, from 1 to 1024
     */
    public SendBatch(int capacity, int maxParts) {
        this.capacity = capacity;
        this.maxParts = maxParts;
        headers = new MessageHeaders(capacity);
        names = memory(Math.multiplyExact(capacity, NAME_STRIDE));
        controls = memory(Math.multiplyExact(capacity, CONTROL_BYTES));
        vectors = memory(Math.multiplyExact(Math.multiplyExact(capacity, maxParts), IOVEC_SIZE));
        lengths = new long[capacity];
        for (int i = 0; i < capacity; i++) {
            headers.parts(i, vectors.addressOffset() + (long) i * maxParts * IOVEC_SIZE);
            headers.control(i, controls.addressOffset() + (long) i * CONTROL_BYTES);
        }
    }

    private static UnsafeBuffer memory(int size) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, 64));
    }

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    public boolean isFull() {
        return size == capacity;
    }

    /** A further message, empty and without a destination, as a connected socket wants it; its index. */
    public int add() {
        if (isFull()) {
            throw new IllegalStateException("all " + capacity + " messages are taken");
        }
        int i = size++;
        headers.name(i, 0, 0);
        headers.partCount(i, 0);
        headers.controlLength(i, 0);
        lengths[i] = 0;
        return i;
    }

    /**
     * Where it goes. IPv4 as a sockaddr_in, which dual-stack sockets take as well.
     *
     * @param high and low: the halves of an IpAddress
     * @param scope the index of a link-local address's interface, or 0
     */
    public void to(int i, long high, long low, int port, int scope) {
        int offset = i * NAME_STRIDE;
        int length = SocketAddress.put(names, offset, high, low, port, scope);
        headers.name(i, names.addressOffset() + offset, length);
    }

    /** Its next octets, which must stay there until it is sent. */
    public void part(int i, long address, int length) {
        int part = headers.partCount(i);
        if (part == maxParts) {
            throw new IllegalStateException("all " + maxParts + " parts are taken");
        }
        int offset = (i * maxParts + part) * IOVEC_SIZE;
        vectors.putLong(offset, address, ByteOrder.nativeOrder());
        vectors.putLong(offset + Long.BYTES, length, ByteOrder.nativeOrder());
        headers.partCount(i, part + 1);
        lengths[i] += length;
    }

    public int parts(int i) {
        return headers.partCount(i);
    }

    /** In octets, of all parts. */
    public long length(int i) {
        return lengths[i];
    }

    /**
     * The address that it leaves from, at most once a message; must be this host's, or the socket transparent. IPv4 goes
     * as IP_PKTINFO, which dual-stack sockets take as well for what they send by IPv4 (ip_cmsg_send).
     *
     * @param high and low: the halves of an IpAddress
     */
    public void from(int i, long high, long low) {
        if (IpAddress.isIpv4(high, low)) {
            int data = control(i, IPPROTO_IP, IP_PKTINFO, IN_PKTINFO_SIZE);
            controls.setMemory(data, IN_PKTINFO_SIZE, (byte) 0);
            controls.putInt(data + SPEC_DST_OFFSET, (int) low, ByteOrder.BIG_ENDIAN);
        } else {
            int data = control(i, IPPROTO_IPV6, IPV6_PKTINFO, IN6_PKTINFO_SIZE);
            controls.setMemory(data, IN6_PKTINFO_SIZE, (byte) 0);
            controls.putLong(data, high, ByteOrder.BIG_ENDIAN);
            controls.putLong(data + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
        }
    }

    /**
     * At most once a message.
     *
     * @param octet DSCP and ECN, from 0 to 255
     * @param ipv4 whether it goes by IPv4, whatever the socket's family
     */
    public void trafficClass(int i, int octet, boolean ipv4) {
        int data = ipv4
                ? control(i, IPPROTO_IP, IP_TOS, Integer.BYTES)
                : control(i, IPPROTO_IPV6, IPV6_TCLASS, Integer.BYTES);
        controls.putInt(data, octet, ByteOrder.nativeOrder());
    }

    /**
     * At most once a message; instead of what the socket has for unicast or for multicast.
     *
     * @param limit IPv4's time to live or IPv6's hop limit, from 1 to 255
     * @param ipv4 whether it goes by IPv4, whatever the socket's family
     */
    public void hopLimit(int i, int limit, boolean ipv4) {
        int data = ipv4
                ? control(i, IPPROTO_IP, IP_TTL, Integer.BYTES)
                : control(i, IPPROTO_IPV6, IPV6_HOPLIMIT, Integer.BYTES);
        controls.putInt(data, limit, ByteOrder.nativeOrder());
    }

    /**
     * Has the kernel cut it into datagrams of this length, but the last, which may be shorter; wherever the parts end. At
     * most once a message. Sending fails with EINVAL for more than {@link #MAX_SEGMENTS}, with EMSGSIZE (EINVAL on older
     * kernels) when one does not fit the path's MTU, even if the socket may fragment, or when all are longer than one
     * datagram can be, and with EIO where the route leads through IPsec: then they have to go one by one.
     *
     * @param bytes from 1 to 65535
     */
    public void segment(int i, int bytes) {
        int data = control(i, SOL_UDP, UDP_SEGMENT, Short.BYTES);
        controls.putShort(data, (short) bytes, ByteOrder.nativeOrder());
    }

    /** Begins a control message; where its content goes. */
    private int control(int i, int level, int type, int length) {
        int used = headers.controlLength(i);
        int end = used + ReceivedControl.align(DATA_OFFSET + length);
        if (end > CONTROL_BYTES) {
            throw new IllegalStateException("no room for another control message");
        }
        int offset = i * CONTROL_BYTES + used;
        controls.putLong(offset, DATA_OFFSET + (long) length, ByteOrder.nativeOrder());
        controls.putInt(offset + LEVEL_OFFSET, level, ByteOrder.nativeOrder());
        controls.putInt(offset + TYPE_OFFSET, type, ByteOrder.nativeOrder());
        headers.controlLength(i, end);
        return offset + DATA_OFFSET;
    }

    /**
     * Sends the messages from {@code first} to the last, which stay in the batch. How many went; or {@code -errno} of the
     * first. After fewer than all, the next one is what the kernel refused: sending from there on tells why.
     */
    public int send(Syscalls syscalls, int fd, int first) {
        return send(syscalls, fd, first, size - first);
    }

    /** As {@link #send}, of so many messages, at least one. */
    public int send(Syscalls syscalls, int fd, int first, int count) {
        if (count == 1) {
            long result = syscalls.sendmsg(fd, headers.address(first), FLAGS);
            return result < 0 ? (int) result : 1;
        }
        return syscalls.sendmmsg(fd, headers.address(first), count, FLAGS);
    }
}
