package io.penstock.perf.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a policy takes to choose a backend. */
@State(Scope.Thread)
public class PolicyBenchmark {
    @Param({
        "maglev",
        "maglev-bounded",
        "ring-hash",
        "ring-hash-bounded",
        "round-robin",
        "least-connections",
        "two-choices",
        "random",
        "least-time",
        "adaptive"
    })
    private String policy;

    @Param({"10", "100", "1000"})
    private int size;

    private PolicyUnderLoad underLoad;

    @Setup
    public void fill() {
        underLoad = new PolicyUnderLoad(policy, size);
    }

    @Benchmark
    public int pick() {
        return underLoad.pick();
    }
}
