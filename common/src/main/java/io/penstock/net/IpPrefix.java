package io.penstock.net;

import java.util.Optional;

/**
 * A block of addresses in CIDR notation (RFC 4632). IPv4 is held as IPv4-mapped, so its length counts from 96.
 *
 * @param first its lowest address: all bits behind the prefix are 0
 * @param bits leading bits that all addresses of the block share, 0 to 128
 */
public record IpPrefix(IpAddress first, int bits) {
    private static final int IPV4_MAPPED_BITS = 96;
    private static final int MAX_BITS = 128;

    public IpPrefix {
        if (bits < 0 || bits > MAX_BITS || !first.equals(masked(first, bits))) {
            throw new IllegalArgumentException(first + " with " + bits + " bits is no prefix");
        }
    }

    /** {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address for itself alone; empty when it is neither. */
    public static Optional<IpPrefix> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        Optional<IpAddress> first = IpAddress.parse(address);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int base = first.get().isIpv4() ? IPV4_MAPPED_BITS : 0;
        int bits = MAX_BITS;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > MAX_BITS - base) {
                return Optional.empty();
            }
            bits = base + Integer.parseInt(length);
        }
        return first.get().equals(masked(first.get(), bits))
                ? Optional.of(new IpPrefix(first.get(), bits))
                : Optional.empty();
    }

    /** The halves are those of an IpAddress. */
    public boolean contains(long high, long low) {
        return (high & highMask(bits)) == first.high() && (low & lowMask(bits)) == first.low();
    }

    private static IpAddress masked(IpAddress address, int bits) {
        return new IpAddress(address.high() & highMask(bits), address.low() & lowMask(bits));
    }

    private static long highMask(int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
    }

    private static long lowMask(int bits) {
        return bits <= 64 ? 0 : -1L << (128 - bits);
    }

    @Override
    public String toString() {
        return first + "/" + (first.isIpv4() && bits >= IPV4_MAPPED_BITS ? bits - IPV4_MAPPED_BITS : bits);
    }
}
