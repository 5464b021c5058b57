package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.change.clients.SilentConnections;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Thousands of clients connect and say nothing, while others work; twice, of which the first is not looked at. */
final class SlowOpen implements Scenario {
    private static final double RATE = 500;
    private static final int FIRST_BYTE_TIMEOUT_S = 3;

    /** Beyond the timeout: the timer's tick, and a queue of thousands that are closed at about the same time. */
    private static final double LATE_MAX_S = 2;

    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    /** What a heap may have grown by for other reasons than connections: compiled code's constants, log buffers. */
    private static final double HEAP_GROWTH_MIB = 1;

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        int count = rig.lengths().silent();
        try (Stage stage = new Stage();
                Forwarder forwarder = Forwarder.start(rig.launcher(), rig.newDirectory(), rig.cores(), yaml(stage))) {
            rig.progress().accept("attack: silent connections, for the forwarder to grow what it keeps");
            silence(stage, count);
            // First the heap: who asks a JVM for it makes it listen for such questions.
            long heapBefore = forwarder.heapBytes();
            int objectsBefore = forwarder.openKernelObjects();
            rig.progress().accept("attack: silent connections");
            NewConnections good = stage.begin(events -> NewConnections.atRate(events, stage.target(), List.of(), RATE));
            SilentConnections silent = silence(stage, count);
            NewConnections.Seen seen = stage.finish(good);
            int objectsLeft = KernelObjects.settled(forwarder, objectsBefore) - objectsBefore;
            double heapGrowth = (forwarder.heapBytes() - heapBefore) / BYTES_PER_MIB;
            forwarder.requireAlive();
            return List.of(table(count, silent, seen, objectsLeft, heapGrowth));
        }
    }

    /** Returns once all were closed, or should have been. */
    private static SilentConnections silence(Stage stage, int count) throws IOException, InterruptedException {
        SilentConnections silent = stage.begin(events -> new SilentConnections(events, stage.target(), count));
        long timeoutNs = TimeUnit.SECONDS.toNanos(3 * FIRST_BYTE_TIMEOUT_S + 10);
        stage.loop().await(() -> silent.isAllBegun() && silent.open() == 0, timeoutNs);
        return silent;
    }

    private static Findings table(
            int count, SilentConnections silent, NewConnections.Seen good, int objectsLeft, double heapGrowth) {
        double[] seconds = lifetimes(silent);
        return new Findings(
                        "attack.slow-open",
                        "%,d connections that say nothing, first-byte timeout %d s, %,.0f good ones a second"
                                .formatted(count, FIRST_BYTE_TIMEOUT_S, RATE),
                        List.of("penstock"))
                .exactly(count, "closed", "closed", "", seconds.length)
                .atLeast(FIRST_BYTE_TIMEOUT_S, "after, at least", "closed-after-min", "s", min(seconds))
                .atMost(FIRST_BYTE_TIMEOUT_S + LATE_MAX_S, "after, at most", "closed-after-max", "s", max(seconds))
                .report("good connections", "good", "", good.offered())
                .exactly(0, "failed", "good-failed", "", good.failed())
                .report("p99", "good-p99", "us", good.p99Us())
                .exactly(0, "sockets left", "sockets-left", "", Math.max(0, objectsLeft))
                .atMost(HEAP_GROWTH_MIB, "heap grown by", "heap-growth", "MiB", heapGrowth)
                .note("Good connections failed", good.reasons())
                .note("Silent connections failed", silent.failures().toString());
    }

    private static double[] lifetimes(SilentConnections silent) {
        long[] opened = silent.lifetimes().openedNs();
        long[] ended = silent.lifetimes().endedNs();
        double[] seconds = new double[ended.length];
        Arrays.setAll(seconds, i -> (ended[i] - opened[i]) / NANOS_PER_SECOND);
        return seconds;
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }

    private static String yaml(Stage stage) {
        return """
                workers: 1
                services:
                  attacked:
                    listen: "%s"
                    pool: attacked
                    timeouts: { first-byte: %ds }
                pools:
                  attacked: { balance: { policy: round-robin }, health: none, backends: ["%s", "%s"] }
                """.formatted(stage.target(), FIRST_BYTE_TIMEOUT_S, stage.backend(0), stage.backend(1));
    }
}
