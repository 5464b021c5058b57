package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.NewClients;
import io.penstock.perf.lab.SourceAffinity;
import io.penstock.perf.lab.Tally;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.time.Duration;

/** Several connections of each of many clients: the router spreads them, yet each client reaches one backend. */
final class AffinityTrial {
    private static final int CONNECTIONS_EACH = 4;
    private static final double PER_SECOND = 2_000;

    /** Of three forwarders, four connections find one and the same in 1 of 27 clients. */
    private static final double THROUGH_SEVERAL_SHARE = 0.9;

    private AffinityTrial() {}

    static void run(Clients clients, int sources, Timeline timeline, Figures figures)
            throws IOException, InterruptedException {
        timeline.title(sources + " clients, " + CONNECTIONS_EACH + " connections each");
        SourceAffinity affinity = new SourceAffinity();
        Tally tally = new Tally();
        long count = (long) sources * CONNECTIONS_EACH;
        NewClients arriving = clients.arriving(sources, PER_SECOND, count, outcome -> {
            affinity.accept(outcome);
            tally.accept(outcome);
        });
        Duration limit = Duration.ofSeconds(60 + count / 200);
        boolean done = clients.loop().await(arriving::isDone, limit.toNanos());
        clients.loop().end(arriving);
        tally.byForwarder().forEach((address, served) -> timeline.now("through " + address + ": " + served));
        tally.byBackend().forEach((backend, served) -> timeline.now("at " + backend + ": " + served));
        tally.failures().forEach((reason, failed) -> timeline.now("failed: " + reason + ": " + failed));
        figures.exactly("clients served", done ? affinity.sources() : 0, "", sources);
        figures.exactly("connections failed", tally.failed(), "of " + count, 0);
        figures.atLeast(
                "clients that came through several forwarders",
                affinity.throughSeveral(),
                "",
                Math.floor(sources * THROUGH_SEVERAL_SHARE));
        figures.exactly("clients that reached more than one backend", affinity.strayed(), "", 0);
    }
}
