package io.penstock.bgp.policy;

import io.penstock.bgp.policy.Condition.Level;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to be done about a VIP, and why.
 *
 * @param announceAs UP, DEGRADED or DRAINING; empty for not at all
 * @param reason one line for people
 * @param sinceNs when it came into this state, on the agent's clock
 * @param untilNs when it leaves it by itself; empty when it does not
 */
public record Stance(State state, Optional<Level> announceAs, String reason, long sinceNs, OptionalLong untilNs) {
    /** Of a VIP. */
    public enum State {
        /** Not known yet whether it can be served; what a former run announced stays. */
        PENDING,
        /** It cannot be served, or its address is not here. */
        DOWN,
        /** It can be served, but went too often of late. */
        HELD_DOWN,
        UP,
        DEGRADED,
        /** On its way out: announced as worse than any other. */
        DRAINING,
        /** Its drain is over. */
        DRAINED,
        /** By order. */
        WITHDRAWN;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
