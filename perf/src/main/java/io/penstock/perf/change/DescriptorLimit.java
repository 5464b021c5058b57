package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.change.clients.LongConnections;
import io.penstock.perf.rig.ProcessUsage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** More connections than a forwarder has descriptors for: some wait in the kernel's queue until others end. */
final class DescriptorLimit implements Scenario {
    private static final int LIMIT = 400;
    private static final int CONNECTIONS = 500;

    /** Long enough that nothing moves while the forwarder's CPU time is looked at. */
    private static final long EXCHANGE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long STILL_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long STILL_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(15);
    private static final int WATCHED_S = 3;
    private static final long SERVED_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long POLL_MS = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Of a core, for some hundred exchanges a second and a look every 100 ms whether there is room. */
    private static final double CPU_MAX_PERCENT = 10;

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Forwarder forwarder = Forwarder.startWithDescriptors(
                        LIMIT, rig.launcher(), rig.newDirectory(), rig.cores(), yaml(stage))) {
            rig.progress().accept("attack: more connections than descriptors");
            LongConnections.Group group = new LongConnections.Group(false);
            LongConnections longs =
                    stage.begin(events -> new LongConnections(events, EXCHANGE_INTERVAL_NS, PATIENCE_NS, CONNECTIONS));
            stage.loop().call(() -> {
                longs.open(group, stage.target(), CONNECTIONS);
                return group;
            });
            awaitStill(stage, group);
            int open = stage.loop().call(group::open);
            ProcessUsage before = forwarder.usage();
            long beganNs = System.nanoTime();
            TimeUnit.SECONDS.sleep(WATCHED_S);
            double seconds = (System.nanoTime() - beganNs) / NANOS_PER_SECOND;
            double cpu = forwarder.usage().cpuNsSince(before) / NANOS_PER_SECOND / seconds * 100;
            serveAll(stage, longs, group);
            forwarder.requireAlive();
            return List.of(table(open, cpu, group));
        }
    }

    /** Until no more are served. */
    private static void awaitStill(Stage stage, LongConnections.Group group) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + STILL_TIMEOUT_NS;
        int opened = -1;
        long sinceNs = System.nanoTime();
        while (System.nanoTime() - sinceNs < STILL_NS && System.nanoTime() - deadlineNs < 0) {
            int now = stage.loop().call(group::opened);
            if (now != opened) {
                opened = now;
                sinceNs = System.nanoTime();
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** Those that were served make room for others. */
    private static void serveAll(Stage stage, LongConnections longs, LongConnections.Group group)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + SERVED_TIMEOUT_NS;
        while (stage.loop().call(group::opened) < CONNECTIONS && System.nanoTime() - deadlineNs < 0) {
            stage.loop().call(() -> {
                longs.closeAnswered(group);
                return group;
            });
            Thread.sleep(POLL_MS);
        }
    }

    private static Findings table(int open, double cpu, LongConnections.Group group) {
        return new Findings(
                        "attack.descriptors",
                        "%d connections at once, which need two descriptors each, with a limit of %d"
                                .formatted(CONNECTIONS, LIMIT),
                        List.of("penstock"))
                .atMost(CONNECTIONS - 1, "open at the limit", "open", "", open)
                .atMost(CPU_MAX_PERCENT, "CPU while the others wait", "cpu", "%", cpu)
                .exactly(CONNECTIONS, "served in the end", "served", "", group.opened())
                .exactly(
                        0,
                        "reset before they were served",
                        "refused",
                        "",
                        group.refusals().count())
                .exactly(0, "reset after", "broken", "", group.breaks().count())
                .note("Reset before they were served", group.refusals().toString())
                .note("Reset after", group.breaks().toString());
    }

    private static String yaml(Stage stage) {
        return """
                workers: 1
                services:
                  attacked: { listen: "%s", pool: attacked }
                pools:
                  attacked: { balance: { policy: round-robin }, health: none, backends: ["%s", "%s"] }
                """.formatted(stage.target(), stage.backend(0), stage.backend(1));
    }
}
