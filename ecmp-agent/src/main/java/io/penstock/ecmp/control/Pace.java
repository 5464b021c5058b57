package io.penstock.ecmp.control;

/**
 * When to look at the kernel: at once when something was told, but never again before a pause, so that who changes things
 * without end gets a third of a core at most; and every {@link #RESYNC_NS} whether or not anything was told. NOT thread safe.
 */
final class Pace {
    static final long RESYNC_NS = 10_000_000_000L;

    /** After the kernel has given no answer. */
    static final long RETRY_NS = 1_000_000_000L;

    /** What one change brings about, such as a link that comes up, is told within this. */
    static final long MIN_PAUSE_NS = 2_000_000;

    private static final int PAUSE_SHARE = 2;

    private boolean wanted = true;
    private long notBeforeNs = Long.MIN_VALUE;
    private long resyncAtNs = Long.MIN_VALUE;

    /** Something was told. */
    void want() {
        wanted = true;
    }

    /** Whether what was told, or a failure, is yet to be looked into. */
    boolean isWanted() {
        return wanted;
    }

    /** Somebody waits for it. */
    void demand() {
        wanted = true;
        notBeforeNs = Long.MIN_VALUE;
    }

    void looked(long startNs, long endNs) {
        wanted = false;
        notBeforeNs = endNs + Math.max(MIN_PAUSE_NS, PAUSE_SHARE * (endNs - startNs));
        resyncAtNs = endNs + RESYNC_NS;
    }

    void failed(long nowNs) {
        wanted = true;
        notBeforeNs = nowNs + RETRY_NS;
    }

    /** @param orAtNs when one is due for another reason */
    long nextNs(long orAtNs) {
        return wanted ? notBeforeNs : Math.max(notBeforeNs, Math.min(resyncAtNs, orAtNs));
    }

    /** Whether one that is due now comes only because of the time. */
    boolean isResync(long orAtNs) {
        return !wanted && resyncAtNs <= orAtNs;
    }
}
