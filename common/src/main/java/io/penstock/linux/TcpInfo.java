package io.penstock.linux;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the kernel knows of one TCP socket, as of the last {@link Sockets#info}. NOT thread safe: one per thread.
 *
 * <pre>
 * struct tcp_info {                          linux/tcp.h, up to where 4.9 ends
 *     __u8  tcpi_state;             0        __u32 tcpi_rtt;               68
 *     ...                                    ...
 *     __u32 tcpi_unacked;          24        __u32 tcpi_total_retrans;    100
 *     __u32 tcpi_sacked;           28        ...
 *     ...                                    __u32 tcpi_data_segs_out;    156
 *                                            __u64 tcpi_delivery_rate;    160
 * };
 * </pre>
 */
public final class TcpInfo {
    /** Later kernels know more, and give as much as there is room for. */
    static final int BYTES = 168;

    private static final int STATE = 0;
    private static final int UNACKED = 24;
    private static final int SACKED = 28;
    private static final int RTT = 68;
    private static final int TOTAL_RETRANS = 100;
    private static final int DATA_SEGS_OUT = 156;
    private static final int DELIVERY_RATE = 160;
    private static final int LENGTH_OFFSET = BYTES;

    /** Of {@link #state}. */
    public static final int TCP_ESTABLISHED = 1;

    public static final int TCP_LISTEN = 10;

    private final UnsafeBuffer buffer =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BYTES + Long.BYTES, Long.BYTES));

    long address() {
        return buffer.addressOffset();
    }

    /** A socklen_t, which is the room before a call and what was filled after it. */
    long lengthAddress() {
        return buffer.addressOffset() + LENGTH_OFFSET;
    }

    /** What a kernel does not know is 0. */
    void prepare() {
        buffer.setMemory(0, BYTES, (byte) 0);
        buffer.putInt(LENGTH_OFFSET, BYTES, ByteOrder.nativeOrder());
    }

    public int state() {
        return buffer.getByte(STATE);
    }

    /** Smoothed, in microseconds. */
    public long rttUs() {
        return unsigned(RTT);
    }

    /** Segments with data that were sent, those that were sent again among them. */
    public long dataSegmentsSent() {
        return unsigned(DATA_SEGS_OUT);
    }

    /** Segments that were sent again, SYNs among them. */
    public long retransmissions() {
        return unsigned(TOTAL_RETRANS);
    }

    /** In bytes a second, as last measured; no more than there was to send. 0 before. */
    public long deliveryRate() {
        return buffer.getLong(DELIVERY_RATE, ByteOrder.nativeOrder());
    }

    /** Of a listening socket: connections that wait to be accepted. */
    public long acceptQueue() {
        return unsigned(UNACKED);
    }

    /** Of a listening socket: how many may wait. */
    public long acceptQueueLimit() {
        return unsigned(SACKED);
    }

    private long unsigned(int offset) {
        return Integer.toUnsignedLong(buffer.getInt(offset, ByteOrder.nativeOrder()));
    }
}
