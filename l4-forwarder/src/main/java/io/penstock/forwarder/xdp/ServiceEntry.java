package io.penstock.forwarder.xdp;

import io.penstock.forwarder.balance.HashInput;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One service as the program knows it, an element of the map {@code services}. A value.
 *
 * <pre>
 * struct service {
 *     __u32 ring;            0       __u32 flags;         16
 *     __u32 previous;        4       __u8  ipv4_prefix;   20
 *     __u64 window_end_ns;   8       __u8  ipv6_prefix;   21
 * };                                                 size 24
 * </pre>
 *
 * @param ring the number of one, or {@link Abi#NONE}
 * @param previous the ring before the last change, or {@link Abi#NONE}
 * @param windowEndNs until when (CLOCK_MONOTONIC) flows that nobody remembers are looked up in the previous ring
 * @param remember whether flows keep their backend
 */
record ServiceEntry(int ring, int previous, long windowEndNs, boolean remember, HashInput hashInput) {
    static final int BYTES = 24;

    private static final int PREVIOUS = 4;
    private static final int WINDOW_END = 8;
    private static final int FLAGS = 16;
    private static final int IPV4_PREFIX = 20;
    private static final int IPV6_PREFIX = 21;
    private static final int ZERO = 22;

    private static final int BY_SOURCE = 1;
    private static final int REMEMBER = 2;

    /** Of a number that no service has. */
    static final ServiceEntry EMPTY = new ServiceEntry(Abi.NONE, Abi.NONE, 0, false, HashInput.FLOW);

    boolean isEmpty() {
        return ring == Abi.NONE;
    }

    /** With that ring before it, until then. */
    ServiceEntry after(int before, long untilNs) {
        return new ServiceEntry(ring, before, untilNs, remember, hashInput);
    }

    /** With the window over. */
    ServiceEntry withoutPrevious() {
        return new ServiceEntry(ring, Abi.NONE, 0, remember, hashInput);
    }

    void put(MutableDirectBuffer buffer, int at) {
        buffer.putInt(at, ring);
        buffer.putInt(at + PREVIOUS, previous);
        buffer.putLong(at + WINDOW_END, windowEndNs);
        buffer.putInt(at + FLAGS, (hashInput.source() ? BY_SOURCE : 0) | (remember ? REMEMBER : 0));
        buffer.putByte(at + IPV4_PREFIX, (byte) hashInput.ipv4Prefix());
        buffer.putByte(at + IPV6_PREFIX, (byte) hashInput.ipv6Prefix());
        buffer.putShort(at + ZERO, (short) 0);
    }

    static ServiceEntry get(DirectBuffer buffer, int at) {
        int flags = buffer.getInt(at + FLAGS);
        HashInput input = new HashInput(
                (flags & BY_SOURCE) != 0,
                Byte.toUnsignedInt(buffer.getByte(at + IPV4_PREFIX)),
                Byte.toUnsignedInt(buffer.getByte(at + IPV6_PREFIX)));
        return new ServiceEntry(
                buffer.getInt(at),
                buffer.getInt(at + PREVIOUS),
                buffer.getLong(at + WINDOW_END),
                (flags & REMEMBER) != 0,
                input);
    }
}
