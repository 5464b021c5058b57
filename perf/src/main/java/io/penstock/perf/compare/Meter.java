package io.penstock.perf.compare;

import io.penstock.perf.rig.ProcessMemory;
import io.penstock.perf.rig.ProcessUsage;
import io.penstock.perf.rig.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Reads what a proxy uses while a window is open. */
final class Meter implements Window {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final ProcessUsage NOTHING = new ProcessUsage(0, Map.of());

    private final ServerProcess proxy;
    private final boolean sinceStart;
    private ProcessUsage before;
    private ProcessUsage after;
    private ProcessMemory memory;

    /** @param sinceStart whether what the proxy used before the window, to start, counts too */
    Meter(ServerProcess proxy, boolean sinceStart) {
        this.proxy = proxy;
        this.sinceStart = sinceStart;
    }

    @Override
    public void open() throws IOException {
        before = sinceStart ? NOTHING : ProcessUsage.of(proxy.pids());
    }

    @Override
    public void close() throws IOException {
        List<Long> pids = proxy.pids();
        after = ProcessUsage.of(pids);
        memory = ProcessMemory.of(pids);
    }

    Measurement measurement(Work work) {
        return new Measurement(
                work,
                after.cpuNsSince(before) / NANOS_PER_SECOND,
                after.switchesSince(before),
                memory.sharedOutBytes(),
                memory.peakBytes());
    }
}
