package io.penstock.forwarder.operate;

import java.util.Locale;

/** Whether clients of a service, a pool or an address are served. */
public enum ServingState {
    SERVED,
    /** Clients are served, but not all of them, or not as wanted: the reason says what is missing. */
    DEGRADED,
    NOT_SERVED,
    /** The process lets go of its clients, and takes no new ones. */
    DRAINING,
    /** The process has begun and no check has said anything yet. Never afterwards. */
    UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** One word, as users see it. */
    public String label() {
        return label;
    }

    /** Whether clients may be sent here. */
    public boolean isServed() {
        return this == SERVED || this == DEGRADED;
    }
}
