package io.penstock.ecmp.host;

import java.util.Locale;

/** Where a VIP is on this host. */
public enum VipState {
    /** Not here: nobody has said yet that it can be served. */
    WAITING,
    /** Here, under a lease that is refreshed. */
    HELD,
    /** Still here and served, but said to go: routers are given time to see that. */
    WITHDRAWING,
    /** Still here for established connections. */
    DRAINING,
    /** Not here, because an operator said so. */
    WITHDRAWN,
    /** Not here: the address is someone else's, or was taken away, or the kernel refuses it. */
    FAULT;

    /** Whether routers and announcers should lead clients here. */
    public boolean isAnnounced() {
        return this == HELD;
    }

    public boolean isPresent() {
        return this == HELD || this == WITHDRAWING || this == DRAINING;
    }

    /** As people and metrics read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
