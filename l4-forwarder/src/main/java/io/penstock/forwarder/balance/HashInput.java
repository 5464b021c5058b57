package io.penstock.forwarder.balance;

/**
 * What of a connection decides its backend.
 *
 * @param source whether the client's address alone, or else the whole flow: both addresses, both ports, the protocol
 * @param ipv4Prefix of an IPv4 source, so many leading bits count: 0 to 32
 * @param ipv6Prefix of an IPv6 source: 0 to 128
 */
public record HashInput(boolean source, int ipv4Prefix, int ipv6Prefix) {
    public static final HashInput FLOW = new HashInput(false, 32, 128);
    public static final HashInput SOURCE = new HashInput(true, 32, 128);

    private static final int IPV4_MAPPED_BITS = 96;
    private static final long IPV4_MAPPED = 0x0000_ffff_0000_0000L;

    public long maskedHigh(long high, long low) {
        return high & highMask(prefix(high, low));
    }

    public long maskedLow(long high, long low) {
        return low & lowMask(prefix(high, low));
    }

    private int prefix(long high, long low) {
        boolean ipv4 = high == 0 && (low & 0xffff_ffff_0000_0000L) == IPV4_MAPPED;
        return ipv4 ? IPV4_MAPPED_BITS + ipv4Prefix : ipv6Prefix;
    }

    private static long highMask(int prefix) {
        return prefix >= 64 ? -1L : prefix == 0 ? 0 : -1L << (64 - prefix);
    }

    private static long lowMask(int prefix) {
        return prefix <= 64 ? 0 : -1L << (128 - prefix);
    }
}
