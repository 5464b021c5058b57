package io.penstock.perf;

import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.net.FlowHash;

/** Time of one choice of a backend: the hash of a flow that differs each time, then a slot nobody expects. */
final class LookupTimer {
    private static final int ROUNDS = 7;
    private static final int CHOICES = 2_000_000;

    private LookupTimer() {}

    /** The best of a few rounds, in ns a choice. */
    static double ns(MaglevTable table, FlowHash hash) {
        long best = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CHOICES; i++) {
                sum += table.lookup(hash.ofFlow(0, i, i & 0xffff, 0, 1, 443, 6));
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        if (sum < 0) {
            throw new IllegalStateException("a table with backends chose none");
        }
        return (double) best / CHOICES;
    }
}
