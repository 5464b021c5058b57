package io.penstock.perf.load;

import org.HdrHistogram.Histogram;

/** Latencies in an HdrHistogram, to a tenth of a per cent, up to a minute; longer ones count as a minute. */
public final class Latencies {
    private static final long MAX_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1_000;

    private final Histogram histogram = new Histogram(MAX_NS, DIGITS);

    /** Negative ones, of a request that was answered before its time, cannot be; 0 is recorded for them. */
    public void record(long latencyNs) {
        histogram.recordValue(Math.max(0, Math.min(MAX_NS, latencyNs)));
    }

    void reset() {
        histogram.reset();
    }

    public long count() {
        return histogram.getTotalCount();
    }

    /** Microseconds; 0 when nothing was recorded. */
    public double percentileUs(double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    double maxUs() {
        return histogram.getMaxValue() / NANOS_PER_MICRO;
    }

    double meanUs() {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMean() / NANOS_PER_MICRO;
    }
}
