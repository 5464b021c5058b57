package io.penstock.perf.micro;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.ClientList;
import io.penstock.forwarder.table.ConnectionGate;
import io.penstock.forwarder.table.ConnectionLimit;
import io.penstock.forwarder.table.RateLimit;
import io.penstock.forwarder.table.SourceLimits;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.table.TokenBucket;
import io.penstock.forwarder.table.TokenRate;
import io.penstock.net.FlowHash;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One client that comes and goes, from another of 1,024 addresses each time. The time is the benchmark's own. */
@State(Scope.Thread)
public class AdmissionBenchmark {
    private static final long IPV4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final long STEP_NS = TimeUnit.MICROSECONDS.toNanos(10);
    private static final TokenRate FAST = new TokenRate(16, 1000);

    private final SourceLimits sources = new SourceLimits(
            new SourceTable(262_144, 0),
            new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L),
            new HashInput(true, 32, 64),
            200,
            FAST);
    private final Admission perSource = new Admission(ClientList.EVERYBODY, sources, null, null, null);
    private final Admission everyLimit = new Admission(
            ClientList.EVERYBODY,
            sources,
            new RateLimit(new TokenBucket(0), FAST),
            new ConnectionLimit(new ConnectionGate(), 1000),
            new ConnectionLimit(new ConnectionGate(), 1000));
    private long nowNs;

    /** Connections and rate of each source. */
    @Benchmark
    public int admitRelease() {
        return one(perSource);
    }

    /** These, and the limits of service and process. */
    @Benchmark
    public int admitReleaseAll() {
        if (everyLimit.tryEnter(nowNs) != Admission.Hold.NONE) {
            throw new IllegalStateException("held back");
        }
        return one(everyLimit);
    }

    private int one(Admission admission) {
        nowNs += STEP_NS;
        int source = admission.admit(0, IPV4_MAPPED | (0x0a000000 + (nowNs & 1023)), nowNs);
        if (source < 0) {
            throw new IllegalStateException("refused or untracked: " + source);
        }
        admission.leave(source);
        return source;
    }
}
