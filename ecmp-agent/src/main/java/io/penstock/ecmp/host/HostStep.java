package io.penstock.ecmp.host;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.List;

/**
 * What the host role wants done now.
 *
 * @param changes in this order
 * @param transitions to log, count and show
 * @param wakeAtNs when to ask again at the latest, whether or not anything happens
 */
public record HostStep(List<KernelChange> changes, List<Transition> transitions, long wakeAtNs) {
    public HostStep {
        changes = List.copyOf(changes);
        transitions = List.copyOf(transitions);
    }

    /** @param reason for people, in a few words */
    public record Transition(String vip, VipState from, VipState to, String reason) {}
}
