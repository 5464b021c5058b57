package io.penstock.forwarder.balance;

import java.util.Arrays;

/**
 * The lookup table of Maglev (Eisenbud et al., NSDI 2016, section 3.4): a prime number of slots, each holding the index
 * of a backend in the arrays the table was built from. Two octets a slot. Immutable; any thread.
 *
 * <p>A hash finds its slot by a multiplication: {@code (hash >>> 32) * size >>> 32}. Any 32 bits of a keyed hash are as
 * good as its remainder, {@code Long.remainderUnsigned} is no single instruction before Java 19, and a 64-bit division
 * costs more than the rest of the lookup. A slot's chance is off by at most size / 2^32, 0.12 % of itself for the largest
 * table and 0.0015 % for the default one.
 */
public final class MaglevTable implements HashCircle {
    /** Returned when no backend has a slot. */
    public static final int NONE = -1;

    /** Indices must fit two octets, and one value means an empty slot. */
    public static final int MAX_BACKENDS = 65_535;

    static final char EMPTY = 0xffff;

    private final char[] slots;

    /** The backends that have slots, in ascending order. */
    private final char[] members;

    MaglevTable(char[] slots, char[] members) {
        this.slots = slots;
        this.members = members;
    }

    /** The index of the backend this hash belongs to, or {@link #NONE}. */
    public int lookup(long hash) {
        return backendAt(placeOf(hash));
    }

    @Override
    public int placeOf(long hash) {
        return (int) (((hash >>> 32) * slots.length) >>> 32);
    }

    /** The index in this slot, or {@link #NONE}. */
    @Override
    public int backendAt(int slot) {
        char backend = slots[slot];
        return backend == EMPTY ? NONE : backend;
    }

    /** How many slots there are: the prime it was built with, also when no backend has one. */
    @Override
    public int size() {
        return slots.length;
    }

    /** How many different backends have slots. */
    public int backends() {
        return members.length;
    }

    /**
     * How many slots each backend has.
     *
     * @param backends the length of the arrays the table was built from
     */
    public int[] slotCounts(int backends) {
        int[] counts = new int[backends];
        if (members.length > 0) {
            for (char backend : slots) {
                counts[backend]++;
            }
        }
        return counts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaglevTable table && Arrays.equals(slots, table.slots);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(slots);
    }

    @Override
    public String toString() {
        return "MaglevTable[" + slots.length + " slots, " + members.length + " backends]";
    }
}
