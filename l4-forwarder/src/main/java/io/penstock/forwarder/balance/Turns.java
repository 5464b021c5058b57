package io.penstock.forwarder.balance;

import java.util.Arrays;

/**
 * In which order backends claim slots of a Maglev table. A backend of weight w takes its turns at the times 0, 1/w,
 * 2/w, …, so that by any time t each has had w * t of them, rounded up: shares follow weights, and everyone's first turn
 * comes before anyone's second. Turns at the same time go in the given order. With equal weights this is the round robin
 * of the paper.
 *
 * <p>Whose turn comes first of two backends depends on these two alone. In the usual weighted Maglev a turn is a round of
 * the heaviest backend, so removing that one changes the order of all the others and moves flows that need not move.
 *
 * <p>Times are compared as exact fractions where they are the same when rounded. The heap holds a group of backends per weight, not the backends: with one
 * weight, the usual case, a turn costs an increment. NOT thread safe.
 */
final class Turns {
    private final int[] order;

    /** Places in {@link #order}, lightest backends first and ascending within a weight: the groups, one after another. */
    private final int[] places;

    /** Where in {@link #places} each group starts; one more entry than groups. */
    private final int[] starts;

    /** Where in {@link #places} each group's next turn is. */
    private final int[] next;

    private final int[] groupWeights;

    /** How many turns each group has finished; its next one is at the time finished / weight. */
    private final long[] finished;

    /** Groups as a binary heap, the one whose turn it is on top. */
    private final int[] heap;

    /** The times of the groups in the heap, rounded: an order of fractions that rounding keeps, or makes a tie. */
    private final double[] times;

    /**
     * @param order indices into {@code weights}, who goes first at one time
     * @param weights 0 for no turns at all; at least one of them positive
     */
    Turns(int[] order, int[] weights) {
        this.order = order;
        places = placesByWeight(order, weights);
        int groups = 0;
        int[] firsts = new int[places.length + 1];
        for (int i = 0; i < places.length; i++) {
            if (i == 0 || weights[order[places[i]]] != weights[order[places[i - 1]]]) {
                firsts[groups++] = i;
            }
        }
        firsts[groups] = places.length;
        starts = Arrays.copyOf(firsts, groups + 1);
        next = Arrays.copyOf(firsts, groups);
        groupWeights = new int[groups];
        finished = new long[groups];
        heap = new int[groups];
        times = new double[groups];
        for (int group = 0; group < groups; group++) {
            groupWeights[group] = weights[order[places[starts[group]]]];
            heap[group] = group;
        }
        for (int hole = groups / 2 - 1; hole >= 0; hole--) {
            siftDown(hole);
        }
    }

    /** The backend whose turn it is. There is always another turn. */
    int next() {
        int group = heap[0];
        int backend = order[places[next[group]++]];
        if (next[group] == starts[group + 1]) {
            next[group] = starts[group];
            finished[group]++;
        }
        siftDown(0);
        return backend;
    }

    /** Down to the bottom along the earlier children, then up: who has just had a turn comes last again, or nearly so. */
    private void siftDown(int from) {
        int group = heap[from];
        double time = (double) finished[group] / groupWeights[group];
        int hole = from;
        int child = 2 * hole + 1;
        while (child + 1 < heap.length) {
            double left = times[child];
            double right = times[child + 1];
            int earlier = right < left ? child + 1 : child;
            if (right == left && isBefore(heap[child + 1], heap[child])) {
                earlier = child + 1;
            }
            heap[hole] = heap[earlier];
            times[hole] = times[earlier];
            hole = earlier;
            child = 2 * hole + 1;
        }
        if (child < heap.length) {
            heap[hole] = heap[child];
            times[hole] = times[child];
            hole = child;
        }
        while (hole > from) {
            int parent = (hole - 1) / 2;
            if (!isBefore(time, group, times[parent], heap[parent])) {
                break;
            }
            heap[hole] = heap[parent];
            times[hole] = times[parent];
            hole = parent;
        }
        heap[hole] = group;
        times[hole] = time;
    }

    private boolean isBefore(double time, int group, double otherTime, int other) {
        return time < otherTime || (time == otherTime && isBefore(group, other));
    }

    private boolean isBefore(int group, int other) {
        long time = finished[group] * groupWeights[other];
        long otherTime = finished[other] * groupWeights[group];
        return time != otherTime ? time < otherTime : places[next[group]] < places[next[other]];
    }

    private static int[] placesByWeight(int[] order, int[] weights) {
        long[] keys = new long[order.length];
        int weighted = 0;
        for (int place = 0; place < order.length; place++) {
            int weight = weights[order[place]];
            if (weight > 0) {
                keys[weighted++] = ((long) weight << 32) | place;
            }
        }
        Arrays.sort(keys, 0, weighted);
        int[] places = new int[weighted];
        for (int i = 0; i < weighted; i++) {
            places[i] = (int) keys[i];
        }
        return places;
    }
}
