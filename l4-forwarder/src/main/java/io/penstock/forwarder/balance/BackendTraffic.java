package io.penstock.forwarder.balance;

import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one backend has carried, since it is known. Every worker writes to it, by atomic additions; any thread reads. Sums
 * only grow.
 *
 * <p>Times are counted in few buckets, each four times as long as the one before, rather than recorded as a service's are:
 * thousands of backends times workers times kilobytes of a recorder would be more memory than the rest of the process, and
 * these are half a kilobyte for all workers together. A percentile of them is right within its bucket.
 */
@SuppressWarnings("EnumOrdinal") // an array index is the point: EnumMap boxes its values
public final class BackendTraffic {
    /** 66 us, what a host nearby takes, to 17 s. */
    public static final BucketScale SCALE = BucketScale.ofNanos(1 << 16, 0, 18, 2);

    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    /** Two cache lines before the first and after the last value, as {@link CacheLinePadded} has it for fields. */
    private static final int PADDING = 16;

    private static final int ENDED = PADDING;
    private static final int BYTES = ENDED + FlowOutcome.values().length;
    private static final int LENGTH = BYTES + 4 + PADDING;

    private final long[] values = new long[LENGTH];
    private final SharedBuckets connects = new SharedBuckets(SCALE);
    private final SharedBuckets firstBytes = new SharedBuckets(SCALE);

    // What workers tell.

    /** One that had been connected, or a session. */
    public void onEnded(FlowOutcome outcome) {
        add(ENDED + outcome.ordinal(), 1);
    }

    /** Payload since the last time: of those to each side, those that were copied and those that were spliced. */
    public void onBytes(long copiedTo, long splicedTo, long copiedFrom, long splicedFrom) {
        add(BYTES, copiedTo);
        add(BYTES + 1, splicedTo);
        add(BYTES + 2, copiedFrom);
        add(BYTES + 3, splicedFrom);
    }

    public void onConnected(long tookNs) {
        connects.record(tookNs);
    }

    public void onFirstByte(long tookNs) {
        firstBytes.record(tookNs);
    }

    private void add(int index, long amount) {
        if (amount != 0) {
            VALUE.getAndAdd(values, index, amount);
        }
    }

    // What others read.

    public long ended(FlowOutcome outcome) {
        return value(ENDED + outcome.ordinal());
    }

    /** Payload for the backend. */
    public long bytesTo(boolean spliced) {
        return value(BYTES + (spliced ? 1 : 0));
    }

    /** Payload of the backend. */
    public long bytesFrom(boolean spliced) {
        return value(BYTES + (spliced ? 3 : 2));
    }

    /** How long connects took; sessions have none. */
    public BucketCounts connects() {
        return connects.counts();
    }

    public BucketCounts firstBytes() {
        return firstBytes.counts();
    }

    private long value(int index) {
        return (long) VALUE.getVolatile(values, index);
    }
}
