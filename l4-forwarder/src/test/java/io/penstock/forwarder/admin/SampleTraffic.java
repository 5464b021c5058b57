package io.penstock.forwarder.admin;

import io.penstock.forwarder.balance.BackendNetwork;
import io.penstock.forwarder.operate.Bytes;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.MemberTraffic.StepCounts;
import io.penstock.forwarder.operate.NetworkSamples;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.operate.ServiceTraffic;
import io.penstock.forwarder.operate.ServiceTraffic.StepTimes;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.LatencyRecorder;
import io.penstock.metrics.LatencySnapshot;
import io.penstock.metrics.SharedBuckets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What a forwarder may have carried. */
final class SampleTraffic {
    private static final BucketScale SCALE = BucketScale.ofNanos(1_000, 6, 8);

    private SampleTraffic() {}

    /** A connect of 50 us and one of 200 us. */
    static ServiceTraffic service() {
        LatencyRecorder recorder = new LatencyRecorder(SCALE, 0);
        recorder.record(50_000);
        recorder.record(200_000);
        BucketCounts all = new BucketCounts(SCALE);
        LatencySnapshot recent = new LatencySnapshot(SCALE);
        recorder.addTo(all, 0);
        recorder.addTo(recent, 0);
        return new ServiceTraffic(
                Map.of("completed", 990L, "client_reset", 7L),
                new Bytes(1_000, 0),
                new Bytes(2_000, 300_000),
                Map.of("connect", new StepTimes(all, recent)));
    }

    static PoolTraffic pool() {
        return new PoolTraffic(6, Duration.ofMillis(1_250), 9, 4);
    }

    /** Two first bytes after 100 us, of which one is not recent, and one after 100 ms, which is. */
    static MemberTraffic backend() {
        SharedBuckets buckets = new SharedBuckets(SCALE);
        buckets.record(100_000);
        BucketCounts before = buckets.counts();
        buckets.record(100_000);
        buckets.record(100_000_000);
        BucketCounts all = buckets.counts();
        BackendNetwork network = new BackendNetwork();
        network.onSample(300, 1_000, 1, 100_000);
        return new MemberTraffic(
                700,
                5,
                2,
                Map.of("completed", 600L, "backend_reset", 2L),
                new Bytes(800, 0),
                new Bytes(900, 200_000),
                Map.of("first_byte", new StepCounts(all, all.since(before))),
                Optional.of(new NetworkSamples(
                        network.rtt().counts(),
                        network.deliveryRate().counts(),
                        network.retransmitted().counts())));
    }
}
