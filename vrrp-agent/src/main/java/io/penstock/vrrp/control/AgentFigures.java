package io.penstock.vrrp.control;

import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.Counters;
import io.penstock.metrics.LatencyRecorder;
import io.penstock.metrics.LatencySnapshot;

/** What the agent's thread counts and measures: written by it alone, read by any. */
public final class AgentFigures {
    private static final long TEN_MICROSECONDS = 10_000;

    /** 10 microseconds to 5 s: from an undisturbed thread to a machine that stood still. */
    private static final BucketScale LATENESS = BucketScale.ofNanos(TEN_MICROSECONDS, 0, 19);

    private final Counters<AgentCounter> counters = new Counters<>(AgentCounter.class);
    private final LatencyRecorder lateness = new LatencyRecorder(LATENESS, System.nanoTime());

    void count(AgentCounter counter) {
        counters.increment(counter);
    }

    /** A deadline of a router was served. */
    void served(long lateNs) {
        lateness.record(lateNs);
    }

    public long value(AgentCounter counter) {
        return counters.value(counter);
    }

    /** How long after they were due deadlines of routers were served: advertisements, and waits for those of others. */
    public BucketCounts lateness() {
        BucketCounts counts = new BucketCounts(LATENESS);
        lateness.addTo(counts, System.nanoTime());
        return counts;
    }

    /** The same of the last 10 to 20 s, when somebody asks that often. */
    public LatencySnapshot recentLateness() {
        LatencySnapshot recent = new LatencySnapshot(LATENESS);
        lateness.addTo(recent, System.nanoTime());
        return recent;
    }
}
