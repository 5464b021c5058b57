package io.penstock.ecmp.router;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.List;

/**
 * The way from what is there to what should be.
 *
 * @param changes in this order: what is needed comes before what needs it, and new ways before old ones go
 * @param conflicts what cannot be had because it is someone else's, for people
 * @param transitions to log, count and show
 * @param wakeAtNs when to ask again at the latest, whether or not anything happens
 */
public record RouterStep(
        List<KernelChange> changes, List<String> conflicts, List<Transition> transitions, long wakeAtNs) {
    public RouterStep {
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
        transitions = List.copyOf(transitions);
    }

    /**
     * A route or one of its legs has become something else.
     *
     * @param what a route, {@code web}, or one of its legs, {@code web/f1}
     * @param from a word as {@link RouteState} and {@link LegState} have them
     * @param reason for people, in a few words
     */
    public record Transition(String what, String from, String to, String reason) {}
}
