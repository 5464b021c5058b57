package io.penstock.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) of flows. Without the key nobody can
 * choose addresses that all land on one backend. Every method equals the reference function on the octets it documents,
 * so another program with the same key (a kernel program, another forwarder) finds the same backend. Immutable; any
 * thread.
 */
public final class FlowHash {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] NO_BYTES = {};

    private final long k0;
    private final long k1;

    /**
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     */
    public FlowHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Octets 0 to 7 of the key, little-endian: for a program of the kernel that hashes alike. */
    public long k0() {
        return k0;
    }

    /** Octets 8 to 15 of the key, little-endian. */
    public long k1() {
        return k1;
    }

    /** Of the 16 octets of an {@link IpAddress} in network order; all of IPv6, not a fold of it. */
    public long ofSource(long srcHigh, long srcLow) {
        return hash(16, Long.reverseBytes(srcHigh), Long.reverseBytes(srcLow), 0, 0, NO_BYTES, 0);
    }

    /**
     * Of these 37 octets, every number in network order, or of 13 when both addresses are of IPv4, which takes four rounds less:
     *
     * <pre>
     *   0..15  source address        32..33  source port
     *  16..31  destination address   34..35  destination port
     *                                    36  protocol (6 TCP, 17 UDP)
     *
     *   0..3   source address         8..9   source port
     *   4..7   destination address   10..11  destination port
     *                                    12  protocol
     * </pre>
     */
    public long ofFlow(long srcHigh, long srcLow, int srcPort, long dstHigh, long dstLow, int dstPort, int protocol) {
        long tail = ((srcPort & 0xffffL) << 48) | ((dstPort & 0xffffL) << 32) | ((protocol & 0xffL) << 24);
        if (isIpv4(srcHigh, srcLow) && isIpv4(dstHigh, dstLow)) {
            long addresses = srcLow << 32 | (dstLow & 0xffff_ffffL);
            return hash(13, Long.reverseBytes(addresses), 0, 0, 0, NO_BYTES, Long.reverseBytes(tail));
        }
        return hash(
                37,
                Long.reverseBytes(srcHigh),
                Long.reverseBytes(srcLow),
                Long.reverseBytes(dstHigh),
                Long.reverseBytes(dstLow),
                NO_BYTES,
                Long.reverseBytes(tail));
    }

    /** Whether these are the halves of an IPv4 address, as {@link IpAddress} has it: mapped to IPv6. */
    private static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    public long ofBytes(byte[] bytes) {
        long tail = 0;
        for (int at = bytes.length - 1; at >= (bytes.length & ~7); at--) {
            tail = (tail << 8) | (bytes[at] & 0xffL);
        }
        return hash(bytes.length, 0, 0, 0, 0, bytes, tail);
    }

    /**
     * The four state words are locals, not fields of an object: escape analysis does not remove such an object in every
     * caller. The four rounds that finish count as two more words of zero, so the round is written once.
     *
     * @param length in octets
     * @param w0 the first of the whole words, little-endian, when {@code bytes} is empty
     * @param bytes holds the whole words when there can be more than four
     * @param tail the up to 7 octets after the last whole word, little-endian
     */
    private long hash(int length, long w0, long w1, long w2, long w3, byte[] bytes, long tail) {
        long v0 = k0 ^ 0x736f6d6570736575L; // "somepseu"
        long v1 = k1 ^ 0x646f72616e646f6dL; // "dorandom"
        long v2 = k0 ^ 0x6c7967656e657261L; // "lygenera"
        long v3 = k1 ^ 0x7465646279746573L; // "tedbytes"
        int wholeWords = length >>> 3;
        for (int i = 0; i < wholeWords + 3; i++) {
            long word;
            if (i < wholeWords) {
                word = bytes.length == 0 ? word(i, w0, w1, w2, w3) : (long) WORD.get(bytes, i * Long.BYTES);
            } else if (i == wholeWords) {
                word = ((long) length << 56) | tail;
            } else {
                word = 0;
                v2 ^= i == wholeWords + 1 ? 0xff : 0;
            }
            v3 ^= word;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Of the same key. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FlowHash hash && k0 == hash.k0 && k1 == hash.k1;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(k0 ^ k1);
    }

    private static long word(int i, long w0, long w1, long w2, long w3) {
        return i < 2 ? (i == 0 ? w0 : w1) : (i == 2 ? w2 : w3);
    }
}
