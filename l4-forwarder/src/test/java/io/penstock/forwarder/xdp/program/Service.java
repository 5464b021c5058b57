package io.penstock.forwarder.xdp.program;

import org.agrona.concurrent.UnsafeBuffer;

/** A service as the program knows it: {@code struct service} of maps.h. */
record Service(int ring, int previous, long windowEndNs, int flags, int ipv4Prefix, int ipv6Prefix) {
    static final int OCTETS = 24;
    private static final int NONE = -1;
    private static final int BY_SOURCE = 1;
    private static final int REMEMBER = 2;

    /** By the whole flow, without a memory. */
    static Service of(int ring) {
        return new Service(ring, NONE, 0, 0, 32, 128);
    }

    Service remembering() {
        return new Service(ring, previous, windowEndNs, flags | REMEMBER, ipv4Prefix, ipv6Prefix);
    }

    Service bySource(int ipv4Bits, int ipv6Bits) {
        return new Service(ring, previous, windowEndNs, flags | BY_SOURCE, ipv4Bits, ipv6Bits);
    }

    /** As it was before a change. */
    Service previously(int former, long untilNs) {
        return new Service(ring, former, untilNs, flags, ipv4Prefix, ipv6Prefix);
    }

    UnsafeBuffer buffer() {
        return new Layout(OCTETS)
                .u32(ring)
                .u32(previous)
                .u64(windowEndNs)
                .u32(flags)
                .u8(ipv4Prefix)
                .u8(ipv6Prefix)
                .u16(0)
                .buffer();
    }
}
