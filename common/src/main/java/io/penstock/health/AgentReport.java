package io.penstock.health;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an agent's line asked for; what it did not mention stays as it was.
 *
 * @param weightPercent of the configured weight, 0 to 256
 * @param admin ready, drain or maintenance
 * @param verdict up or down, beside the verdict of the checks
 * @param maxConnections limit for this backend; 0 for none
 * @param reason the text after the {@code #} of a report that says down, drain or maintenance; may be empty
 */
public record AgentReport(
        OptionalInt weightPercent,
        Optional<Admin> admin,
        Optional<Boolean> verdict,
        OptionalInt maxConnections,
        String reason) {
    /** What asks for more gets this; HAProxy's largest weight. */
    public static final int MAX_WEIGHT_PERCENT = 256;

    static final AgentReport NOTHING =
            new AgentReport(OptionalInt.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), "");

    /** What the agent wants done with its backend. */
    public enum Admin {
        READY,
        /** Established connections stay, no new ones. */
        DRAIN,
        /** As drain; checks stop as well. */
        MAINTENANCE
    }
}
