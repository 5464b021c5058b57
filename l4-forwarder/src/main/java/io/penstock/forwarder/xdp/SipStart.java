package io.penstock.forwarder.xdp;

import org.agrona.MutableDirectBuffer;

/**
 * The state of SipHash-2-4 after a word of zeros, with which the addresses of IPv4 begin: the program need not compute it for each
 * packet. See {@link io.penstock.net.FlowHash}.
 */
record SipStart(long v0, long v1, long v2, long v3) {
    private static final int ROUNDS = 2;

    static SipStart of(long k0, long k1) {
        SipStart state = new SipStart(
                k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L);
        // A word of zeros changes nothing before the rounds and after them.
        for (int i = 0; i < ROUNDS; i++) {
            state = state.round();
        }
        return state;
    }

    private SipStart round() {
        long a = v0 + v1;
        long c = v2 + v3;
        long b = Long.rotateLeft(v1, 13) ^ a;
        long d = Long.rotateLeft(v3, 16) ^ c;
        a = Long.rotateLeft(a, 32) + d;
        c += b;
        return new SipStart(a, Long.rotateLeft(b, 17) ^ c, Long.rotateLeft(c, 32), Long.rotateLeft(d, 21) ^ a);
    }

    /** As four numbers of the host, one behind the other. */
    void put(MutableDirectBuffer buffer, int at) {
        buffer.putLong(at, v0);
        buffer.putLong(at + Long.BYTES, v1);
        buffer.putLong(at + 2 * Long.BYTES, v2);
        buffer.putLong(at + 3 * Long.BYTES, v3);
    }
}
