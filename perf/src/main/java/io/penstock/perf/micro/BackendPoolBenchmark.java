package io.penstock.perf.micro;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Spread;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The backend for a hash: a slot of the Maglev table that nobody expects, as every new connection has it. */
@State(Scope.Thread)
public class BackendPoolBenchmark {
    private static final int SLOTS = 65_537;
    private static final int BACKENDS = 100;
    private static final int FIRST_ADDRESS = 0x0a000001;
    private static final int PORT = 8080;

    /** 2^64 divided by the golden ratio: multiples of it spread evenly. */
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    private static final FlowHash FLOW_HASH = new FlowHash(1, 2);

    private final BackendPool pool = new BackendPool(
            "pool",
            FLOW_HASH,
            HashInput.FLOW,
            Spread.of(new BackendGroup(PolicySpec.maglev(SLOTS), RingScale.NONE, FLOW_HASH, backends())));
    private final Selection selection = new Selection(1);
    private long hash;

    @Benchmark
    public Backend select() {
        selection.begin(0);
        return pool.select(hash += STRIDE, BackendPool.UNKNOWN_ZONE, selection);
    }

    private static List<Backend> backends() {
        return IntStream.range(0, BACKENDS)
                .mapToObj(i ->
                        new Backend("backend-" + i, IpAddress.ofIpv4(FIRST_ADDRESS + i), PORT, 1, new BackendLoad()))
                .toList();
    }
}
