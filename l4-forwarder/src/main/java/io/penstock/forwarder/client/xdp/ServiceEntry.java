package io.penstock.forwarder.client.xdp;

import org.agrona.DirectBuffer;

/**
 * One element of the map {@code services}.
 *
 * <pre>
 * struct service {
 *     __u32 ring;           0       __u32 flags;        16
 *     __u32 previous;       4       __u8 ipv4_prefix;   20
 *     __u64 window_end_ns;  8       __u8 ipv6_prefix;   21
 * };                                            size 24
 * </pre>
 *
 * @param ring or {@link #NONE}
 * @param previous that of before the last change, or {@link #NONE}
 * @param windowEndNs until when it counts, on CLOCK_MONOTONIC
 */
record ServiceEntry(int index, int ring, int previous, long windowEndNs, int flags) {
    static final int BYTES = 24;
    static final int NONE = 0xffff_ffff;

    private static final int PREVIOUS = 4;
    private static final int WINDOW_END = 8;
    private static final int FLAGS = 16;
    private static final int BY_SOURCE = 1;
    private static final int REMEMBER = 2;

    static ServiceEntry read(int index, DirectBuffer buffer) {
        return new ServiceEntry(
                index, buffer.getInt(0), buffer.getInt(PREVIOUS), buffer.getLong(WINDOW_END), buffer.getInt(FLAGS));
    }

    boolean isBySource() {
        return (flags & BY_SOURCE) != 0;
    }

    boolean remembers() {
        return (flags & REMEMBER) != 0;
    }

    /** 0 when there is no change whose window is open. */
    double windowSeconds(long nowNs) {
        return previous == NONE || windowEndNs - nowNs <= 0 ? 0 : (windowEndNs - nowNs) / 1e9;
    }
}
