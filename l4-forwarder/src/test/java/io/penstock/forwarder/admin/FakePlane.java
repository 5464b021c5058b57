package io.penstock.forwarder.admin;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.PlaneCounter;
import io.penstock.forwarder.xdp.PlaneFigures;
import io.penstock.forwarder.xdp.PlaneStatus;
import io.penstock.forwarder.xdp.PlaneView;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;
import io.penstock.net.IpAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One service with one backend, whose ring has just changed. */
final class FakePlane implements PlaneView {
    private static final long HOUR_NS = 3_600_000_000_000L;

    @Override
    public PlaneStatus status() {
        long laterNs = System.nanoTime() + HOUR_NS;
        return new PlaneStatus(
                "default",
                7,
                2,
                laterNs,
                List.of(new PlaneStatus.Interface("eth0", "native"), new PlaneStatus.Interface("eth1", "none")),
                List.of(new PlaneStatus.Service(
                        0, "dns", Encapsulation.IPIP, List.of("192.0.2.53:53"), 1, laterNs, true)),
                List.of(new PlaneStatus.Backend(
                        4,
                        "dns",
                        "dns-pool",
                        "dns-1",
                        IpAddress.parse("10.0.0.53").orElseThrow(),
                        Encapsulation.IPIP,
                        "up",
                        2,
                        "")),
                List.of("no interface eth1 here"));
    }

    @Override
    public PlaneFigures figures() {
        Map<PlaneCounter, Long> counters = new EnumMap<>(PlaneCounter.class);
        long count = 100;
        for (PlaneCounter counter : PlaneCounter.values()) {
            counters.put(counter, count);
            count++;
        }
        SharedBuckets fills = new SharedBuckets(BucketScale.ofNanos(1024, 4, 19));
        fills.record(150_000);
        return new PlaneFigures(counters, Map.of(4, new PlaneFigures.Volume(1_000, 64_000)), fills.counts());
    }
}
