package io.penstock.serving;

/**
 * What is known of whether a VIP can be served.
 *
 * @param atNs when it was last confirmed, on the agent's clock
 * @param reason for people
 */
public record VipVerdict(Kind kind, long atNs, String reason) {
    public enum Kind {
        /** Nothing heard yet. */
        UNKNOWN,
        SERVED,
        /** Goes on with what it has, wants no new clients. */
        DRAINING,
        NOT_SERVED
    }
}
