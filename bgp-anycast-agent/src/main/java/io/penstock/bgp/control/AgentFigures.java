package io.penstock.bgp.control;

import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.Counters;
import io.penstock.metrics.LatencyRecorder;

/** What the agent's thread counts and measures: written by it alone, read by any. */
public final class AgentFigures {
    private static final long TENTH_OF_MS = 100_000;

    /** 0.1 ms to 6.5 s. */
    private static final BucketScale REACTION = BucketScale.ofNanos(TENTH_OF_MS, 0, 16);

    private final Counters<AgentCounter> counters = new Counters<>(AgentCounter.class);
    private final LatencyRecorder announces = new LatencyRecorder(REACTION, System.nanoTime());
    private final LatencyRecorder withdrawals = new LatencyRecorder(REACTION, System.nanoTime());

    void count(AgentCounter counter) {
        counters.increment(counter);
    }

    void announcedAfter(long reactionNs) {
        announces.record(reactionNs);
    }

    void withdrawnAfter(long reactionNs) {
        withdrawals.record(reactionNs);
    }

    public long value(AgentCounter counter) {
        return counters.value(counter);
    }

    /** How long after the evidence of health, or the end of a hold-down, the daemon had taken an announcement. */
    public BucketCounts announceReactions() {
        return counts(announces);
    }

    /** How long after the evidence of a loss the daemon had taken a withdrawal. */
    public BucketCounts withdrawReactions() {
        return counts(withdrawals);
    }

    private static BucketCounts counts(LatencyRecorder recorder) {
        BucketCounts counts = new BucketCounts(REACTION);
        recorder.addTo(counts, System.nanoTime());
        return counts;
    }
}
