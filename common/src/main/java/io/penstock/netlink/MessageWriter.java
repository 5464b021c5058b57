package io.penstock.netlink;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes netlink messages, one behind the other, into a buffer outside of the heap: header, family's own header, attributes (netlink(7),
 * linux/netlink.h), in the byte order of this machine. NOT thread safe.
 */
final class MessageWriter {
    static final int HEADER_BYTES = 16;
    static final int NLA_F_NESTED = 0x8000;

    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int ALIGN = 4;

    private final UnsafeBuffer buffer;
    private int start;
    private int end;

    MessageWriter(int capacityBytes) {
        ByteBuffer memory =
                BufferUtil.allocateDirectAligned(capacityBytes, Long.BYTES).order(ByteOrder.nativeOrder());
        buffer = new UnsafeBuffer(memory);
    }

    /** Forgets all messages. */
    MessageWriter clear() {
        start = 0;
        end = 0;
        return this;
    }

    /** Begins a message behind those that are there. */
    MessageWriter begin(int type, int flags, int sequence) {
        start = end;
        zero(HEADER_BYTES);
        buffer.putShort(start + TYPE, (short) type);
        buffer.putShort(start + FLAGS, (short) flags);
        buffer.putInt(start + SEQUENCE, sequence);
        return this;
    }

    /** Ends the message: now its length is known. */
    MessageWriter finish() {
        buffer.putInt(start, end - start);
        return this;
    }

    MessageWriter u8(int value) {
        buffer.putByte(end, (byte) value);
        end++;
        return this;
    }

    MessageWriter u16(int value) {
        buffer.putShort(end, (short) value);
        end += Short.BYTES;
        return this;
    }

    MessageWriter u32(long value) {
        buffer.putInt(end, (int) value);
        end += Integer.BYTES;
        return this;
    }

    /** As many octets of 0. */
    MessageWriter zero(int octets) {
        buffer.setMemory(end, octets, (byte) 0);
        end += octets;
        return this;
    }

    /** Begins an attribute that holds others, or a structure; {@link #endAttribute} ends it. */
    int beginAttribute(int type) {
        int at = end;
        u16(0).u16(type);
        return at;
    }

    /** @param at where {@link #beginAttribute} began it */
    MessageWriter endAttribute(int at) {
        buffer.putShort(at, (short) (end - at));
        int padding = -end & (ALIGN - 1);
        return zero(padding);
    }

    MessageWriter attribute8(int type, int value) {
        int at = beginAttribute(type);
        return u8(value).endAttribute(at);
    }

    MessageWriter attribute16(int type, int value) {
        int at = beginAttribute(type);
        return u16(value).endAttribute(at);
    }

    MessageWriter attribute32(int type, long value) {
        int at = beginAttribute(type);
        return u32(value).endAttribute(at);
    }

    /** Four octets or sixteen, as the address' family has them. */
    MessageWriter attribute(int type, IpAddress address) {
        int at = beginAttribute(type);
        return octets(address).endAttribute(at);
    }

    /** With the final 0. */
    MessageWriter attribute(int type, String text) {
        int at = beginAttribute(type);
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        buffer.putBytes(end, octets);
        end += octets.length;
        return u8(0).endAttribute(at);
    }

    /** The address in network order, without a header. */
    MessageWriter octets(IpAddress address) {
        if (address.isIpv4()) {
            buffer.putInt(end, address.ipv4(), ByteOrder.BIG_ENDIAN);
            end += Integer.BYTES;
        } else {
            buffer.putLong(end, address.high(), ByteOrder.BIG_ENDIAN);
            buffer.putLong(end + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
            end += 2 * Long.BYTES;
        }
        return this;
    }

    /** Where the messages lie. */
    long address() {
        return buffer.addressOffset();
    }

    /** What was written, and free memory behind it. */
    DirectBuffer buffer() {
        return buffer;
    }

    /** Of all messages together. */
    int lengthBytes() {
        return end;
    }

    int remainingBytes() {
        return buffer.capacity() - end;
    }

    /** A copy of what was written. */
    byte[] toArray() {
        byte[] copy = new byte[end];
        buffer.getBytes(0, copy);
        return copy;
    }
}
