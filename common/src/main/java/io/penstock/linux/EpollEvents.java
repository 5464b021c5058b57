package io.penstock.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An array of {@code struct epoll_event}. NOT thread safe.
 *
 * <pre>
 * struct epoll_event {       x86-64 (packed)   elsewhere
 *     uint32_t events;       offset 0          offset 0
 *     epoll_data_t data;     offset 4          offset 8     64 bits, ours to choose
 * };                         size 12           size 16
 * </pre>
 */
public final class EpollEvents {
    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final int SIZE = PACKED ? 12 : 16;

    private final UnsafeBuffer buffer;
    private final int capacity;

    /** Room for {@code capacity} events, at least 1. */
    public EpollEvents(int capacity) {
        this.capacity = capacity;
        ByteBuffer memory = BufferUtil.allocateDirectAligned(capacity * SIZE, Long.BYTES);
        buffer = new UnsafeBuffer(memory);
    }

    public long address() {
        return buffer.addressOffset();
    }

    public int capacity() {
        return capacity;
    }

    public int events(int index) {
        return buffer.getInt(index * SIZE, ByteOrder.nativeOrder());
    }

    public long data(int index) {
        return buffer.getLong(index * SIZE + DATA_OFFSET, ByteOrder.nativeOrder());
    }

    /** Fills one element, to be handed to epoll_ctl. */
    public EpollEvents put(int index, int events, long data) {
        buffer.putInt(index * SIZE, events, ByteOrder.nativeOrder());
        buffer.putLong(index * SIZE + DATA_OFFSET, data, ByteOrder.nativeOrder());
        return this;
    }
}
