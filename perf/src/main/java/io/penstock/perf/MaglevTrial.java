package io.penstock.perf;

import io.penstock.forwarder.balance.Disruption;
import io.penstock.forwarder.balance.MaglevBuilder;
import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.net.FlowHash;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Maglev with so many equal backends in a table of such a size.
 *
 * @param maxToMean the slots of the backend with most of them, 1 for perfect balance
 * @param minToMean of the one with fewest
 * @param variation standard deviation of slots a backend, as a part of the mean
 * @param removed share of a removed backend: has to move
 * @param needlessOnRemoval of the slots that could have stayed, those that moved; median over the removed backends
 * @param needlessOnAddition the same when one more backend comes; median over its ids
 * @param movedByOrder slots that moved when the backends came in another order
 * @param buildMs median
 */
record MaglevTrial(
        int backends,
        int tableSize,
        double maxToMean,
        double minToMean,
        double variation,
        double removed,
        double needlessOnRemoval,
        double needlessOnAddition,
        int movedByOrder,
        double buildMs) {
    /** How many different backends are removed, and added, one at a time. */
    private static final int CHANGES = 9;

    private static final int WARM_UP_BUILDS = 5;
    private static final int TIMED_BUILDS = 15;

    static MaglevTrial run(int backends, int tableSize, FlowHash hash) {
        String[] ids = ids(backends);
        MaglevTable table = build(tableSize, ids, hash);
        int[] counts = table.slotCounts(backends);
        double mean = (double) tableSize / backends;
        double squares = 0;
        for (int count : counts) {
            squares += (count - mean) * (count - mean);
        }
        return new MaglevTrial(
                backends,
                tableSize,
                Arrays.stream(counts).max().orElseThrow() / mean,
                Arrays.stream(counts).min().orElseThrow() / mean,
                Math.sqrt(squares / backends) / mean,
                1.0 / backends,
                onRemoval(table, ids, hash),
                onAddition(table, ids, hash),
                onOtherOrder(table, ids, hash),
                buildMs(tableSize, ids, hash));
    }

    private static double onRemoval(MaglevTable table, String[] ids, FlowHash hash) {
        int changes = Math.min(CHANGES, ids.length);
        double[] shares = new double[changes];
        for (int change = 0; change < changes; change++) {
            int gone = change * ids.length / changes;
            String[] rest = new String[ids.length - 1];
            System.arraycopy(ids, 0, rest, 0, gone);
            System.arraycopy(ids, gone + 1, rest, gone, rest.length - gone);
            shares[change] = Disruption.between(table, ids, build(table.size(), rest, hash), rest)
                    .needlessShare();
        }
        return median(shares);
    }

    private static double onAddition(MaglevTable table, String[] ids, FlowHash hash) {
        double[] shares = new double[CHANGES];
        for (int change = 0; change < CHANGES; change++) {
            String[] more = Arrays.copyOf(ids, ids.length + 1);
            more[ids.length] = "backend-" + change + "-new";
            shares[change] = Disruption.between(table, ids, build(table.size(), more, hash), more)
                    .needlessShare();
        }
        return median(shares);
    }

    private static int onOtherOrder(MaglevTable table, String[] ids, FlowHash hash) {
        List<String> shuffled = Arrays.asList(ids.clone());
        Collections.shuffle(shuffled, new Random(ids.length));
        String[] others = shuffled.toArray(new String[0]);
        return Disruption.between(table, ids, build(table.size(), others, hash), others)
                .moved();
    }

    private static double buildMs(int tableSize, String[] ids, FlowHash hash) {
        double[] times = new double[TIMED_BUILDS];
        for (int i = -WARM_UP_BUILDS; i < TIMED_BUILDS; i++) {
            long start = System.nanoTime();
            MaglevTable built = build(tableSize, ids, hash);
            double ms = (System.nanoTime() - start) / 1e6;
            if (i >= 0 && built.backends() == ids.length) {
                times[i] = ms;
            }
        }
        return median(times);
    }

    private static MaglevTable build(int tableSize, String[] ids, FlowHash hash) {
        int[] weights = new int[ids.length];
        Arrays.fill(weights, 1);
        return MaglevBuilder.build(tableSize, ids, weights, hash::ofBytes);
    }

    private static String[] ids(int count) {
        String[] ids = new String[count];
        Arrays.setAll(ids, i -> "backend-" + i);
        return ids;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
