package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;

/**
 * Something happened to a VIP that nobody ordered.
 *
 * @param text one line for people, which begins with the address
 */
public record VipEvent(String router, IpAddress address, Kind kind, String text) {
    /** What. */
    public enum Kind {
        /** Someone has removed it, and it was put there again. */
        RESTORED,
        /** Someone has removed it, and by policy that is a fault of the router. */
        REMOVED,
        /** Its lease ran out: the agent was held up for as long. The router must not be active. */
        LAPSED,
        /** It cannot be put there. The router must not be active. */
        REFUSED,
        /** A former run left it. */
        ADOPTED,
        /** It is there by another hand, and is not the agent's to remove. */
        FOREIGN
    }
}
