package io.penstock.bgp.gobgp;

import java.time.Duration;
import java.util.Locale;

/**
 * A neighbour of a daemon, as the daemon sees it.
 *
 * @param address as the daemon writes it, which names it there
 * @param description for people; may be empty
 * @param asn 0 when unknown
 * @param state of the session's state machine (RFC 4271 section 8.2.2)
 * @param upFor since it was established; zero when it is not
 * @param why it is not established, as the daemon says; may be empty
 */
public record PeerView(String address, String description, long asn, State state, Duration upFor, String why) {
    /** What descriptions of those begin with that were configured by us; the name in the configuration follows. */
    public static final String OWN_DESCRIPTION = "penstock:";

    /** In the order of RFC 4271. */
    public enum State {
        UNKNOWN,
        IDLE,
        CONNECT,
        ACTIVE,
        OPENSENT,
        OPENCONFIRM,
        ESTABLISHED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isOwn() {
        return description.startsWith(OWN_DESCRIPTION);
    }

    public boolean isEstablished() {
        return state == State.ESTABLISHED;
    }
}
