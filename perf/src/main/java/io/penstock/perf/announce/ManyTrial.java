package io.penstock.perf.announce;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Series;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A thousand paths: the daemon is killed, its table is wiped, the agent is killed. */
final class ManyTrial {
    private static final int COUNT = 1_000;

    /** The promises; of the worst round. */
    private static final double RESTORED_MS = 2_000;

    private static final double GONE_MS = 2_000;

    /** The agent's own look at the whole table: its default {@code resync}, and the calls. */
    private static final double REPAIRED_MS = 6_000;

    private final Host host;
    private final Neighbour neighbour;
    private final PrintStream out;
    private final List<Double> restored = new ArrayList<>();
    private final List<Double> restoredAtNeighbour = new ArrayList<>();
    private final List<Double> repaired = new ArrayList<>();
    private final List<Double> gone = new ArrayList<>();

    ManyTrial(Host host, Neighbour neighbour, PrintStream out) {
        this.host = host;
        this.neighbour = neighbour;
        this.out = out;
    }

    void run(int rounds, Figures figures) throws IOException, InterruptedException {
        List<String> vips = IntStream.range(0, COUNT)
                .mapToObj(i -> "v%d: { prefix: 198.18.%d.%d/32, presence: false, health: none }"
                        .formatted(i, i / 250, i % 250))
                .toList();
        for (int round = 1; round <= rounds; round++) {
            host.startAgent(vips);
            Polling.millisUntil("announced at first", System.nanoTime(), COUNT, neighbour::routes);
            wipe();
            killDaemon();
            killAgent();
            out.printf(
                    "  %d: wiped and repaired %.0f ms, daemon killed and restored %.0f ms (at the neighbour %.0f),"
                            + " agent killed and withdrawn %.0f ms%n",
                    round, last(repaired), last(restored), last(restoredAtNeighbour), last(gone));
        }
        report(figures, "the daemon's table wiped, until it is repaired", repaired, REPAIRED_MS);
        report(figures, "the daemon killed and started, until it has all again", restored, RESTORED_MS);
        figures.report(
                COUNT + " paths: the same, until its neighbour has all again, median",
                new Series(restoredAtNeighbour).median(),
                "ms");
        report(figures, "the agent killed, until the neighbour has none", gone, GONE_MS);
    }

    private void wipe() throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        host.wipe();
        // It is done when the command is; what is there from then on was announced again.
        repaired.add(Polling.millisUntil("repaired", sinceNs, COUNT, host::announced));
        Polling.millisUntil("repaired at the neighbour", sinceNs, COUNT, neighbour::routes);
    }

    private void killDaemon() throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        host.killDaemon();
        host.startDaemon();
        restored.add(Polling.millisUntil("restored", sinceNs, COUNT, host::announced));
        restoredAtNeighbour.add(Polling.millisUntil("restored at the neighbour", sinceNs, COUNT, neighbour::routes));
    }

    private void killAgent() throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        host.killAgent();
        gone.add(Polling.millisUntil("gone at the neighbour", sinceNs, 0, neighbour::routes));
        Polling.millisUntil("gone", sinceNs, 0, host::announced);
    }

    private static double last(List<Double> all) {
        return all.get(all.size() - 1);
    }

    private static void report(Figures figures, String what, List<Double> all, double goalMs) {
        Series series = new Series(all);
        figures.report(COUNT + " paths: " + what + ", median", series.median(), "ms");
        figures.atMost(COUNT + " paths: " + what + ", most", series.max(), "ms", goalMs);
    }
}
