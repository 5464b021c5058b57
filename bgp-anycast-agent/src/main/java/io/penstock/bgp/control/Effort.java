package io.penstock.bgp.control;

import io.penstock.bgp.rib.Change;
import io.penstock.bgp.route.PathAttributes;
import java.util.Optional;

/**
 * What was last tried about a prefix. The same is not done again before a pause: after a success because what is told of it comes later, and
 * not in order; after a failure, or when somebody undoes it each time, because it may not help. Something else may be done at once. Of the
 * agent's thread.
 */
final class Effort {
    /** Longer than the daemon takes to tell what it has done. */
    static final long FIRST_PAUSE_NS = 250_000_000;

    static final long LONGEST_PAUSE_NS = 5_000_000_000L;

    /** After which somebody who undid it is forgotten. */
    static final long QUIET_NS = 60_000_000_000L;

    private final Backoff pauses = new Backoff(FIRST_PAUSE_NS, LONGEST_PAUSE_NS);
    private Optional<PathAttributes> goal = Optional.empty();
    private long triedNs;
    private long notBeforeNs;
    private String refusal = "";

    static Optional<PathAttributes> goal(Change change) {
        return change instanceof Change.Announce announce ? Optional.of(announce.attributes()) : Optional.empty();
    }

    /** When this may be tried; the past when at once. */
    long notBeforeNs(Change change) {
        return goal(change).equals(goal) ? notBeforeNs : Long.MIN_VALUE;
    }

    void taken(Change change, boolean repair, long nowNs) {
        if (!repair || nowNs - triedNs >= QUIET_NS) {
            pauses.reset();
        }
        note(change, nowNs);
        refusal = "";
    }

    /** Returns whether that is news. */
    boolean refused(Change change, String why, long nowNs) {
        if (!goal(change).equals(goal)) {
            pauses.reset();
        }
        note(change, nowNs);
        boolean news = !why.equals(refusal);
        refusal = why;
        return news;
    }

    private void note(Change change, long nowNs) {
        goal = goal(change);
        triedNs = nowNs;
        notBeforeNs = nowNs + pauses.failed();
    }

    /** Why the daemon did not do what was last tried; empty when it did. */
    String refusal() {
        return refusal;
    }

    boolean isOver(long nowNs) {
        return nowNs - triedNs >= QUIET_NS;
    }
}
