package io.penstock.net;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of addresses in CIDR notation (RFC 4632). IPv4 is held as IPv4-mapped, so its length counts from 96. The two
 * families stay apart: {@code ::/0} is all of IPv6 and nothing of IPv4.
 *
 * @param first its lowest address: all bits behind the prefix are 0
 * @param bits leading bits that all addresses of the block share, 0 to 128
 */
public record IpPrefix(IpAddress first, int bits) {
    static final IpPrefix ALL_IPV4 = new IpPrefix(IpAddress.ANY_IPV4, 96);

    private static final int IPV4_MAPPED_BITS = 96;
    private static final int MAX_BITS = 128;

    /** Octal to some programs, decimal to others. */
    private static final Pattern OCTET_WITH_LEADING_ZERO = Pattern.compile("(^|[:.])0[0-9]+\\.|\\.0[0-9]+$");

    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    public IpPrefix {
        if (bits < 0 || bits > MAX_BITS || !first.equals(masked(first, bits))) {
            throw new IllegalArgumentException(first + " with " + bits + " bits is no prefix");
        }
    }

    /**
     * {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address for itself alone; empty when it is neither. The length
     * counts in the notation of the address, so {@code ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}.
     */
    public static Optional<IpPrefix> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        Optional<IpAddress> first = IpAddress.parse(address);
        if (first.isEmpty() || OCTET_WITH_LEADING_ZERO.matcher(address).find()) {
            return Optional.empty();
        }
        int base = address.indexOf(':') < 0 ? IPV4_MAPPED_BITS : 0;
        int bits = MAX_BITS;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > MAX_BITS - base) {
                return Optional.empty();
            }
            bits = base + Integer.parseInt(length);
        }
        return first.get().equals(masked(first.get(), bits))
                ? Optional.of(new IpPrefix(first.get(), bits))
                : Optional.empty();
    }

    /** Empty when there is no such prefix: bits out of range, or 1 behind them. */
    public static Optional<IpPrefix> of(IpAddress first, int bits) {
        return bits >= 0 && bits <= MAX_BITS && first.equals(masked(first, bits))
                ? Optional.of(new IpPrefix(first, bits))
                : Optional.empty();
    }

    /**
     * The block that an address is in.
     *
     * @param bits 0 to 128, of an IPv4 address from 96 on
     */
    public static IpPrefix around(IpAddress address, int bits) {
        return new IpPrefix(masked(address, bits), bits);
    }

    /** A block of IPv4; its 96 bits and more in front are those of every such address. */
    public boolean isIpv4() {
        return first.isIpv4();
    }

    /** The halves are those of an IpAddress. */
    public boolean contains(long high, long low) {
        return (high & highMask(bits)) == first.high()
                && (low & lowMask(bits)) == first.low()
                && (bits >= IPV4_MAPPED_BITS || !IpAddress.isIpv4(high, low));
    }

    /** Whether every address of the other block is one of this. */
    public boolean contains(IpPrefix other) {
        return other.bits >= bits && other.isIpv4() == isIpv4() && contains(other.first.high(), other.first.low());
    }

    private static IpAddress masked(IpAddress address, int bits) {
        return new IpAddress(address.high() & highMask(bits), address.low() & lowMask(bits));
    }

    static long highMask(int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
    }

    static long lowMask(int bits) {
        return bits <= 64 ? 0 : -1L << (128 - bits);
    }

    @Override
    public String toString() {
        return first + "/" + (isIpv4() ? bits - IPV4_MAPPED_BITS : bits);
    }
}
