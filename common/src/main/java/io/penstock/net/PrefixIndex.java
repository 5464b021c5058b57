package io.penstock.net;

/**
 * Where among the sorted ranges of an {@link IpPrefixMap} an address of one family is to be looked for: by the first bits of
 * that half in which such addresses differ, after those that they share. There are about as many slots as ranges, so where
 * prefixes spread few ranges are left to each. Immutable.
 */
final class PrefixIndex {
    /** 256 KiB. */
    private static final int MAX_BITS = 16;

    private static final long IPV4_BASE = 0x0000_ffff_0000_0000L;
    private static final int IPV4_WIDTH = 32;

    /** Global unicast addresses, 2000::/3 (RFC 4291, section 2.4); the few others are searched for everywhere. */
    private static final long IPV6_BASE = 1L << 61;

    private static final int IPV6_WIDTH = 61;

    private final long base;
    private final int shift;
    private final int slots;
    private final int ranges;
    /** By slot, how many ranges begin before it; one more for the end of the last. */
    private final int[] before;

    private PrefixIndex(long base, int width, int ranges) {
        int bits = Math.min(MAX_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(ranges));
        this.base = base;
        this.ranges = ranges;
        shift = width - bits;
        slots = 1 << bits;
        before = new int[slots + 1];
    }

    /** @param starts as the map has them */
    static PrefixIndex ofIpv4(long[] starts) {
        PrefixIndex index = new PrefixIndex(IPV4_BASE, IPV4_WIDTH, starts.length / 2);
        index.fill(starts, true);
        return index;
    }

    /** @param starts as the map has them */
    static PrefixIndex ofIpv6(long[] starts) {
        PrefixIndex index = new PrefixIndex(IPV6_BASE, IPV6_WIDTH, starts.length / 2);
        index.fill(starts, false);
        return index;
    }

    private void fill(long[] starts, boolean lowHalf) {
        int range = 0;
        for (int slot = 0; slot <= slots; slot++) {
            long half = base + ((long) slot << shift);
            long high = lowHalf ? 0 : half;
            long low = lowHalf ? half : 0;
            while (range < ranges && IpPrefixMap.compare(starts[2 * range], starts[2 * range + 1], high, low) < 0) {
                range++;
            }
            before[slot] = range;
        }
    }

    /** For {@link #from} and {@link #to}. */
    int slot(long half) {
        long slot = (half - base) >>> shift;
        return slot < slots ? (int) slot : slots;
    }

    /** At least so many ranges begin at or before an address of this slot. */
    int from(int slot) {
        return slot < slots ? before[slot] : 0;
    }

    /** And at most so many. */
    int to(int slot) {
        return slot < slots ? before[slot + 1] : ranges;
    }
}
