package io.penstock.ecmp.host;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.List;

/**
 * What the host role wants done now.
 *
 * @param changes in this order
 * @param transitions to log, count and show
 * @param wakeAtNs when to ask {@link HostRole#refresh} at the latest, whether or not anything happens; counts until the next answer, and
 *     what only waits for a look is not in it
 * @param observe whether more is due than can be decided without a look at the kernel: {@link HostRole#step} now
 */
public record HostStep(List<KernelChange> changes, List<Transition> transitions, long wakeAtNs, boolean observe) {
    public HostStep {
        changes = List.copyOf(changes);
        transitions = List.copyOf(transitions);
    }

    /**
     * A VIP went from one state to another.
     *
     * @param reason for people, in a few words
     */
    public record Transition(String vip, VipState from, VipState to, String reason) {}
}
