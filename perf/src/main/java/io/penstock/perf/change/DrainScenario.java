package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.change.clients.LongConnections;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Thousands of long connections of one backend are ended at a pace, oldest first, while new ones go to another. */
final class DrainScenario implements Scenario {
    /** Connections a second. */
    static final int RATE = 500;

    /** What the clients may measure around it. */
    private static final double TOLERANCE = 0.05;

    /** Connections are opened and accepted a few dozen at a time, by several workers: those have no order. */
    private static final double RANK_CORRELATION_MIN = 0.999;

    private static final double NEW_PER_SECOND = 200;
    private static final long EXCHANGE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long OPEN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long END_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int COMMAND_TIMEOUT_S = 20;

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        int count = rig.lengths().drained();
        Path directory = rig.newDirectory();
        String admin = "unix:" + directory.resolve("admin.sock");
        try (Stage stage = new Stage();
                Forwarder forwarder = Forwarder.start(rig.launcher(), directory, rig.cores(), yaml(stage, admin))) {
            rig.progress().accept("drain: opening " + count + " connections");
            LongConnections.Group drained = new LongConnections.Group(false);
            LongConnections longs =
                    stage.begin(events -> new LongConnections(events, EXCHANGE_INTERVAL_NS, PATIENCE_NS));
            stage.loop().call(() -> {
                longs.open(drained, stage.target(), count);
                return count;
            });
            if (!stage.loop().await(() -> drained.open() == count, OPEN_TIMEOUT_NS)) {
                throw new IOException("of " + count + " connections " + drained.open() + " could be opened: "
                        + drained.refusals() + " " + drained.breaks());
            }
            rig.progress().accept("drain: ending them");
            NewConnections fresh =
                    stage.begin(events -> NewConnections.atRate(events, stage.target(), List.of(), NEW_PER_SECOND));
            ToolRun.outputOf(drain(rig, admin), COMMAND_TIMEOUT_S);
            long expectedNs = TimeUnit.SECONDS.toNanos(count) / RATE;
            stage.loop().await(() -> drained.open() == 0, 2 * expectedNs + END_TIMEOUT_NS);
            NewConnections.Seen seen = stage.finish(fresh);
            forwarder.requireAlive();
            return List.of(table(count, drained, seen));
        }
    }

    private static Findings table(int count, LongConnections.Group drained, NewConnections.Seen fresh)
            throws IOException {
        if (drained.lifetimes().count() < count / 2) {
            throw new IOException(
                    "of " + count + " connections only " + drained.lifetimes().count() + " were ended");
        }
        DrainFigures figures = DrainFigures.of(
                drained.lifetimes().openedNs(), drained.lifetimes().endedNs());
        return new Findings(
                        "drain",
                        "%,d long connections drained at %d/s, with %,.0f new ones a second meanwhile"
                                .formatted(count, RATE, NEW_PER_SECOND),
                        List.of("penstock"))
                .exactly(count, "ended", "ended", "", figures.count())
                .report("a second, by the clients' clock", "rate", "1/s", figures.perSecond())
                .atMost(
                        TOLERANCE * 100,
                        "off the rate asked for",
                        "rate-error",
                        "%",
                        Math.abs(figures.perSecond() / RATE - 1) * 100)
                .atLeast(
                        RANK_CORRELATION_MIN,
                        "rank correlation of age and end",
                        "rank-correlation",
                        "",
                        figures.rankCorrelation())
                .report("most places from its own", "displacement-max", "", figures.displacementMax())
                .report("new connections", "new", "", fresh.offered())
                .exactly(0, "failed", "new-failed", "", fresh.failed())
                .note("New connections failed", fresh.reasons());
    }

    private static List<String> drain(Rig rig, String admin) {
        return List.of(
                rig.launcher().toString(),
                "backend",
                "drain",
                "drained",
                "old",
                "--rate",
                RATE + "/s",
                "--admin",
                admin);
    }

    /** Two workers, whose connections have to be put in one order. */
    private static String yaml(Stage stage, String admin) {
        return """
                admin: { listen: "%s" }
                workers: 2
                services:
                  drained: { listen: "%s", pool: drained }
                pools:
                  drained:
                    balance: { policy: round-robin }
                    health: none
                    backends:
                      - { id: old, address: "%s" }
                      - { id: new, address: "%s", backup: true }
                """.formatted(admin, stage.target(), stage.backend(0), stage.backend(1));
    }
}
