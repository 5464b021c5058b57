package io.penstock.perf.lab.anycast;

import io.penstock.perf.lab.LastingClients.Break;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * A forwarder, or all of a site, is drained under short and long connections: new ones go elsewhere at once, long ones stay where they are
 * and have until the withdrawal to end. Then it comes back. Nobody is to notice.
 */
final class DrainTrial {
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /** Long connections are done by then; what is drained is withdrawn after 20 s. */
    private static final Duration LONG = Duration.ofSeconds(14);

    /** From then on to where nothing is left of the VIP on a drained host: it is withdrawn, then the address leaves in order. */
    private static final Duration REST = Duration.ofSeconds(16);

    private static final Duration RETURN_LIMIT = Duration.ofSeconds(30);

    /** Longer than a client's patience: what hangs since the return is known to have failed by then. */
    private static final Duration AFTER_RETURN = Duration.ofSeconds(7);

    /** Far less than until the withdrawal: it is the community that leads new ones elsewhere. */
    private static final double ELSEWHERE_MS = 2_000;

    private final Stage stage;

    DrainTrial(Stage stage) {
        this.stage = stage;
    }

    /**
     * Drains it and brings it back.
     *
     * @param thing of the lab
     * @param drained the forwarders, as backends see them
     */
    void run(String thing, Collection<String> drained) throws IOException, InterruptedException {
        stage.timeline().title(thing + ": new connections go elsewhere, long ones stay");
        Load near = Load.begin(stage.near());
        Load far = Load.begin(stage.far());
        Thread.sleep(SETTLE.toMillis());
        int had = near.openThrough(drained);
        stage.timeline().now(2 * Load.STAYING + " connections are established, " + had + " through what is drained");

        long orderedNs = stage.breakThing(thing);
        long acceptedNs = System.nanoTime();
        stage.timeline().at(acceptedNs, "the order was taken");
        Thread.sleep(LONG.toMillis());
        OptionalLong last = near.lastAffected(drained, orderedNs, System.nanoTime());
        last.ifPresent(atNs -> stage.timeline().at(atNs, "the last new connection that went there, failed or waited"));
        List<Break> breaks = near.breaks();
        stage.show(breaks);
        stage.timeline().now(near.openThrough(drained) + " long connections are there still; they end now");
        near.finishLong();
        Thread.sleep(REST.toMillis());
        near.openLong();

        long healedNs = stage.heal(thing);
        boolean back = near.awaitServed(drained, healedNs, RETURN_LIMIT);
        stage.timeline().now(back ? "it serves new connections again" : "it does not come back");
        Thread.sleep(AFTER_RETURN.toMillis());
        long endNs = System.nanoTime();
        List<Break> returning = near.breaks();
        stage.show(returning);
        long failed = near.failed(orderedNs, endNs) + far.failed(orderedNs, endNs);
        long came = near.came(orderedNs, endNs) + far.came(orderedNs, endNs);
        int elsewhere = far.breaks().size();
        near.end();
        far.end();

        stage.figures().atLeast(thing + ": established through what is drained", had, "of " + 2 * Load.STAYING, 1);
        stage.figures().exactly(thing + ": new connections failed", (double) failed, "of " + came, 0);
        stage.figures()
                .exactly(
                        thing + ": established connections broke",
                        (double) breaks.size() + elsewhere,
                        "of " + 2 * Load.STAYING,
                        0);
        stage.figures()
                .exactly(
                        thing + ": established connections broke at the return",
                        (double) returning.size(),
                        "of " + Load.STAYING,
                        0);
        stage.figures()
                .atMost(
                        thing + ": new connections went there after the order was taken for",
                        last.isPresent() ? Math.max(0, Stage.millis(acceptedNs, last.getAsLong())) : 0,
                        "ms",
                        ELSEWHERE_MS);
        stage.figures().exactly(thing + ": serves again when healed", back ? 1 : 0, "", 1);
    }

    /** Without a flow memory the routers send all packets where new connections go: how many that breaks. */
    void withoutMemory(String thing, Collection<String> drained) throws IOException, InterruptedException {
        stage.timeline().title(thing + ", with routers that keep no connection where it began");
        stage.breakThing("memory");
        Load near = Load.begin(stage.near());
        Thread.sleep(SETTLE.toMillis());
        int had = near.openThrough(drained);
        stage.breakThing(thing);
        Thread.sleep(LONG.toMillis());
        int broken = near.breaks().size();
        stage.timeline().now(broken + " of " + Load.STAYING + " established connections broke, " + had + " were there");
        near.finishLong();
        Thread.sleep(REST.toMillis());
        long healedNs = stage.heal(thing);
        boolean unused = near.awaitServed(drained, healedNs, RETURN_LIMIT);
        near.end();
        stage.heal("memory");
        stage.figures()
                .report(thing + ", stateless routers: established connections broke", broken, "of " + Load.STAYING);
    }
}
