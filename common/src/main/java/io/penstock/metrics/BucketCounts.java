package io.penstock.metrics;

import java.util.Arrays;

/**
 * What one or several recorders of the same scale have counted since their start. NOT thread safe: a reader makes one,
 * has recorders added to it, and reads it.
 */
public final class BucketCounts {
    private final BucketScale scale;
    private final long[] counts;
    private long sum;

    public BucketCounts(BucketScale scale) {
        this.scale = scale;
        counts = new long[scale.size()];
    }

    void add(long[] others, long otherSum) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others[i];
        }
        sum += otherSum;
    }

    void add(int bucket, long count) {
        counts[bucket] += count;
    }

    void addSum(long amount) {
        sum += amount;
    }

    void requireScale(BucketScale other) {
        if (!scale.equals(other)) {
            throw new IllegalArgumentException("two scales: " + scale + " and " + other);
        }
    }

    /** What was counted between an earlier look at the same counts and this one. */
    public BucketCounts since(BucketCounts earlier) {
        requireScale(earlier.scale);
        BucketCounts difference = new BucketCounts(scale);
        for (int i = 0; i < counts.length; i++) {
            difference.counts[i] = counts[i] - earlier.counts[i];
        }
        difference.sum = sum - earlier.sum;
        return difference;
    }

    public BucketScale scale() {
        return scale;
    }

    /** How many values were in a bucket, not counting those of lower buckets. */
    public long count(int bucket) {
        return counts[bucket];
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Of all values, in the unit of metrics. */
    public double sum() {
        return sum / scale.perBase();
    }

    /**
     * The upper bound of the bucket that a quantile is in, in the unit of metrics: 0 when nothing was counted, the last
     * finite bound for what is above it.
     *
     * @param quantile above 0, at most 1
     */
    public double quantileBound(double quantile) {
        long rank = (long) Math.ceil(count() * quantile);
        if (rank == 0) {
            return 0;
        }
        int bucket = 0;
        for (long below = counts[0]; below < rank; below += counts[bucket]) {
            bucket++;
        }
        return scale.bound(Math.min(bucket, counts.length - 2));
    }
}
