package io.penstock.net;

/**
 * From an address to a small number, by the longest prefix that contains it: the prefixes flattened into disjoint ranges,
 * found by binary search. Made by {@link IpPrefixMapBuilder}. Immutable; any thread.
 */
public final class IpPrefixMap {
    /** Of addresses that no prefix contains. */
    public static final int NONE = 0;

    /** Values are 1 to this: they take two octets. */
    public static final int MAX_VALUE = Character.MAX_VALUE;

    public static final IpPrefixMap EMPTY = new IpPrefixMap(new long[0], new char[0]);

    /** Where each range begins, both halves of the address side by side; it ends where the next one begins. */
    private final long[] starts;

    private final char[] values;

    IpPrefixMap(long[] starts, char[] values) {
        this.starts = starts;
        this.values = values;
    }

    /** The halves are those of an IpAddress. O(log n), allocates nothing. */
    public int get(long high, long low) {
        int below = 0;
        int above = values.length;
        while (below < above) {
            int middle = (below + above) >>> 1;
            if (compare(starts[2 * middle], starts[2 * middle + 1], high, low) <= 0) {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        return below == 0 ? NONE : values[below - 1];
    }

    public boolean isEmpty() {
        return values.length == 0;
    }

    /** How many ranges there are, those of no prefix between two others included. */
    public int ranges() {
        return values.length;
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh ? Long.compareUnsigned(low, otherLow) : Long.compareUnsigned(high, otherHigh);
    }
}
