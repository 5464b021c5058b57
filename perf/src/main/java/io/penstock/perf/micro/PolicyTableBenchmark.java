package io.penstock.perf.micro;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.MaglevBuilder;
import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.forwarder.balance.Policies;
import io.penstock.forwarder.balance.Policy;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.net.FlowHash;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the controller builds for a pool of a thousand backends whenever one of them comes or goes. */
@State(Scope.Thread)
public class PolicyTableBenchmark {
    private static final int BACKENDS = 1000;

    private final FlowHash hash = new FlowHash(1, 2);
    private final String[] ids = new String[BACKENDS];
    private final int[] equal = new int[BACKENDS];
    private final int[] different = new int[BACKENDS];
    private final BackendLoad[] loads = new BackendLoad[BACKENDS];

    @Setup
    public void fill() {
        Arrays.setAll(ids, i -> "backend-" + i);
        Arrays.fill(equal, 1);
        Arrays.setAll(different, i -> 1000 + i);
        Arrays.setAll(loads, i -> new BackendLoad());
    }

    @Benchmark
    public MaglevTable maglev65537() {
        return MaglevBuilder.build(65_537, ids, equal, hash::ofBytes);
    }

    @Benchmark
    public MaglevTable maglev655373() {
        return MaglevBuilder.build(655_373, ids, equal, hash::ofBytes);
    }

    @Benchmark
    public MaglevTable maglev655373Weighted() {
        return MaglevBuilder.build(655_373, ids, different, hash::ofBytes);
    }

    @Benchmark
    public Policy ringHash() {
        return policy(PolicyKind.RING_HASH, equal);
    }

    @Benchmark
    public Policy roundRobinWeighted() {
        return policy(PolicyKind.ROUND_ROBIN, different);
    }

    @Benchmark
    public Policy leastConnections() {
        return policy(PolicyKind.LEAST_CONNECTIONS, equal);
    }

    private Policy policy(PolicyKind kind, int[] weights) {
        PolicySpec spec =
                new PolicySpec(kind, PolicySpec.DEFAULT_TABLE_SIZE, PolicySpec.DEFAULT_RING_SIZE, PolicySpec.UNBOUNDED);
        Policy policy =
                Policies.create(spec, RingScale.of(spec.ringSize(), weights), ids, weights, loads, hash::ofBytes);
        policy.retire();
        return policy;
    }
}
