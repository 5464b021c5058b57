package io.penstock.linux;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An array of {@code struct mmsghdr}, as recvmmsg(2) and sendmmsg(2) take it, on 64-bit Linux. NOT thread safe.
 *
 * <pre>
 * struct mmsghdr {
 *     struct msghdr {
 *         void         *msg_name;        0
 *         socklen_t     msg_namelen;     8
 *         struct iovec *msg_iov;        16
 *         size_t        msg_iovlen;     24
 *         void         *msg_control;    32
 *         size_t        msg_controllen; 40
 *         int           msg_flags;      48
 *     } msg_hdr;
 *     unsigned int msg_len;             56
 * };                               size 64
 * </pre>
 */
final class MessageHeaders {
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int IOV_OFFSET = 16;
    private static final int IOV_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int FLAGS_OFFSET = 48;
    private static final int LENGTH_OFFSET = 56;
    private static final int SIZE = 64;

    private final UnsafeBuffer buffer;

    MessageHeaders(int capacity) {
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.multiplyExact(capacity, SIZE), SIZE));
    }

    long address(int index) {
        return buffer.addressOffset() + (long) index * SIZE;
    }

    void name(int index, long address, int length) {
        buffer.putLong(index * SIZE, address, ByteOrder.nativeOrder());
        nameLength(index, length);
    }

    void nameLength(int index, int length) {
        buffer.putInt(index * SIZE + NAME_LENGTH_OFFSET, length, ByteOrder.nativeOrder());
    }

    void parts(int index, long address) {
        buffer.putLong(index * SIZE + IOV_OFFSET, address, ByteOrder.nativeOrder());
    }

    int partCount(int index) {
        return (int) buffer.getLong(index * SIZE + IOV_COUNT_OFFSET, ByteOrder.nativeOrder());
    }

    void partCount(int index, int count) {
        buffer.putLong(index * SIZE + IOV_COUNT_OFFSET, count, ByteOrder.nativeOrder());
    }

    void control(int index, long address) {
        buffer.putLong(index * SIZE + CONTROL_OFFSET, address, ByteOrder.nativeOrder());
    }

    int controlLength(int index) {
        return (int) buffer.getLong(index * SIZE + CONTROL_LENGTH_OFFSET, ByteOrder.nativeOrder());
    }

    void controlLength(int index, int length) {
        buffer.putLong(index * SIZE + CONTROL_LENGTH_OFFSET, length, ByteOrder.nativeOrder());
    }

    int flags(int index) {
        return buffer.getInt(index * SIZE + FLAGS_OFFSET, ByteOrder.nativeOrder());
    }

    /** What the kernel has moved of this message, in octets. */
    int length(int index) {
        return buffer.getInt(index * SIZE + LENGTH_OFFSET, ByteOrder.nativeOrder());
    }
}
