package io.penstock.net;

/**
 * From an address to a small number, by the longest prefix that contains it: the prefixes flattened into disjoint ranges,
 * found by binary search in the few that the address's first bits leave. Made by {@link IpPrefixMapBuilder}. Immutable; any thread.
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

    private final PrefixIndex ipv4;
    private final PrefixIndex ipv6;

    IpPrefixMap(long[] starts, char[] values) {
        this.starts = starts;
        this.values = values;
        ipv4 = PrefixIndex.ofIpv4(starts);
        ipv6 = PrefixIndex.ofIpv6(starts);
    }

    /** The halves are those of an IpAddress. O(log n), allocates nothing. */
    public int get(long high, long low) {
        boolean mapped = IpAddress.isIpv4(high, low);
        PrefixIndex index = mapped ? ipv4 : ipv6;
        int slot = index.slot(mapped ? low : high);
        int below = index.from(slot);
        int above = index.to(slot);
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
