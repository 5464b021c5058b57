package io.penstock.ecmp.host;

import io.penstock.ecmp.host.HostStep.Transition;
import io.penstock.ecmp.kernel.KernelChange;
import java.util.ArrayList;
import java.util.List;

/** A {@link HostStep} in the making, that every VIP adds to. */
final class StepBuilder {
    static final long NEVER = Long.MAX_VALUE;

    private final long nowNs;
    private final List<KernelChange> changes = new ArrayList<>();
    private final List<Transition> transitions = new ArrayList<>();
    private long wakeAtNs = NEVER;
    private boolean observe;

    StepBuilder(long nowNs) {
        this.nowNs = nowNs;
    }

    long nowNs() {
        return nowNs;
    }

    void change(KernelChange change) {
        changes.add(change);
    }

    void transition(Transition transition) {
        transitions.add(transition);
    }

    /** Wakes for a refresh, or for what can be seen without looking at the kernel. */
    void wakeAt(long atNs) {
        wakeAtNs = Math.min(wakeAtNs, atNs);
    }

    /** Wakes for what takes a look at the kernel, or wants one when it is time already. */
    void decideAt(long atNs) {
        if (atNs <= nowNs) {
            observe = true;
        } else {
            wakeAt(atNs);
        }
    }

    HostStep build() {
        return new HostStep(changes, transitions, wakeAtNs, observe);
    }
}
