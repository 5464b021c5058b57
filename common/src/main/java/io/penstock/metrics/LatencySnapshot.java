package io.penstock.metrics;

import org.HdrHistogram.Histogram;

/**
 * What one or several recorders of the same scale have recorded in the last seconds, for people to look at. NOT thread
 * safe: a reader makes one, has recorders added to it, and reads it.
 */
public final class LatencySnapshot {
    private final BucketScale scale;
    private final Histogram recent;

    public LatencySnapshot(BucketScale scale) {
        this.scale = scale;
        recent = LatencyRecorder.histogram(scale);
    }

    void add(BucketScale ofOther, Histogram other) {
        if (!scale.equals(ofOther)) {
            throw new IllegalArgumentException("two scales: " + scale + " and " + ofOther);
        }
        recent.add(other);
    }

    public long count() {
        return recent.getTotalCount();
    }

    /**
     * In nanoseconds, at most 1/16 or one unit of the scale too much, whichever is more; 0 when nothing was recorded.
     *
     * @param percentile above 0, at most 100
     */
    public long percentileNs(double percentile) {
        return count() == 0 ? 0 : upperNs(recent.getValueAtPercentile(percentile));
    }

    /** As precise as {@link #percentileNs}. */
    public long maxNs() {
        return count() == 0 ? 0 : upperNs(recent.getMaxValue());
    }

    /** What is recorded as so many whole units was more than that, and at most a unit more. */
    private long upperNs(long units) {
        return (units + 1) * scale.unit();
    }
}
