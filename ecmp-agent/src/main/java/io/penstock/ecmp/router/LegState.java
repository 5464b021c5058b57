package io.penstock.ecmp.router;

import java.util.Locale;

/** What is known of one host that a route may lead to. */
public enum LegState {
    /** Its link is up, but no check has said anything yet; it stays where it was found. */
    UNKNOWN,
    UP,
    /** Its checks fail. */
    UNHEALTHY,
    /** Its interface is down, without carrier, or not there. */
    NO_LINK,
    /** The kernel does not take it; tried again later. */
    REFUSED;

    /** As people and metrics read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
