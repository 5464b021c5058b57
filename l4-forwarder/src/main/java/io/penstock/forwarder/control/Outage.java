package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.control.Transition.Reason;

/**
 * Whether a member serves nobody, as its checks, its agent or its traffic show, and since when. TCP connections find out
 * by themselves; UDP sessions go by this, as a host that is gone says nothing, and one without a socket says so about once
 * a second (net.ipv4.icmp_ratelimit) however many ask. Pure.
 *
 * <p>Slow is not lost, and neither is what its operator or its agent takes out: in maintenance the last verdict stands, so
 * that a dead backend does not get its sessions back by being looked after.
 */
final class Outage {
    private boolean checksDown;
    private boolean agentDown;
    private boolean ejected;
    private boolean open;

    /** Whether the breaker opened for failures, which holds for the trials that fail after it too. */
    private boolean opensForFailures;

    private long sinceNs = BackendLoad.NOT_LOST;

    void onChecks(boolean up) {
        checksDown = !up;
    }

    /** Checks begin without a result: to be taken for down is no verdict. */
    void onChecksAnew(boolean takenForUp) {
        checksDown &= !takenForUp;
    }

    void onAgent(boolean up) {
        agentDown = !up;
    }

    void onEjected(Reason reason) {
        ejected = reason != Reason.LATENCY;
    }

    void onEjectionOver() {
        ejected = false;
    }

    void onBreaker(CircuitBreaker.State state, Reason reason) {
        open = state == CircuitBreaker.State.OPEN;
        if (reason == Reason.FAILURE_RATE || reason == Reason.SLOW_RATE) {
            opensForFailures = reason == Reason.FAILURE_RATE;
        }
    }

    /** After each event; true when it begins or ends with it. */
    boolean settle(long nowNs) {
        boolean lost = checksDown || agentDown || ejected || (open && opensForFailures);
        boolean changed = lost != (sinceNs != BackendLoad.NOT_LOST);
        if (changed) {
            sinceNs = lost ? nowNs : BackendLoad.NOT_LOST;
        }
        return changed;
    }

    /** {@link BackendLoad#NOT_LOST} when it serves. */
    long sinceNs() {
        return sinceNs;
    }
}
