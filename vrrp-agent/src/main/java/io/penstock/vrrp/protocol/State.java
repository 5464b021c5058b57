package io.penstock.vrrp.protocol;

import java.util.Locale;

/** Of a virtual router. */
public enum State {
    /** Not started, or stopped. */
    INITIALIZE,
    /** What it depends on is missing: it neither serves nor would take over. */
    FAULT,
    BACKUP,
    ACTIVE;

    /** As people read it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
