package io.penstock.serving;

/**
 * What is known of whether a VIP can be served.
 *
 * @param degraded whether it is served with less than everything; only of one that is served
 * @param atNs when it was last confirmed, on the agent's clock
 * @param reason for people
 */
public record VipVerdict(Kind kind, boolean degraded, long atNs, String reason) {
    public enum Kind {
        /** Nothing heard yet. */
        UNKNOWN,
        SERVED,
        /** Goes on with what it has, wants no new clients. */
        DRAINING,
        NOT_SERVED
    }

    /** With everything, when it is served. */
    public VipVerdict(Kind kind, long atNs, String reason) {
        this(kind, false, atNs, reason);
    }
}
