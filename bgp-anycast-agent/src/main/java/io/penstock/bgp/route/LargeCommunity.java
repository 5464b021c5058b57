package io.penstock.bgp.route;

import java.util.Comparator;

/**
 * A large community of RFC 8092; each part is 0 to 4294967295.
 *
 * @param administrator an ASN
 */
public record LargeCommunity(long administrator, long first, long second) implements Comparable<LargeCommunity> {
    private static final Comparator<LargeCommunity> ORDER = Comparator.comparingLong(LargeCommunity::administrator)
            .thenComparingLong(LargeCommunity::first)
            .thenComparingLong(LargeCommunity::second);

    @Override
    public int compareTo(LargeCommunity other) {
        return ORDER.compare(this, other);
    }
}
