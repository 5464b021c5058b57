package io.penstock.bgp.control;

import io.penstock.bgp.rib.Change;

/** A change that the daemon was told of, until it answers. Of the agent's thread. */
final class Delivery {
    final Change change;
    final boolean repair;
    final Cause cause;
    final long generation;
    final long sentNs;

    /** Whether something was told of the prefix meanwhile, which may be older or newer than what this did. */
    boolean overtaken;

    Delivery(Planned planned, long generation, long sentNs) {
        change = planned.change();
        repair = planned.repair();
        cause = planned.cause();
        this.generation = generation;
        this.sentNs = sentNs;
    }

    /**
     * A change that is to be made.
     *
     * @param repair whether it puts right what was right before
     */
    record Planned(Change change, boolean repair, Cause cause) {}
}
