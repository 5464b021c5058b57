package io.penstock.forwarder.xdp.program;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A struct of maps.h, written field by field in its order; offsets are nobody's but the C compiler's. The tests' own. */
final class Layout {
    private final ByteBuffer octets;

    Layout(int size) {
        octets = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    Layout u8(int value) {
        octets.put((byte) value);
        return this;
    }

    Layout u16(int value) {
        octets.putShort((short) value);
        return this;
    }

    Layout u32(int value) {
        octets.putInt(value);
        return this;
    }

    Layout u64(long value) {
        octets.putLong(value);
        return this;
    }

    Layout be16(int value) {
        octets.order(ByteOrder.BIG_ENDIAN).putShort((short) value).order(ByteOrder.nativeOrder());
        return this;
    }

    /** IPv4 as ::ffff:a.b.c.d. */
    Layout address(IpAddress address) {
        octets.order(ByteOrder.BIG_ENDIAN)
                .putLong(address.high())
                .putLong(address.low())
                .order(ByteOrder.nativeOrder());
        return this;
    }

    Layout address(String address) {
        return address(IpAddress.parse(address).orElseThrow());
    }

    Layout octets(byte[] values) {
        octets.put(values);
        return this;
    }

    /** What is not yet filled stays 0. */
    UnsafeBuffer buffer() {
        return new UnsafeBuffer(octets, 0, octets.capacity());
    }
}
