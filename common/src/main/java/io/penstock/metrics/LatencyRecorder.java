package io.penstock.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Durations as one thread sees them: a total since the start for metrics, and the last 10 to 20 s for people. The one
 * writer neither waits nor allocates: a reader takes away what was recorded since the last time and leaves another
 * histogram in its place (HdrHistogram's interval flip), then adds that up by itself. Readers wait for one another.
 *
 * <p>One significant digit, so 16 buckets for each doubling: about 3 KB for each of four histograms when a scale goes
 * from microseconds to half a minute. What is longer than twice the scale's last bound counts as that long, but is
 * whole in the sum.
 */
public final class LatencyRecorder {
    /** A window ends when it is this old and somebody reads or rolls. */
    private static final long WINDOW_NS = 10_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 1;
    private static final VarHandle SUM;

    static {
        try {
            SUM = MethodHandles.lookup().findVarHandle(LatencyRecorder.class, "sumNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BucketScale scale;
    private final long mostUnits;
    private final SingleWriterRecorder recorder;
    private long sumNs;

    // Of readers, under the lock of this object.
    private final long[] total;
    private Histogram interval;
    private Histogram window;
    private Histogram lastWindow;
    private long windowStartNs;

    /** @param nowNs of {@link System#nanoTime}, as every such parameter here */
    public LatencyRecorder(BucketScale scale, long nowNs) {
        this.scale = scale;
        mostUnits = mostUnits(scale);
        recorder = new SingleWriterRecorder(1, mostUnits, SIGNIFICANT_DIGITS);
        total = new long[scale.size()];
        interval = recorder.getIntervalHistogram();
        window = histogram(scale);
        lastWindow = histogram(scale);
        windowStartNs = nowNs;
    }

    static Histogram histogram(BucketScale scale) {
        return new Histogram(1, mostUnits(scale), SIGNIFICANT_DIGITS);
    }

    private static long mostUnits(BucketScale scale) {
        return Math.max(2, (2L << scale.highestExponent()) - 1);
    }

    /** By the one writer only. What is negative counts as 0. */
    public void record(long durationNs) {
        recorder.recordValue(Math.min(scale.units(durationNs), mostUnits));
        SUM.setOpaque(this, sumNs + Math.max(durationNs, 0));
    }

    public BucketScale scale() {
        return scale;
    }

    /** Adds all that was recorded since the start. */
    public synchronized void addTo(BucketCounts sums, long nowNs) {
        sums.requireScale(scale);
        roll(nowNs);
        sums.add(total, (long) SUM.getOpaque(this));
    }

    /** Adds what was recorded in the last 10 to 20 s, if {@link #roll} is called that often. */
    public synchronized void addTo(LatencySnapshot recent, long nowNs) {
        roll(nowNs);
        recent.add(scale, lastWindow);
        recent.add(scale, window);
    }

    /** Ends a window that has lasted; to be called every 10 s, or what nobody reads for long becomes one long window. */
    public synchronized void roll(long nowNs) {
        interval = recorder.getIntervalHistogram(interval);
        if (interval.getTotalCount() > 0) {
            addToTotal(interval);
            window.add(interval);
        }
        if (nowNs - windowStartNs >= WINDOW_NS) {
            Histogram empty = lastWindow;
            empty.reset();
            lastWindow = window;
            window = empty;
            windowStartNs = nowNs;
        }
    }

    private void addToTotal(Histogram taken) {
        long below = 0;
        for (int i = 0; i < total.length - 1; i++) {
            long bound = scale.boundUnits(i);
            total[i] += taken.getCountBetweenValues(below, bound - 1);
            below = bound;
        }
        total[total.length - 1] += taken.getCountBetweenValues(below, mostUnits);
    }
}
