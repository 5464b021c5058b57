package io.penstock.ecmp.router;

import java.util.Locale;

/** What has become of a configured route. */
public enum RouteState {
    /** No check has said anything yet; whatever a former run left is still there. */
    UNDECIDED,
    /** Leads to its usable legs. */
    ROUTED,
    /** Leads to legs that all fail their checks, because the configuration says to keep them. */
    KEPT,
    /** No leg is usable: clients are told so. */
    UNREACHABLE,
    /** No leg is usable: there is no route. */
    EMPTY,
    /** An operator took it away. */
    WITHDRAWN,
    /** Someone else has a route to the same destination with the same metric. */
    CONFLICT,
    /** The kernel does not take it; tried again later. */
    REFUSED;

    /** As people and metrics read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
