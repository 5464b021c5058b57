package io.penstock.forwarder.bpf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Off-heap memory for calls. */
final class Memory {
    private Memory() {}

    /** Zeroes, aligned for any field. */
    static UnsafeBuffer zeroed(int length) {
        UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, Long.BYTES));
        memory.setMemory(0, length, (byte) 0);
        return memory;
    }

    /** Options of libbpf: a struct that begins with its own size, which is how old and new programs understand each other. */
    static UnsafeBuffer options(int length) {
        UnsafeBuffer options = zeroed(length);
        options.putLong(0, length, ByteOrder.nativeOrder());
        return options;
    }

    static UnsafeBuffer copyOf(byte[] bytes) {
        UnsafeBuffer copy = zeroed(Math.max(bytes.length, 1));
        copy.putBytes(0, bytes);
        return copy;
    }

    /** With the zero at its end. */
    static UnsafeBuffer string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        UnsafeBuffer copy = zeroed(bytes.length + 1);
        copy.putBytes(0, bytes);
        return copy;
    }

    static int intAt(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset, ByteOrder.nativeOrder());
    }

    static void putInt(UnsafeBuffer buffer, int offset, int value) {
        buffer.putInt(offset, value, ByteOrder.nativeOrder());
    }

    static void putLong(UnsafeBuffer buffer, int offset, long value) {
        buffer.putLong(offset, value, ByteOrder.nativeOrder());
    }

    /**
     * Where the kernel finds it.
     *
     * @throws IllegalArgumentException for one on the heap, which may move, or one that is too short for the kernel
     */
    static long address(DirectBuffer buffer, int atLeast) {
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("a buffer on the heap");
        }
        if (buffer.capacity() < atLeast) {
            throw new IllegalArgumentException(
                    "a buffer of " + buffer.capacity() + " octets where " + atLeast + " are needed");
        }
        return buffer.addressOffset();
    }
}
