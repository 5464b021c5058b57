package io.penstock.perf.lab.anycast;

import io.penstock.perf.lab.LastingClients.Break;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Something dies: how long new connections of its site still went there, failed or had to try again, and how many established ones broke that others
 * had, by the loss or by the return.
 */
final class LossTrial {
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(60);

    /** Longer than a client's patience: what hangs since the return is known to have failed by then. */
    private static final Duration AFTER_RETURN = Duration.ofSeconds(7);

    private final Stage stage;

    LossTrial(Stage stage) {
        this.stage = stage;
    }

    /**
     * What is lost.
     *
     * @param thing of the lab
     * @param what happens, for people
     * @param victims the forwarders that go with it, as backends see them
     * @param lasting until it is healed
     * @param goalMs new connections go there, fail or wait no longer
     * @param serving whether a victim goes on with what it has
     */
    record Loss(
            String thing, String what, Collection<String> victims, Duration lasting, double goalMs, boolean serving) {}

    void run(Loss loss) throws IOException, InterruptedException {
        String thing = loss.thing();
        stage.timeline().title(thing + ": " + loss.what());
        Load near = Load.begin(stage.near());
        Load far = Load.begin(stage.far());
        Thread.sleep(SETTLE.toMillis());
        int there = near.openThrough(loss.victims());
        int elsewhere = 2 * Load.STAYING - there;
        stage.timeline().now(2 * Load.STAYING + " connections are established, " + there + " through what is lost");

        long brokenNs = stage.breakThing(thing);
        Thread.sleep(loss.lasting().toMillis());
        long healedNs = stage.heal(thing);
        OptionalLong last = near.lastAffected(loss.victims(), brokenNs, healedNs);
        last.ifPresent(atNs -> stage.timeline().at(atNs, "the last new connection that went there, failed or waited"));
        boolean back = near.awaitServed(loss.victims(), healedNs, RETURN_LIMIT);
        stage.timeline().now(back ? "it serves new connections again" : "it does not come back");
        Thread.sleep(AFTER_RETURN.toMillis());
        long endNs = System.nanoTime();
        // Again: some that began before it was healed had no end then.
        last = near.lastAffected(loss.victims(), brokenNs, healedNs);
        List<Break> broken = near.breaks();
        List<Break> others = broken.stream()
                .filter(each -> !loss.victims().contains(each.forwarder()))
                .toList();
        stage.show(others);
        stage.show(far.breaks());
        long failed = near.failed(brokenNs, healedNs);
        long late = near.late(brokenNs, healedNs);
        long came = near.came(brokenNs, healedNs);
        boolean oneSite = !loss.victims().containsAll(stage.near().addresses());
        int strayed = near.strayed();
        int moved = near.throughSeveral();
        double brokenElsewhere = others.size() + (double) far.breaks().size();
        double failedAtReturn = near.failed(healedNs, endNs);
        double failedFar = far.failed(brokenNs, endNs);
        long cameFar = far.came(brokenNs, endNs);
        near.end();
        far.end();

        stage.figures().atLeast(thing + ": established through what is lost", there, "of " + 2 * Load.STAYING, 1);
        stage.figures()
                .atMost(
                        thing + ": new connections went there, failed or waited for",
                        last.isPresent() ? Stage.millis(brokenNs, last.getAsLong()) : 0,
                        "ms",
                        loss.goalMs());
        stage.figures().report(thing + ": new connections failed", (double) failed, "of " + came);
        stage.figures()
                .report(thing + ": new connections served late, after 0.9 s or more", (double) late, "of " + came);
        stage.figures().exactly(thing + ": established elsewhere broke", brokenElsewhere, "of " + elsewhere, 0);
        double brokenThere = broken.size() - (double) others.size();
        if (loss.serving()) {
            stage.figures().exactly(thing + ": established there broke", brokenThere, "of " + there, 0);
        } else {
            stage.figures().report(thing + ": established there broke", brokenThere, "of " + there);
        }
        stage.figures().exactly(thing + ": new connections of the other site failed", failedFar, "of " + cameFar, 0);
        if (oneSite) {
            stage.figures().atLeast(thing + ": clients that moved to another forwarder", moved, "", 1);
            stage.figures()
                    .exactly(thing + ": clients that found another backend", strayed, "of " + moved + " that moved", 0);
        }
        stage.figures().exactly(thing + ": serves again when healed", back ? 1 : 0, "", 1);
        stage.figures().exactly(thing + ": new connections failed at the return", failedAtReturn, "connections", 0);
    }
}
