package io.penstock.bgp.gobgp;

import io.penstock.bgp.route.LargeCommunity;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    /** What descriptions begin with that an agent gave before there was an owner's mark in them; the name in its configuration follows. */
    public static final String UNMARKED = "penstock:";

    private static final Pattern MARKED = Pattern.compile("penstock [0-9]+:[0-9]+:[0-9]+ (.+)");

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

    /** Of a neighbour that an agent configures. */
    public static String description(LargeCommunity owner, String name) {
        return "penstock " + owner + " " + name;
    }

    /**
     * Whether it is the agent's with this mark.
     *
     * @param configured whether that has a neighbour of this address in its configuration: one without a mark is taken for its own then
     */
    public boolean isOwn(LargeCommunity owner, boolean configured) {
        return description.startsWith(description(owner, "")) || (configured && description.startsWith(UNMARKED));
    }

    /** In the configuration of the agent that configured it; else as it is described, or its address. */
    public String name() {
        Matcher marked = MARKED.matcher(description);
        if (marked.matches()) {
            return marked.group(1);
        }
        if (description.isBlank() || description.equals(UNMARKED)) {
            return address;
        }
        return description.startsWith(UNMARKED) ? description.substring(UNMARKED.length()) : description;
    }

    public boolean isEstablished() {
        return state == State.ESTABLISHED;
    }
}
