package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.Arrivals;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.LastingClients;
import io.penstock.perf.lab.LastingClients.Break;
import io.penstock.perf.lab.NewClients;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Breaks one thing of one forwarder and heals it again, while new connections come and established ones ask. Answers: how long new ones
 * were still sent there, and how many established ones broke that other forwarders had, by the failure or by the return.
 */
final class FailureTrial {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NEW_PER_SECOND = 300;
    private static final int NEW_SOURCES = 2_000;
    private static final int STAYING = 300;
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /** How long the break lasts; whatever new connections it swallows have failed by its end. */
    private static final Duration BROKEN = Duration.ofSeconds(10);

    private static final Duration RETURN_LIMIT = Duration.ofSeconds(30);

    /** After a return, for established ones to show that they survived it. */
    private static final Duration AFTER_RETURN = Duration.ofSeconds(4);

    /** Longer than the break: one that hangs and goes on afterwards has not broken. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LabScript lab;
    private final Clients clients;
    private final Timeline timeline;
    private final Figures figures;

    FailureTrial(LabScript lab, Clients clients, Timeline timeline, Figures figures) {
        this.lab = lab;
        this.clients = clients;
        this.timeline = timeline;
        this.figures = figures;
    }

    /**
     * Breaks it and heals it.
     *
     * @param host of the forwarder
     * @param address of the forwarder, as backends see it
     */
    void run(Failure failure, String host, String address) throws IOException, InterruptedException {
        timeline.title(host + ": " + failure.what());
        Arrivals arrivals = new Arrivals();
        LastingClients staying = clients.staying(STAYING, PATIENCE);
        NewClients arriving = clients.arriving(NEW_SOURCES, NEW_PER_SECOND, Long.MAX_VALUE, arrivals);
        Thread.sleep(SETTLE.toMillis());
        int had = clients.loop().call(() -> staying.openByForwarder().getOrDefault(address, 0));
        timeline.now(STAYING + " connections are established, " + had + " through " + host + "; " + (int) NEW_PER_SECOND
                + " new ones a second");

        long brokenNs = System.nanoTime();
        timeline.at(brokenNs, "break " + failure.thing(host));
        lab.breakThing(failure.thing(host));
        Thread.sleep(BROKEN.toMillis());
        long healedNs = System.nanoTime();
        OptionalLong last = clients.loop().call(() -> arrivals.lastAffected(address, brokenNs, healedNs));
        last.ifPresent(atNs -> timeline.at(atNs, "the last new connection that went there or failed"));

        timeline.at(healedNs, "heal " + failure.thing(host));
        lab.heal(failure.thing(host));
        boolean back = clients.loop()
                .await(() -> arrivals.firstServed(address, healedNs).isPresent(), RETURN_LIMIT.toNanos());
        clients.loop()
                .call(() -> arrivals.firstServed(address, healedNs))
                .ifPresent(atNs -> timeline.at(atNs, host + " serves new connections again"));
        Thread.sleep(AFTER_RETURN.toMillis());
        long endNs = System.nanoTime();
        List<Break> breaks = clients.loop().call(staying::breaks);
        clients.loop().end(arriving);
        clients.loop().end(staying);

        long elsewhere = breaks.stream()
                .filter(each -> !each.forwarder().equals(address))
                .count();
        long there = breaks.size() - elsewhere;
        breaks.stream()
                .filter(each -> !each.forwarder().equals(address))
                .limit(3)
                .forEach(each -> timeline.at(each.atNs(), "broken at " + each.forwarder() + ": " + each.reason()));
        timeline.now(there + " of " + had + " connections through " + host + " broke, " + elsewhere + " of "
                + (STAYING - had) + " through the others");
        long failed = arrivals.failed(brokenNs, healedNs);
        long came = failed + arrivals.served(brokenNs, healedNs);
        String name = failure.thing(host);
        figures.atMost(
                name + ": new connections went there for",
                last.isPresent() ? (last.getAsLong() - brokenNs) / NANOS_PER_MILLI : 0,
                "ms",
                (double) failure.goalMs());
        figures.report(name + ": new connections failed", (double) failed, "of " + came);
        figures.exactly(name + ": established elsewhere broke", (double) elsewhere, "of " + (STAYING - had), 0);
        figures.report(name + ": established there broke", (double) there, "of " + had);
        figures.exactly(name + ": serves again when healed", back ? 1 : 0, "", 1);
        figures.exactly(
                name + ": new connections failed at the return",
                (double) arrivals.failed(healedNs, endNs),
                "connections",
                0);
    }
}
