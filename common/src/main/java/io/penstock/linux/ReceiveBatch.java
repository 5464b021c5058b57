package io.penstock.linux;

import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.MSG_TRUNC;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams as recvmmsg(2) takes them, with what their control messages say. What is said of an entry holds until the next
 * receive into that entry. All memory is taken when this is made. NOT thread safe.
 *
 * <p>With UDP_GRO an entry may hold several datagrams of one sender, one behind the other: all as long as
 * {@link #segmentBytes}, but the last, which may be shorter.
 */
public final class ReceiveBatch {
    /** The longest that the kernel makes of datagrams that it puts together (GRO), or one can be. */
    public static final int MAX_BYTES = 65_536;

    private static final int PAGE_BYTES = 4096;

    /**
     * Buffers that were whole pages apart would begin in the same few sets of every cache. An odd number of cache lines
     * between them reaches all sets, and one that is longer than a datagram of the usual MTU keeps those side by side.
     */
    private static final int STAGGER_BYTES = 25 * 64;

    private static final int IOVEC_SIZE = 16;
    private static final int NAME_STRIDE = 32;

    /** For all that is asked for: both PKTINFOs (32 + 40), TOS, TCLASS, HOPLIMIT and GRO (24 each) are 168 octets. */
    private static final int CONTROL_BYTES = 192;

    private final int capacity;
    private final int stride;
    private final MessageHeaders headers;
    private final UnsafeBuffer names;
    private final UnsafeBuffer controls;
    private final UnsafeBuffer vectors;
    private final UnsafeBuffer payloads;
    private final ReceivedControl control = new ReceivedControl();
    private final int[] segmentBytes;
    private final int[] trafficClass;
    private final int[] hopLimit;
    private final boolean[] hasDestination;
    private final long[] destinationHigh;
    private final long[] destinationLow;
    private boolean named = true;

    /**
     * @param capacity entries, from 1 to 1024 (UIO_MAXIOV: the kernel takes no more in one call)
     * @param bytesEach room of an entry; {@link #MAX_BYTES} for sockets with UDP_GRO
     */
    public ReceiveBatch(int capacity, int bytesEach) {
        this.capacity = capacity;
        stride = (bytesEach + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES + STAGGER_BYTES;
        headers = new MessageHeaders(capacity);
        names = memory(Math.multiplyExact(capacity, NAME_STRIDE));
        controls = memory(Math.multiplyExact(capacity, CONTROL_BYTES));
        vectors = memory(Math.multiplyExact(capacity, IOVEC_SIZE));
        payloads = memory(Math.multiplyExact(capacity, stride));
        segmentBytes = new int[capacity];
        trafficClass = new int[capacity];
        hopLimit = new int[capacity];
        hasDestination = new boolean[capacity];
        destinationHigh = new long[capacity];
        destinationLow = new long[capacity];
        for (int i = 0; i < capacity; i++) {
            vectors.putLong(i * IOVEC_SIZE, address(i), ByteOrder.nativeOrder());
            vectors.putLong(i * IOVEC_SIZE + Long.BYTES, bytesEach, ByteOrder.nativeOrder());
            headers.parts(i, vectors.addressOffset() + (long) i * IOVEC_SIZE);
            headers.partCount(i, 1);
            headers.control(i, controls.addressOffset() + (long) i * CONTROL_BYTES);
            headers.controlLength(i, CONTROL_BYTES);
            name(i);
        }
    }

    private static UnsafeBuffer memory(int size) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, 64));
    }

    public int capacity() {
        return capacity;
    }

    /**
     * Takes what waits at a socket, at most {@code limit} datagrams, into entry {@code first} and those after it. Fewer
     * than {@code limit} were all, unless an error came between, which the next call returns.
     *
     * @return how many came; or {@code -errno}: EAGAIN when there are none. After any other, ECONNREFUSED for one, datagrams
     *     may wait all the same
     */
    public int receive(Syscalls syscalls, int fd, int first, int limit) {
        return receive(syscalls, fd, first, limit, true);
    }

    /** As {@link #receive}, without the source, for a connected socket: it is known, and telling it costs a copy. */
    public int receiveConnected(Syscalls syscalls, int fd, int first, int limit) {
        return receive(syscalls, fd, first, limit, false);
    }

    private int receive(Syscalls syscalls, int fd, int first, int limit, boolean sources) {
        if (sources != named) {
            named = sources;
            for (int i = 0; i < capacity; i++) {
                name(i);
            }
        }
        int result = syscalls.recvmmsg(fd, headers.address(first), Math.min(limit, capacity - first), MSG_DONTWAIT);
        for (int i = first; i < first + result; i++) {
            readControl(i);
        }
        return result;
    }

    /** And makes room again, of which the kernel has left as much as it used. */
    private void readControl(int i) {
        control.read(controls, i * CONTROL_BYTES, Math.min(headers.controlLength(i), CONTROL_BYTES));
        segmentBytes[i] = control.segmentBytes();
        trafficClass[i] = control.trafficClass();
        hopLimit[i] = control.hopLimit();
        hasDestination[i] = control.hasDestination();
        destinationHigh[i] = control.destinationHigh();
        destinationLow[i] = control.destinationLow();
        headers.controlLength(i, CONTROL_BYTES);
        if (named) {
            headers.nameLength(i, SocketAddress.SIZE);
        }
    }

    private void name(int i) {
        if (named) {
            headers.name(i, names.addressOffset() + (long) i * NAME_STRIDE, SocketAddress.SIZE);
        } else {
            headers.name(i, 0, 0);
        }
    }

    /** Of the first octet. */
    public long address(int i) {
        return payloads.addressOffset() + (long) i * stride;
    }

    /** In octets; of all datagrams together when there are several. */
    public int length(int i) {
        return headers.length(i);
    }

    /** Whether it was longer than its entry, and its end is lost. */
    public boolean isTruncated(int i) {
        return (headers.flags(i) & MSG_TRUNC) != 0;
    }

    /** As {@link io.penstock.net.IpAddress#high()}; the source is there after {@link #receive} only. */
    public long sourceHigh(int i) {
        return SocketAddress.high(names, i * NAME_STRIDE);
    }

    /** As {@link io.penstock.net.IpAddress#low()}. */
    public long sourceLow(int i) {
        return SocketAddress.low(names, i * NAME_STRIDE);
    }

    public int sourcePort(int i) {
        return SocketAddress.port(names, i * NAME_STRIDE);
    }

    /** The index of the interface that a link-local source belongs to; else 0, as for IPv4. */
    public int sourceScope(int i) {
        return SocketAddress.scope(names, i * NAME_STRIDE);
    }

    /** How long each datagram of several is; 0 for a single one. */
    public int segmentBytes(int i) {
        return segmentBytes[i];
    }

    /** Whether the kernel said where it was sent to, see {@link DatagramSockets#prepareListener}. */
    public boolean hasDestination(int i) {
        return hasDestination[i];
    }

    /**
     * As {@link io.penstock.net.IpAddress#high()}; the address that a reply may leave from. For IPv4 that is ipi_spec_dst:
     * the kernel puts there what stands in the datagram (ipi_addr) whenever its route is of type local, which holds for
     * every unicast address, a transparent socket's as well; and for broadcast and multicast an address of this host
     * (fib_compute_spec_dst). For IPv6 it is ipi6_addr, which may be multicast.
     */
    public long destinationHigh(int i) {
        return destinationHigh[i];
    }

    /** As {@link io.penstock.net.IpAddress#low()}; see {@link #destinationHigh}. */
    public long destinationLow(int i) {
        return destinationLow[i];
    }

    /** The octet of DSCP and ECN (IPv4's TOS, IPv6's traffic class), 0 when the kernel does not say. */
    public int trafficClass(int i) {
        return trafficClass[i];
    }

    /** Of IPv6, where the socket asks for it ({@link RawSockets}); else 0. */
    public int hopLimit(int i) {
        return hopLimit[i];
    }
}
