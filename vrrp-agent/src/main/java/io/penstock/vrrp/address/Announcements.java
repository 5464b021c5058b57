package io.penstock.vrrp.address;

import io.penstock.vrrp.config.AnnounceConfig;

/** When the network is told who has the VIPs of a router, and how often each. NOT thread safe. */
final class Announcements {
    static final long NEVER = Long.MAX_VALUE;

    private AnnounceConfig config;
    private boolean begun;
    private long againAtNs = NEVER;
    private long refreshAtNs = NEVER;

    Announcements(AnnounceConfig config) {
        this.config = config;
    }

    /** What is under way ends as it was begun. */
    void configure(AnnounceConfig next) {
        config = next;
    }

    /** From the beginning: at once, again, and then as long as nobody {@link #end}s it. */
    void begin(long nowNs) {
        begun = true;
        againAtNs = config.again().isZero() ? NEVER : nowNs + config.again().toNanos();
        refreshAtNs = nextRefresh(nowNs);
    }

    void end() {
        begun = false;
        againAtNs = NEVER;
        refreshAtNs = NEVER;
    }

    /** How often each VIP is to be announced now; that is behind it then. */
    int takeDue(long nowNs) {
        boolean burst = begun || nowNs >= againAtNs;
        boolean refresh = nowNs >= refreshAtNs;
        if (!begun && nowNs >= againAtNs) {
            againAtNs = NEVER;
        }
        begun = false;
        if (burst || refresh) {
            refreshAtNs = nextRefresh(nowNs);
        }
        return burst ? config.repeat() : refresh ? 1 : 0;
    }

    long deadlineNs() {
        return begun ? Long.MIN_VALUE : Math.min(againAtNs, refreshAtNs);
    }

    private long nextRefresh(long nowNs) {
        return config.refresh().isZero() ? NEVER : nowNs + config.refresh().toNanos();
    }
}
