package io.penstock.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 128 bits, high half first, in network order. IPv4 is held in its IPv4-mapped form
 * (RFC 4291 section 2.5.5.2), so a client that reaches a dual-stack socket as {@code ::ffff:192.0.2.1} and one that
 * reaches an IPv4 socket as {@code 192.0.2.1} are the same address, hash alike and reach the same backend.
 *
 * @param high the first eight octets
 * @param low the last eight octets
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    /** The third 32-bit word of every IPv4-mapped address: {@code 0000:ffff}. */
    private static final long MAPPED_PREFIX = 0x0000_ffff_0000_0000L;

    private static final long MAPPED_MASK = 0xffff_ffff_0000_0000L;

    public static final IpAddress ANY_IPV4 = ofIpv4(0);
    public static final IpAddress ANY_IPV6 = new IpAddress(0, 0);

    /** From the 32 bits of an IPv4 address, most significant octet first. */
    public static IpAddress ofIpv4(int address) {
        return new IpAddress(0, MAPPED_PREFIX | Integer.toUnsignedLong(address));
    }

    public static IpAddress of(InetAddress address) {
        return ofOctets(address.getAddress());
    }

    /** An address literal without brackets or a zone; empty for anything else. Never asks a name server. */
    public static Optional<IpAddress> parse(String literal) {
        if (literal.indexOf('%') >= 0 || literal.startsWith("[")) {
            return Optional.empty();
        }
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(literal);
        return octets == null ? Optional.empty() : Optional.of(ofOctets(octets));
    }

    private static IpAddress ofOctets(byte[] octets) {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        return octets.length == 4 ? ofIpv4(buffer.getInt()) : new IpAddress(buffer.getLong(), buffer.getLong());
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    /** For callers that hold the two halves only. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && (low & MAPPED_MASK) == MAPPED_PREFIX;
    }

    /** The 32 bits of an IPv4 address; meaningful only when {@link #isIpv4()}. */
    public int ipv4() {
        return (int) low;
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return isIpv4() ? ipv4() >>> 24 == 127 : high == 0 && low == 1;
    }

    /** Whether it is valid on one link only: RFC 3927, RFC 4291 section 2.5.6. */
    public boolean isLinkLocal() {
        return isIpv4() ? ipv4() >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
    }

    /** Whether one host can have this address: not the unspecified one, not multicast, not the IPv4 broadcast. */
    public boolean isUnicast() {
        if (isIpv4()) {
            return ipv4() != 0 && ipv4() >>> 28 < 0xe;
        }
        return !equals(ANY_IPV6) && high >>> 56 != 0xff;
    }

    public boolean isAny() {
        return equals(ANY_IPV4) || equals(ANY_IPV6);
    }

    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** IPv4 in dotted form, IPv6 in the canonical form of RFC 5952, both without brackets. */
    @Override
    public String toString() {
        ByteBuffer octets = ByteBuffer.allocate(16).putLong(high).putLong(low);
        return isIpv4() ? NetUtil.intToIpAddress(ipv4()) : NetUtil.bytesToIpAddress(octets.array());
    }
}
