package io.penstock.netlink;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * Goes through attributes, one behind the other (netlink(7), linux/netlink.h). What the kernel or anyone else sent is not trusted: an
 * attribute that says it is longer than what is left ends the walk, and one that is too short for what is asked of it reads as 0 or
 * empty. NOT thread safe.
 */
final class AttributeReader {
    static final int TYPE_MASK = 0x3fff;

    private static final int HEADER_BYTES = 4;
    private static final int ALIGN = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private final DirectBuffer buffer;
    private final int limit;
    private int next;
    private int type;
    private int value;
    private int length;

    /**
     * @param from where the first attribute begins
     * @param limit behind the last
     */
    AttributeReader(DirectBuffer buffer, int from, int limit) {
        this.buffer = buffer;
        this.next = from;
        this.limit = Math.min(limit, buffer.capacity());
    }

    /** Steps to the next attribute; false behind the last. */
    boolean next() {
        if (limit - next < HEADER_BYTES) {
            return false;
        }
        int bytes = Short.toUnsignedInt(buffer.getShort(next));
        if (bytes < HEADER_BYTES || bytes > limit - next) {
            next = limit;
            return false;
        }
        type = Short.toUnsignedInt(buffer.getShort(next + Short.BYTES)) & TYPE_MASK;
        value = next + HEADER_BYTES;
        length = bytes - HEADER_BYTES;
        next += bytes + (-bytes & (ALIGN - 1));
        return true;
    }

    /** Without the bits for nesting and byte order. */
    int type() {
        return type;
    }

    /** Of the value, in octets. */
    int length() {
        return length;
    }

    /** Where the value begins. */
    int offset() {
        return value;
    }

    int u8() {
        return length < Byte.BYTES ? 0 : Byte.toUnsignedInt(buffer.getByte(value));
    }

    int u16() {
        return u16(0);
    }

    /** @param at an offset into the value */
    int u16(int at) {
        return length < at + Short.BYTES ? 0 : Short.toUnsignedInt(buffer.getShort(value + at));
    }

    int s32() {
        return (int) u32(0);
    }

    long u32() {
        return u32(0);
    }

    /** @param at an offset into the value */
    long u32(int at) {
        return length < at + Integer.BYTES ? 0 : Integer.toUnsignedLong(buffer.getInt(value + at));
    }

    long u64() {
        return length < Long.BYTES ? 0 : buffer.getLong(value);
    }

    /** By its length; empty when it is neither family's. */
    Optional<IpAddress> address() {
        return address(0);
    }

    /** @param at an offset into the value: the address is the rest */
    Optional<IpAddress> address(int at) {
        return switch (length - at) {
            case IPV4_BYTES -> Optional.of(IpAddress.ofIpv4(buffer.getInt(value + at, ByteOrder.BIG_ENDIAN)));
            case IPV6_BYTES ->
                Optional.of(new IpAddress(
                        buffer.getLong(value + at, ByteOrder.BIG_ENDIAN),
                        buffer.getLong(value + at + Long.BYTES, ByteOrder.BIG_ENDIAN)));
            default -> Optional.empty();
        };
    }

    /** Up to the first 0, or all. */
    String text() {
        byte[] octets = octets();
        int end = 0;
        while (end < octets.length && octets[end] != 0) {
            end++;
        }
        return new String(octets, 0, end, StandardCharsets.UTF_8);
    }

    byte[] octets() {
        byte[] octets = new byte[length];
        buffer.getBytes(value, octets);
        return octets;
    }

    /** What lies within the value. */
    AttributeReader nested() {
        return new AttributeReader(buffer, value, value + length);
    }
}
