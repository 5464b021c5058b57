package io.penstock.bgp.control;

import java.util.Locale;

/**
 * What somebody ordered of a VIP, or of all, and what is left to be done about that.
 *
 * @param endsAtMs when a drain's wait is over, in milliseconds since 1970; of others 0
 * @param handedOver whether the ecmp-agent that has the VIP's address was told to take it away, and has not heard since to give it back
 */
record StandingOrder(Kind kind, long endsAtMs, boolean handedOver) {
    /** What of. */
    enum Kind {
        DRAIN,
        WITHDRAW,
        /** What was ordered before was revoked. Of a VIP only: what was ordered of all does not hold for it. */
        RESUME;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static StandingOrder drain(long endsAtMs, boolean handedOver) {
        return new StandingOrder(Kind.DRAIN, endsAtMs, handedOver);
    }

    static StandingOrder withdraw(boolean handedOver) {
        return new StandingOrder(Kind.WITHDRAW, 0, handedOver);
    }

    static StandingOrder resume(boolean handedOver) {
        return new StandingOrder(Kind.RESUME, 0, handedOver);
    }

    StandingOrder afterHandOver() {
        return new StandingOrder(kind, endsAtMs, true);
    }
}
