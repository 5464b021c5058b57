package io.penstock.forwarder.balance;

/**
 * How many nodes of a {@link HashRing} a weight of 1 has: from all members of a pool, eligible or not, so that a backend
 * that fails or returns, or whose weight changes for a time, leaves the others' nodes as they are. A power of two, so that
 * few changes of the membership change it: pools of up to {@link #FEW} members of one weight have the same.
 *
 * @param nodesPerWeight above 0
 */
public record RingScale(double nodesPerWeight) {
    /** For policies without a ring. */
    public static final RingScale NONE = new RingScale(1);

    /** So many members or fewer get as many nodes each, however many there are. */
    static final int FEW = 16;

    /**
     * The members together have at most so many nodes, each of average weight at most a {@link #FEW}th of that and at least
     * a quarter of what that allows.
     *
     * @param ringSize nodes
     * @param members that have weight; 0 and up
     * @param weight of all of these when each has all of its own
     */
    public static RingScale of(int ringSize, int members, long weight) {
        if (members == 0) {
            return NONE;
        }
        int shares = Math.max(FEW, 2 * Integer.highestOneBit(members - 1));
        double wanted = (double) ringSize / shares * members;
        return new RingScale(Math.scalb(1.0, Math.getExponent(wanted / weight)));
    }

    /** Of a pool that has these members, with these weights. */
    public static RingScale of(int ringSize, int[] weights) {
        return of(ringSize, weights.length, Weights.sum(weights));
    }

    int nodes(int weight) {
        return (int) Math.max(1, Math.rint(weight * nodesPerWeight));
    }
}
