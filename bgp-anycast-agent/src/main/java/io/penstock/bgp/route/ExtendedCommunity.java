package io.penstock.bgp.route;

/**
 * An extended community of RFC 4360.
 *
 * @param value its eight octets
 */
public record ExtendedCommunity(long value) implements Comparable<ExtendedCommunity> {
    @Override
    public int compareTo(ExtendedCommunity other) {
        return Long.compareUnsigned(value, other.value);
    }
}
