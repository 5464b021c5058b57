package io.penstock.bgp.route;

import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A community of RFC 1997.
 *
 * @param value 32 bits, the high half an ASN by custom
 */
public record Community(int value) implements Comparable<Community> {
    /** A receiver prefers any other path (RFC 8326). */
    public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff_0000);

    public static final Community NO_EXPORT = new Community(0xffff_ff01);

    /** IANA's registry "BGP Well-known Communities"; what has no meaning without a partner in the same software is left out. */
    private static final Map<String, Community> BY_NAME = Map.of(
            "graceful-shutdown", GRACEFUL_SHUTDOWN,
            "accept-own", new Community(0xffff_0001),
            "llgr-stale", new Community(0xffff_0006),
            "no-llgr", new Community(0xffff_0007),
            "blackhole", new Community(0xffff_029a),
            "no-export", NO_EXPORT,
            "no-advertise", new Community(0xffff_ff02),
            "no-export-subconfed", new Community(0xffff_ff03),
            "no-peer", new Community(0xffff_ff04));

    private static final Map<Community, String> NAMES =
            BY_NAME.entrySet().stream().collect(Collectors.toUnmodifiableMap(Entry::getValue, Entry::getKey));

    private static final int HALF = Short.SIZE;

    /**
     * {@code 65001:100}, both 0 to 65535, or a well-known one by its name; empty for anything else, one number of 32 bits among it: who
     * writes that mostly means something else.
     */
    public static Optional<Community> parse(String text) {
        Community known = BY_NAME.get(text);
        if (known != null) {
            return Optional.of(known);
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        OptionalLong high = Decimal.parse(text.substring(0, colon), Decimal.MAX_16_BITS);
        OptionalLong low = Decimal.parse(text.substring(colon + 1), Decimal.MAX_16_BITS);
        return high.isEmpty() || low.isEmpty()
                ? Optional.empty()
                : Optional.of(new Community((int) (high.getAsLong() << HALF | low.getAsLong())));
    }

    @Override
    public int compareTo(Community other) {
        return Integer.compareUnsigned(value, other.value);
    }

    /** By its name if it has one. */
    @Override
    public String toString() {
        String name = NAMES.get(this);
        return name != null ? name : (value >>> HALF) + ":" + (value & 0xffff);
    }
}
