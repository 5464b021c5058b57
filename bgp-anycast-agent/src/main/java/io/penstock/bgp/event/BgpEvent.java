package io.penstock.bgp.event;

import io.penstock.events.Event;
import io.penstock.events.Event.Level;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something happened. A value.
 *
 * @param subject the VIP or the neighbour, or {@link #AGENT}
 * @param text one line for people
 * @param details the same for programs, by name; see {@link Kind}
 */
public record BgpEvent(Kind kind, Level level, String subject, String text, Map<String, String> details) {
    /** The subject of what is about no VIP and no neighbour. */
    public static final String AGENT = "agent";

    /** Where a VIP or a neighbour goes {@code to} that is in no configuration any more: it has no state from then on. */
    public static final String REMOVED = "removed";

    /** What about. */
    public enum Kind implements Event.Type {
        /** A VIP went from one state into another: details from, to, reason. */
        STATE,
        /** The daemon has taken a path, new or with other attributes: details prefix, attributes, after-ms since the evidence. */
        ANNOUNCED,
        /** The daemon has taken a path out: details prefix, after-ms. */
        WITHDRAWN,
        /** The daemon would not: details prefix, cause. */
        REFUSED,
        /** A path of the agent's was missing or changed in the daemon, or too much there: details prefix, what. */
        REPAIRED,
        /** Somebody else's path is in the daemon at a prefix of the agent's: details prefix, what. */
        FOREIGN,
        /** The way to the daemon: details state (connected, lost, not-started, started, restarted), asn. */
        DAEMON,
        /** A session of the daemon: details from, to, address. */
        PEER,
        /** Somebody ordered: details order, vip. */
        ORDER,
        /** The process that withdraws after the agent's death: details what. */
        GUARD,
        /** The ecmp-agent that has the address of a drained VIP: details order, server, and cause when it does not do it. */
        HANDOVER,
        /** A configuration was applied or refused: details trigger, applied. */
        CONFIG;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public BgpEvent {
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }
}
