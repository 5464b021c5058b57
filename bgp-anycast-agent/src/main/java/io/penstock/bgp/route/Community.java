package io.penstock.bgp.route;

/**
 * A community of RFC 1997.
 *
 * @param value 32 bits, the high half an ASN by custom
 */
public record Community(int value) implements Comparable<Community> {
    /** A receiver prefers any other path (RFC 8326). */
    public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff_0000);

    public static final Community NO_EXPORT = new Community(0xffff_ff01);

    @Override
    public int compareTo(Community other) {
        return Integer.compareUnsigned(value, other.value);
    }
}
