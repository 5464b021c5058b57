package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** {@code struct address}: sixteen octets in network order, IPv4 as {@code ::ffff:a.b.c.d}. */
final class Addresses16 {
    private Addresses16() {}

    static void put(MutableDirectBuffer buffer, int offset, IpAddress address) {
        buffer.putLong(offset, address.high(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
    }

    static IpAddress get(DirectBuffer buffer, int offset) {
        return new IpAddress(
                buffer.getLong(offset, ByteOrder.BIG_ENDIAN),
                buffer.getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }
}
