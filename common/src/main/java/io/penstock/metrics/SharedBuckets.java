package io.penstock.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram that several threads write, of few buckets. A {@link LatencyRecorder} for each of thousands of backends
 * and each worker would be megabytes that are hardly written; this is some hundred bytes for each backend, whose price
 * is two atomic additions to memory that workers share. Safe from any thread; never allocates once built.
 */
public final class SharedBuckets {
    private final BucketScale scale;
    /** A count for each bucket, and last the sum of all values. */
    private final AtomicLongArray values;

    public SharedBuckets(BucketScale scale) {
        this.scale = scale;
        values = new AtomicLongArray(scale.size() + 1);
    }

    /** Counts a value, in what the scale's unit is in; what is negative counts as 0. */
    public void record(long value) {
        values.getAndIncrement(scale.bucketOf(value));
        if (value > 0) {
            values.getAndAdd(scale.size(), value);
        }
    }

    /** Adds all that was recorded; the counts and their sum need not be of one instant. */
    public void addTo(BucketCounts sums) {
        sums.requireScale(scale);
        for (int i = 0; i < scale.size(); i++) {
            sums.add(i, values.getOpaque(i));
        }
        sums.addSum(values.getOpaque(scale.size()));
    }

    public BucketCounts counts() {
        BucketCounts counts = new BucketCounts(scale);
        addTo(counts);
        return counts;
    }
}
