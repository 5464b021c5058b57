package io.penstock.perf.micro;

import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.metrics.Counters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One event counted by the thread that owns the counters. */
@State(Scope.Thread)
public class CountersBenchmark {
    private final Counters<WorkerCounter> counters = new Counters<>(WorkerCounter.class);

    @Benchmark
    public void increment() {
        counters.increment(WorkerCounter.EVENTS);
    }
}
