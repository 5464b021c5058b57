package io.penstock.forwarder.control;

import io.penstock.forwarder.control.MemberState.Status;
import java.util.Locale;

/**
 * A member of a pool changed its status.
 *
 * @param evidence what was seen, with its numbers; one line
 */
record Transition(Status from, Status to, Reason reason, String evidence) {
    /** Why a status changed. */
    enum Reason {
        /** The file or the operator says something else. */
        CONFIGURATION,
        CHECK,
        AGENT,
        HOLD_DOWN,
        QUIET,
        CONNECT_FAILURES,
        EARLY_RESETS,
        LATENCY,
        EJECTION_OVER,
        FAILURE_RATE,
        SLOW_RATE,
        OPEN_TIME_OVER,
        TRIAL_FAILED,
        TRIAL_PASSED,
        SLOW_START_OVER;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Such as {@code up to down: check: connection refused}. */
    @Override
    public String toString() {
        return from.label() + " to " + to.label() + ": " + reason.label() + ": " + evidence;
    }
}
