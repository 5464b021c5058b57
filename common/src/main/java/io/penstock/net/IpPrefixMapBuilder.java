package io.penstock.net;

import java.util.Arrays;

/** Collects prefixes, millions if need be: 19 octets each, and 60 more while {@link #build} runs. NOT thread safe. */
public final class IpPrefixMapBuilder {
    private static final int FIRST_CAPACITY = 16;

    private long[] firsts = new long[2 * FIRST_CAPACITY];
    private byte[] lengths = new byte[FIRST_CAPACITY];
    private char[] values = new char[FIRST_CAPACITY];
    private int count;

    /** Of the entries so far; null when it has to be found. */
    private int[] order;

    /** Keeps the families apart: without it {@code ::/0} would contain the IPv4-mapped addresses. */
    public IpPrefixMapBuilder() {
        append(IpPrefix.ALL_IPV4, IpPrefixMap.NONE);
    }

    /**
     * Nested prefixes are fine, in any order; of equal ones the last counts.
     *
     * @param value 1 to {@link IpPrefixMap#MAX_VALUE}
     */
    public IpPrefixMapBuilder add(IpPrefix prefix, int value) {
        if (value <= IpPrefixMap.NONE || value > IpPrefixMap.MAX_VALUE) {
            throw new IllegalArgumentException("value must be 1 to " + IpPrefixMap.MAX_VALUE + " (was " + value + ")");
        }
        append(prefix, value);
        return this;
    }

    private void append(IpPrefix prefix, int value) {
        if (count == values.length) {
            int capacity = count + (count >> 1);
            firsts = Arrays.copyOf(firsts, 2 * capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        firsts[2 * count] = prefix.first().high();
        firsts[2 * count + 1] = prefix.first().low();
        lengths[count] = (byte) prefix.bits();
        values[count] = (char) value;
        count++;
        order = null;
    }

    public IpPrefixMap build() {
        PrefixFlattening flattening = new PrefixFlattening(count);
        for (int entry : sorted()) {
            // 128 bits do not fit a signed octet.
            flattening.add(firsts[2 * entry], firsts[2 * entry + 1], lengths[entry] & 0xff, values[entry]);
        }
        return flattening.finish();
    }

    /** Which of the prefixes added, counted from 0, are equal to one added before; ascending. */
    public int[] repeated() {
        int[] sorted = sorted();
        int[] found = new int[count];
        int size = 0;
        for (int i = 1; i < count; i++) {
            // The first entry of all is this builder's own.
            if (compare(sorted[i - 1], sorted[i]) == 0 && sorted[i - 1] != 0) {
                found[size++] = sorted[i] - 1;
            }
        }
        int[] repeated = Arrays.copyOf(found, size);
        Arrays.sort(repeated);
        return repeated;
    }

    /** The entries by first address, outer before inner; equal ones in the order they came in. */
    private int[] sorted() {
        if (order == null) {
            order = new int[count];
            Arrays.setAll(order, i -> i);
            mergeSort(order, order.clone(), 0, count);
        }
        return order;
    }

    /** Into {@code to}; both hold the same entries. Fast when they are in order already, as databases are. */
    private void mergeSort(int[] to, int[] from, int begin, int end) {
        if (end - begin < 2) {
            return;
        }
        int middle = (begin + end) >>> 1;
        mergeSort(from, to, begin, middle);
        mergeSort(from, to, middle, end);
        if (compare(from[middle - 1], from[middle]) <= 0) {
            System.arraycopy(from, begin, to, begin, end - begin);
            return;
        }
        int left = begin;
        int right = middle;
        for (int i = begin; i < end; i++) {
            boolean takeLeft = right == end || (left < middle && compare(from[left], from[right]) <= 0);
            to[i] = from[takeLeft ? left++ : right++];
        }
    }

    private int compare(int entry, int other) {
        int byFirst =
                IpPrefixMap.compare(firsts[2 * entry], firsts[2 * entry + 1], firsts[2 * other], firsts[2 * other + 1]);
        return byFirst != 0 ? byFirst : Integer.compare(lengths[entry] & 0xff, lengths[other] & 0xff);
    }
}
