package io.penstock.bgp.control;

import java.util.Locale;

/**
 * What somebody ordered of a VIP, and has not revoked.
 *
 * @param endsAtMs when a drain's wait is over, in milliseconds since 1970; of a withdrawal 0
 */
record StandingOrder(Kind kind, long endsAtMs) {
    static final StandingOrder WITHDRAW = new StandingOrder(Kind.WITHDRAW, 0);

    /** What of. */
    enum Kind {
        DRAIN,
        WITHDRAW;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static StandingOrder drain(long endsAtMs) {
        return new StandingOrder(Kind.DRAIN, endsAtMs);
    }
}
