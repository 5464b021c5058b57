package io.penstock.perf.micro;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.Backend;
import io.penstock.net.IpAddress;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What is counted and recorded of one short connection from its accept to its end, for its service and its backend, by a
 * worker that has both to itself.
 */
@State(Scope.Thread)
public class FlowRecordingBenchmark {
    private enum Reason {
        COMPLETED
    }

    private static final int SERVICE = 3;

    @Param({"counts", "latencies"})
    private String recorded;

    private final ServiceCounts services = new ServiceCounts();
    private final Backend backend = new Backend("web-1", IpAddress.ofIpv4(0x0a000001), 80, 1, new BackendLoad());
    private FlowLatencies latencies;
    private long tookNs;

    @Setup
    public void choose() {
        latencies = new FlowLatencies(recorded.equals("latencies"));
    }

    @Benchmark
    public void connection() {
        // Of all lengths up to 67 ms: a branch predictor must not learn them.
        tookNs = (tookNs * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L) >>> 38;
        services.onAccepted(SERVICE);
        services.onOpened(SERVICE);
        latencies.onConnected(SERVICE, backend, tookNs);
        latencies.onFirstByte(SERVICE, backend, tookNs + 1_000);
        services.onBytes(SERVICE, 100, 0, 1_000, 0);
        backend.load().traffic().onBytes(100, 0, 1_000, 0);
        latencies.onEnded(SERVICE, tookNs + 2_000);
        backend.load().traffic().onEnded(FlowOutcome.COMPLETED);
        services.onClosed(SERVICE, Reason.COMPLETED);
    }
}
