package io.penstock.forwarder.balance;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Consistent hashing (Karger et al., STOC 1997) with virtual nodes, as ketama made popular: each backend stands at many
 * pseudo-random points of a ring, in number by its weight, and a hash belongs to the point that follows it. Immutable; any
 * thread.
 *
 * <p>A backend's points depend on its id and the key alone, and how many of them count on its weight and its pool's
 * {@link RingScale}. So while a pool has the same members, one that leaves or returns moves its own flows and no others, and
 * so does one whose weight changes.
 *
 * <p>A hash finds its point by an index of the ring's equal parts and a step or two from there.
 */
final class HashRing implements HashCircle {
    /** A node is 47 bits of position, then 16 of the backend, so that it is positive. */
    private static final int BACKEND_BITS = 16;

    private static final int BACKEND_MASK = (1 << BACKEND_BITS) - 1;

    /** 2^64 divided by the golden ratio: SplitMix64's step. */
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    private final long[] nodes;

    /** The first node at or after the beginning of each part of the ring. */
    private final int[] starts;

    private final int partShift;

    private HashRing(long[] nodes) {
        this.nodes = nodes;
        int partBits = 32 - Integer.numberOfLeadingZeros(nodes.length);
        partShift = Long.SIZE - partBits;
        starts = new int[1 << partBits];
        int node = 0;
        for (int part = 0; part < starts.length; part++) {
            while (node < nodes.length && nodes[node] < position((long) part << partShift)) {
                node++;
            }
            starts[part] = node;
        }
    }

    /**
     * @param scale of the pool that the backends are of
     * @param ids at least one, all different
     * @param weights 1 and up; each has a node at least
     * @param hash keyed, so that nobody outside can tell which backend a flow reaches
     */
    static HashRing build(RingScale scale, String[] ids, int[] weights, ToLongFunction<byte[]> hash) {
        int[] counts = new int[weights.length];
        int total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = scale.nodes(weights[i]);
            total += counts[i];
        }
        OrderedIds ordered = OrderedIds.of(ids);
        long[] nodes = new long[total];
        int count = 0;
        for (int rank = 0; rank < ids.length; rank++) {
            long seed = hash.applyAsLong(ordered.octets(rank));
            for (int node = 1; node <= counts[ordered.index(rank)]; node++) {
                nodes[count++] = position(Selection.mix(seed + node * STRIDE)) | rank;
            }
        }
        Arrays.sort(nodes);
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = (nodes[i] & ~BACKEND_MASK) | ordered.index((int) nodes[i] & BACKEND_MASK);
        }
        return new HashRing(nodes);
    }

    private static long position(long hash) {
        return hash >>> (BACKEND_BITS + 1) << BACKEND_BITS;
    }

    @Override
    public int placeOf(long hash) {
        long position = position(hash);
        int node = starts[(int) (hash >>> partShift)];
        while (node < nodes.length && nodes[node] < position) {
            node++;
        }
        return node == nodes.length ? 0 : node;
    }

    @Override
    public int backendAt(int place) {
        return (int) nodes[place] & BACKEND_MASK;
    }

    @Override
    public int size() {
        return nodes.length;
    }
}
