package io.penstock.net;

import java.util.Arrays;

/**
 * Turns nested prefixes into disjoint ranges: one pass over them in order, with those that are open on a stack. Prefixes
 * nest or are apart, so a prefix that begins after the innermost open one has ended closes it, and with it ends a range.
 */
final class PrefixFlattening {
    private static final int MAX_DEPTH = 130;

    private final long[] openLastHigh = new long[MAX_DEPTH];
    private final long[] openLastLow = new long[MAX_DEPTH];
    private final int[] openLength = new int[MAX_DEPTH];
    private final char[] openValue = new char[MAX_DEPTH];
    private int depth;

    private long[] starts;
    private char[] values;
    private int count;

    PrefixFlattening(int prefixes) {
        starts = new long[2 * prefixes];
        values = new char[prefixes];
    }

    /** By first address, and then by length, both ascending. */
    void add(long high, long low, int length, char value) {
        closeBefore(high, low);
        // Equal prefixes: the later one takes the place of the earlier.
        if (depth > 0 && openLength[depth - 1] == length) {
            depth--;
        }
        openLastHigh[depth] = high | ~IpPrefix.highMask(length);
        openLastLow[depth] = low | ~IpPrefix.lowMask(length);
        openLength[depth] = length;
        openValue[depth] = value;
        depth++;
        begin(high, low, value);
    }

    private void closeBefore(long high, long low) {
        while (depth > 0 && IpPrefixMap.compare(openLastHigh[depth - 1], openLastLow[depth - 1], high, low) < 0) {
            closeInnermost();
        }
    }

    private void closeInnermost() {
        depth--;
        long high = openLastHigh[depth];
        long low = openLastLow[depth] + 1;
        if (low == 0) {
            high++;
        }
        boolean wrapped = high == 0 && low == 0;
        if (!wrapped) {
            begin(high, low, depth == 0 ? IpPrefixMap.NONE : openValue[depth - 1]);
        }
    }

    /** A range from here on; it replaces one that began here too, and is left out when nothing changes. */
    private void begin(long high, long low, int value) {
        if (count > 0 && starts[2 * count - 2] == high && starts[2 * count - 1] == low) {
            count--;
        }
        int before = count == 0 ? IpPrefixMap.NONE : values[count - 1];
        if (value == before) {
            return;
        }
        if (count == values.length) {
            int capacity = count + (count >> 1) + 1;
            starts = Arrays.copyOf(starts, 2 * capacity);
            values = Arrays.copyOf(values, capacity);
        }
        starts[2 * count] = high;
        starts[2 * count + 1] = low;
        values[count++] = (char) value;
    }

    IpPrefixMap finish() {
        while (depth > 0) {
            closeInnermost();
        }
        return new IpPrefixMap(Arrays.copyOf(starts, 2 * count), Arrays.copyOf(values, count));
    }
}
