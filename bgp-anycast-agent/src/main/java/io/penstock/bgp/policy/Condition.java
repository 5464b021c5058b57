package io.penstock.bgp.policy;

import java.util.Locale;

/**
 * What is known of a VIP on this host now.
 *
 * @param level how it can be served
 * @param present whether its address is on this host, or does not have to be; says nothing while the level is
 *     UNKNOWN, as it is while this is not known
 * @param atNs when the evidence was taken, on the agent's clock
 * @param reason one line for people
 */
public record Condition(Level level, boolean present, long atNs, String reason) {
    /** How a VIP can be served. */
    public enum Level {
        /** Not known yet. */
        UNKNOWN,
        UP,
        /** It can, but with less than everything. */
        DEGRADED,
        /** It goes on with what it has, and wants no new clients. */
        DRAINING,
        DOWN;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of a VIP that nobody has looked at yet. */
    public static Condition unknown(long nowNs) {
        return new Condition(Level.UNKNOWN, false, nowNs, "not known yet");
    }
}
