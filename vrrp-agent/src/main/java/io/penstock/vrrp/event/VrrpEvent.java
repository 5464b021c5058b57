package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.Event.Level;
import io.penstock.vrrp.protocol.State;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something happened. A value.
 *
 * @param subject the router or group, or {@link #AGENT}
 * @param text one line for people
 * @param details the same for programs, by name; see {@link Kind}
 */
public record VrrpEvent(Kind kind, String subject, String text, Map<String, String> details) {
    /** The subject of what is about no router and no group. */
    public static final String AGENT = "agent";

    /** What about. */
    public enum Kind implements Event.Type {
        /** A router went from one state into another: details from, to, reason, priority. */
        TRANSITION,
        /** A whole group did: details from, to. */
        GROUP,
        /** A priority in effect has changed: details from, to. */
        PRIORITY,
        /** A track went up or down: details track, state. */
        TRACK,
        /** A VIP was removed by someone, restored, lapsed, refused, adopted or put there by someone: details vip, what. */
        VIP,
        /** Something about advertisements: several owners, another configuration, another active router, one that was late: detail about. */
        NOTICE,
        /** A configuration was applied or refused: details trigger, applied. */
        CONFIG;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public VrrpEvent {
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** How much it matters. */
    Level level() {
        return switch (kind) {
            case TRANSITION, GROUP -> is("to", State.FAULT.label()) ? Level.WARN : Level.INFO;
            case PRIORITY -> Level.INFO;
            case TRACK -> is("state", "down") ? Level.WARN : Level.INFO;
            case VIP -> ofVip();
            case NOTICE -> is("about", "late") ? Level.ERROR : Level.WARN;
            case CONFIG -> is("applied", "false") ? Level.WARN : Level.INFO;
        };
    }

    private Level ofVip() {
        return switch (details.getOrDefault("what", "")) {
            case "adopted" -> Level.INFO;
            case "lapsed", "refused" -> Level.ERROR;
            default -> Level.WARN;
        };
    }

    private boolean is(String name, String value) {
        return value.equals(details.get(name));
    }
}
