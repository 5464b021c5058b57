package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import org.agrona.DirectBuffer;

/**
 * The checksum of RFC 1071 and the sums that it is made of. A sum is what the 16-bit words add up to, carries not yet folded; sums of
 * parts of even length may be added.
 */
public final class InternetChecksum {
    private static final int PROTOCOL = 112;
    private static final int WORD = 0xffff;

    private InternetChecksum() {}

    /** Of these octets; an odd one at the end counts as the high half of a word. */
    public static long sum(DirectBuffer buffer, int offset, int length) {
        long sum = 0;
        int even = length & ~1;
        for (int at = offset; at < offset + even; at += Short.BYTES) {
            sum += ((buffer.getByte(at) & 0xff) << 8) + (buffer.getByte(at + 1) & 0xff);
        }
        return even == length ? sum : sum + ((buffer.getByte(offset + even) & 0xff) << 8);
    }

    /** Of the pseudo-header of a VRRP message, as {@link #pseudoHeader(IpAddress, IpAddress, int, int)}. */
    static long pseudoHeader(IpAddress source, IpAddress destination, int length) {
        return pseudoHeader(source, destination, PROTOCOL, length);
    }

    /** Of the pseudo-header of RFC 9293 section 3.1 over IPv4, of RFC 8200 section 8.1 over IPv6: the same words, some wider. */
    public static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
        return address(source) + address(destination) + protocol + length;
    }

    private static long address(IpAddress address) {
        return address.isIpv4()
                ? words(Integer.toUnsignedLong(address.ipv4()))
                : words(address.high()) + words(address.low());
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & WORD) + (value >>> 16 & WORD) + (value & WORD);
    }

    /** What goes into the checksum field, where the field itself was zero in the sum. */
    public static int checksum(long sum) {
        return ~fold(sum) & WORD;
    }

    /** Whether a sum that includes the checksum field is that of intact octets. */
    static boolean intact(long sum) {
        return fold(sum) == WORD;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > WORD) {
            folded = (folded & WORD) + (folded >>> 16);
        }
        return (int) folded;
    }
}
