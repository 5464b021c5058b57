package io.penstock.perf.micro;

import org.openjdk.jmh.annotations.Benchmark;

/** What measuring costs by itself. */
public class EmptyBenchmark {
    @Benchmark
    public void nothing() {}
}
