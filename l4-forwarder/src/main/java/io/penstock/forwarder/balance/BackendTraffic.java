package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one backend has carried, since it is known. Every worker writes to it, by atomic additions; any thread reads. Sums
 * only grow.
 *
 * <p>Times are counted in buckets whose bounds are powers of two, four times as long each, rather than recorded as a
 * service's are: thousands of backends times workers times kilobytes of a recorder would be more memory than the rest of
 * the process, and these are half a kilobyte for all workers together. A percentile of them is right within its bucket.
 */
@SuppressWarnings("EnumOrdinal") // an array index is the point: EnumMap boxes its values
public final class BackendTraffic {
    /** Times up to its bound are in a bucket, those beyond the last in one more. */
    public static final int BOUNDS = 10;

    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    /** 2^16 ns are 65.5 us, what a host nearby takes; the last is 17.2 s. */
    private static final int FIRST_BOUND_SHIFT = 16;

    private static final int STEP_SHIFT = 2;

    /** Two cache lines before the first and after the last value, as {@link CacheLinePadded} has it for fields. */
    private static final int PADDING = 16;

    private static final int ENDED = PADDING;
    private static final int BYTES = ENDED + FlowOutcome.values().length;
    private static final int CONNECT = BYTES + 4;
    private static final int FIRST_BYTE = CONNECT + BOUNDS + 1;
    private static final int LENGTH = FIRST_BYTE + BOUNDS + 1 + PADDING;

    private final long[] values = new long[LENGTH];

    /** The longest time in a bucket, in nanoseconds. */
    public static long boundNs(int bucket) {
        return 1L << (FIRST_BOUND_SHIFT + STEP_SHIFT * bucket);
    }

    private static int bucket(long ns) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, ns - 1) >>> FIRST_BOUND_SHIFT);
        return Math.min(BOUNDS, (bits + STEP_SHIFT - 1) / STEP_SHIFT);
    }

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
        add(CONNECT + bucket(tookNs), 1);
    }

    public void onFirstByte(long tookNs) {
        add(FIRST_BYTE + bucket(tookNs), 1);
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

    /** How many connects took how long: a number for each bucket, and one for those beyond. */
    public long[] connects() {
        return buckets(CONNECT);
    }

    /** How many first bytes took how long, as {@link #connects}. */
    public long[] firstBytes() {
        return buckets(FIRST_BYTE);
    }

    private long[] buckets(int first) {
        long[] counts = new long[BOUNDS + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = value(first + i);
        }
        return counts;
    }

    private long value(int index) {
        return (long) VALUE.getVolatile(values, index);
    }
}
