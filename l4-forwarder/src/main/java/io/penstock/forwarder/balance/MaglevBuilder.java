package io.penstock.forwarder.balance;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Fills {@link MaglevTable}s: each backend has its own permutation of the slots, and in turn ({@link Turns}) claims the
 * first slot of it that is still free.
 */
public final class MaglevBuilder {
    /** Appended to an id before it is hashed, so that one hash function yields two independent values. */
    private static final byte OFFSET = 0;

    private static final byte SKIP = 1;

    private MaglevBuilder() {}

    /**
     * The table for these backends, whatever order they come in: turns go by {@linkplain OrderedIds ordered ids}.
     *
     * @param tableSize a prime
     * @param ids all different; they and the hash alone decide the permutations
     * @param weights 0 (no slots) and up, one per id; a share of the table is proportional to its weight
     * @param hash keyed, so that nobody outside can tell which backend a flow reaches
     * @return a table of indices into {@code ids}
     * @throws IllegalArgumentException if an argument breaks these rules
     */
    public static MaglevTable build(int tableSize, String[] ids, int[] weights, ToLongFunction<byte[]> hash) {
        OrderedIds ordered = OrderedIds.of(ids);
        long[] offsetHashes = new long[ids.length];
        long[] skipHashes = new long[ids.length];
        for (int rank = 0; rank < ids.length; rank++) {
            byte[] octets = ordered.octets(rank);
            byte[] input = Arrays.copyOf(octets, octets.length + 1);
            input[octets.length] = OFFSET;
            offsetHashes[ordered.index(rank)] = hash.applyAsLong(input);
            input[octets.length] = SKIP;
            skipHashes[ordered.index(rank)] = hash.applyAsLong(input);
        }
        return build(tableSize, offsetHashes, skipHashes, weights, ordered.indices());
    }

    /** From hashes made elsewhere, turns taken in the order given. */
    public static MaglevTable build(int tableSize, long[] offsetHashes, long[] skipHashes, int[] weights) {
        int[] order = new int[weights.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return build(tableSize, offsetHashes, skipHashes, weights, order);
    }

    private static MaglevTable build(
            int tableSize, long[] offsetHashes, long[] skipHashes, int[] weights, int[] order) {
        char[] members = members(weights);
        check(tableSize, weights, members.length);
        char[] slots = new char[tableSize];
        Arrays.fill(slots, MaglevTable.EMPTY);
        if (members.length > 0) {
            fill(slots, new Turns(order, weights), positions(tableSize, offsetHashes), skips(tableSize, skipHashes));
        }
        return new MaglevTable(slots, members);
    }

    /** Listing 1 of the paper, with a running sum in place of the multiplication. */
    private static void fill(char[] slots, Turns turns, int[] positions, int[] skips) {
        for (int free = slots.length; free > 0; free--) {
            int backend = turns.next();
            int skip = skips[backend];
            int wrap = slots.length - skip;
            int slot = positions[backend];
            while (slots[slot] != MaglevTable.EMPTY) {
                slot = slot < wrap ? slot + skip : slot - wrap;
            }
            slots[slot] = (char) backend;
            positions[backend] = slot;
        }
    }

    static int[] positions(int tableSize, long[] offsetHashes) {
        int[] positions = new int[offsetHashes.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (int) Long.remainderUnsigned(offsetHashes[i], tableSize);
        }
        return positions;
    }

    /** 1 to tableSize - 1: any of them visits every slot, as the table size is a prime. */
    static int[] skips(int tableSize, long[] skipHashes) {
        int[] skips = new int[skipHashes.length];
        for (int i = 0; i < skips.length; i++) {
            skips[i] = (int) Long.remainderUnsigned(skipHashes[i], tableSize - 1) + 1;
        }
        return skips;
    }

    private static char[] members(int[] weights) {
        char[] members = new char[weights.length];
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                members[count++] = (char) i;
            }
        }
        return Arrays.copyOf(members, count);
    }

    private static void check(int tableSize, int[] weights, int members) {
        if (weights.length > MaglevTable.MAX_BACKENDS) {
            throw new IllegalArgumentException("more than " + MaglevTable.MAX_BACKENDS + " backends");
        }
        if (!isPrime(tableSize)) {
            throw new IllegalArgumentException("table size must be a prime (was " + tableSize + ")");
        }
        if (members > tableSize) {
            throw new IllegalArgumentException(members + " backends do not fit a table of " + tableSize);
        }
        for (int weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("weight must not be negative (was " + weight + ")");
            }
        }
    }

    private static boolean isPrime(int number) {
        for (int divisor = 2; divisor <= number / divisor; divisor++) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return number >= 2;
    }
}
