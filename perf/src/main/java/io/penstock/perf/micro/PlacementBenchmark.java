package io.penstock.perf.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A connection as the balancing sees it, from the choice of a backend to its end: with a policy that keeps no account of its
 * own, one that counts a group's connections, and one that keeps the backends in order.
 */
@State(Scope.Thread)
public class PlacementBenchmark {
    @Param({"maglev", "maglev-bounded", "least-connections"})
    private String policy;

    @Param({"10", "100", "1000"})
    private int size;

    private PolicyUnderLoad underLoad;

    @Setup
    public void fill() {
        underLoad = new PolicyUnderLoad(policy, size);
    }

    @Benchmark
    public int connection() {
        return underLoad.place();
    }
}
