package io.penstock.bgp.route;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A large community of RFC 8092; each part is 0 to 4294967295.
 *
 * @param administrator an ASN
 */
public record LargeCommunity(long administrator, long first, long second) implements Comparable<LargeCommunity> {
    private static final Comparator<LargeCommunity> ORDER = Comparator.comparingLong(LargeCommunity::administrator)
            .thenComparingLong(LargeCommunity::first)
            .thenComparingLong(LargeCommunity::second);

    private static final int PARTS = 3;

    public LargeCommunity {
        if ((administrator | first | second) >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException(administrator + ":" + first + ":" + second + " is no large community");
        }
    }

    /** {@code 65001:9:1}; empty for anything else. */
    public static Optional<LargeCommunity> parse(String text) {
        String[] parts = text.split(":", PARTS + 1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        OptionalLong administrator = Decimal.parse(parts[0], Decimal.MAX_32_BITS);
        OptionalLong first = Decimal.parse(parts[1], Decimal.MAX_32_BITS);
        OptionalLong second = Decimal.parse(parts[2], Decimal.MAX_32_BITS);
        return administrator.isEmpty() || first.isEmpty() || second.isEmpty()
                ? Optional.empty()
                : Optional.of(new LargeCommunity(administrator.getAsLong(), first.getAsLong(), second.getAsLong()));
    }

    @Override
    public int compareTo(LargeCommunity other) {
        return ORDER.compare(this, other);
    }

    /** The canonical form of RFC 8092 section 5. */
    @Override
    public String toString() {
        return administrator + ":" + first + ":" + second;
    }
}
