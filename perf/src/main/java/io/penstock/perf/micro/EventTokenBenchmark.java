package io.penstock.perf.micro;

import io.penstock.forwarder.event.EventToken;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every registration and every event does with its 64 bits. */
@State(Scope.Thread)
public class EventTokenBenchmark {
    private int generation = 7;
    private int slot = 4_711;
    private int kind = 2;
    private long token = EventToken.of(generation, slot, kind);

    @Benchmark
    public long encode() {
        return EventToken.of(generation, slot, kind);
    }

    @Benchmark
    public int decode() {
        return EventToken.generation(token) ^ EventToken.slot(token) ^ EventToken.kind(token);
    }
}
