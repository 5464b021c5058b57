package io.penstock.vrrp.protocol;

/**
 * Whether an active router may still take itself for the only one. Every backup waits for three intervals and its skew after what it
 * last heard, and the skew is more than nothing up to priority 254; so until three intervals after an advertisement has left, nobody has
 * taken over for the want of one. NOT thread safe.
 */
final class Lateness {
    private long lastSentNs;
    private long toldIntervalNs;
    private boolean noticed;

    /** An advertisement with this interval left now, or the router becomes active now. */
    void restart(long intervalNs, long nowNs) {
        lastSentNs = nowNs;
        toldIntervalNs = intervalNs;
        noticed = false;
    }

    /** From then on a backup may be active. */
    long deadlineNs() {
        return lastSentNs + Timers.ADVERTISEMENTS * toldIntervalNs;
    }

    boolean isLate(long nowNs) {
        return nowNs >= deadlineNs();
    }

    /** The same, but true only once until an advertisement has left. */
    boolean isNewlyLate(long nowNs) {
        boolean news = isLate(nowNs) && !noticed;
        noticed |= news;
        return news;
    }

    /** For people. */
    String text(long nowNs) {
        return "no advertisement left for " + (nowNs - lastSentNs) / 1_000_000 + " ms, and backups take over after "
                + (deadlineNs() - lastSentNs) / 1_000_000 + " ms and their skew";
    }
}
