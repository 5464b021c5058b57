package io.penstock.forwarder.balance;

import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;

/**
 * How connections to one backend fare on the network, as the kernel sees it: samples that workers take now and then.
 * Every worker writes, any thread reads. Few buckets, since there are thousands of backends: each bound is four times the
 * one before.
 */
public final class BackendNetwork {
    private static final long NANOS_PER_MICRO = 1_000;

    /** 64 us, within a rack, to 1 s. */
    public static final BucketScale RTT = BucketScale.ofNanos(NANOS_PER_MICRO, 6, 20, 2);

    /** 64 KiB/s to 4 GiB/s. */
    public static final BucketScale DELIVERY_RATE = new BucketScale(1, 1, 16, 32, 2);

    private static final int RATIO_SHIFT = 20;

    /** One in 1,024 segments to all; none at all is in the first bucket. */
    public static final BucketScale RETRANSMITTED = new BucketScale(1, 1 << RATIO_SHIFT, 10, RATIO_SHIFT, 2);

    private final SharedBuckets rtt = new SharedBuckets(RTT);
    private final SharedBuckets deliveryRate = new SharedBuckets(DELIVERY_RATE);
    private final SharedBuckets retransmitted = new SharedBuckets(RETRANSMITTED);

    /**
     * One connection at one moment, since when it is connected.
     *
     * @param rttUs smoothed
     * @param segments with data that were sent to the backend, at least 1
     * @param again how many of them were sent again
     * @param bytesPerSecond that were delivered when last measured; 0 when it never was
     */
    public void onSample(long rttUs, long segments, long again, long bytesPerSecond) {
        rtt.record(rttUs * NANOS_PER_MICRO);
        // A SYN that was sent again has no data, but is among them.
        retransmitted.record((Math.min(again, segments) << RATIO_SHIFT) / segments);
        if (bytesPerSecond > 0) {
            deliveryRate.record(bytesPerSecond);
        }
    }

    /** Round-trip times, in seconds. */
    public SharedBuckets rtt() {
        return rtt;
    }

    /** Bytes a second. */
    public SharedBuckets deliveryRate() {
        return deliveryRate;
    }

    /** Parts of 1. */
    public SharedBuckets retransmitted() {
        return retransmitted;
    }
}
