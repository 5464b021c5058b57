package io.penstock.ecmp.control;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.Counters;
import io.penstock.metrics.LatencyRecorder;
import java.util.List;
import java.util.Optional;

/** What the agent's thread counts and measures: written by it alone, read by any. */
public final class AgentFigures {
    private static final long TENTH_OF_MS = 100_000;

    /** 0.1 ms to 3.3 s. */
    private static final BucketScale RECONCILE = BucketScale.ofNanos(TENTH_OF_MS, 0, 15);

    /** 1 ms to 16 s: what is late by more than a lease is no refresh. */
    private static final BucketScale LATENESS = BucketScale.ofNanos(10 * TENTH_OF_MS, 0, 14);

    private final Counters<AgentCounter> counters = new Counters<>(AgentCounter.class);
    private final Counters<ChangeKind> made = new Counters<>(ChangeKind.class);
    private final Counters<ChangeKind> refused = new Counters<>(ChangeKind.class);
    private final LatencyRecorder reconcile = new LatencyRecorder(RECONCILE, System.nanoTime());
    private final LatencyRecorder lateness = new LatencyRecorder(LATENESS, System.nanoTime());

    void count(AgentCounter counter) {
        counters.increment(counter);
    }

    void changed(List<KernelChange> changes, List<Optional<String>> results) {
        for (int i = 0; i < changes.size(); i++) {
            (results.get(i).isEmpty() ? made : refused).increment(ChangeKind.of(changes.get(i)));
        }
    }

    void reconciled(long durationNs) {
        reconcile.record(durationNs);
    }

    void refreshed(long lateNs) {
        lateness.record(lateNs);
    }

    public long value(AgentCounter counter) {
        return counters.value(counter);
    }

    /** Changes that the kernel has made. */
    public long made(ChangeKind kind) {
        return made.value(kind);
    }

    /** Changes that the kernel has refused. */
    public long refused(ChangeKind kind) {
        return refused.value(kind);
    }

    /** How long a look at everything and the changes that it called for took, together. */
    public BucketCounts reconcileDurations() {
        return counts(reconcile, RECONCILE);
    }

    /** How long after they were due leases were refreshed. */
    public BucketCounts refreshLateness() {
        return counts(lateness, LATENESS);
    }

    private static BucketCounts counts(LatencyRecorder recorder, BucketScale scale) {
        BucketCounts counts = new BucketCounts(scale);
        recorder.addTo(counts, System.nanoTime());
        return counts;
    }
}
