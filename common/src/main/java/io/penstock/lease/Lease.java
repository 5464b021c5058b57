package io.penstock.lease;

import java.time.Duration;

/**
 * How long the kernel keeps an address without us, as far as we can be sure of it: counted from when the refresh was decided on, which
 * is before the kernel heard of it. The kernel counts whole seconds from then on, removes up to {@link #EARLY_NS} before them
 * (ADDRCONF_TIMER_FUZZ_MINUS of net/addrconf.h) and up to a quarter of a second behind them. NOT thread safe.
 */
public final class Lease {
    /** HZ/50 in the kernel, and a tick each of rounding before and after. */
    public static final long EARLY_NS = Duration.ofMillis(50).toNanos();

    private static final int REFRESHES = 3;
    private static final int SLACK = 12;

    private long durationNs;
    private long endsNs;
    private long refreshAtNs;

    public Lease(Duration duration) {
        change(duration);
    }

    /** Counts from the next refresh on, which is at once if it would come too late for a shorter one. */
    public final void change(Duration duration) {
        long ns = duration.toNanos();
        if (ns < durationNs) {
            dueNow();
        }
        durationNs = ns;
    }

    /** To be refreshed with the next step, however young it is. */
    public void dueNow() {
        refreshAtNs = 0;
    }

    public long durationNs() {
        return durationNs;
    }

    /** The kernel was told, some time after this instant. */
    public void granted(long decidedNs) {
        endsNs = decidedNs + durationNs - EARLY_NS;
        refreshAtNs = decidedNs + durationNs / REFRESHES;
    }

    /**
     * It is there, from a former run.
     *
     * @param validSeconds as the kernel shows them, rounded up
     */
    public void adopted(long nowNs, long validSeconds) {
        endsNs = nowNs
                + Math.min(
                        durationNs,
                        Duration.ofSeconds(Math.max(1, validSeconds)).toNanos());
        refreshAtNs = nowNs;
    }

    /** A refresh is on its way. */
    public void asked(long nowNs) {
        refreshAtNs = nowNs + durationNs / REFRESHES;
    }

    /** A refresh was refused: when to try once more, before it is too late. */
    public long refused(long nowNs) {
        refreshAtNs = nowNs + durationNs / (2 * REFRESHES);
        return refreshAtNs;
    }

    /** Whether the kernel may have removed the address by now. */
    public boolean hasLapsed(long nowNs) {
        return nowNs >= endsNs;
    }

    /** Whether a first grant that was decided on then is too old to be one. */
    public boolean isTooLate(long decidedNs, long nowNs) {
        return nowNs >= decidedNs + durationNs - EARLY_NS;
    }

    public boolean isDue(long nowNs) {
        return nowNs >= refreshAtNs;
    }

    /** Whether it may as well be refreshed, when others are. */
    public boolean isNearlyDue(long nowNs) {
        return nowNs >= refreshAtNs - durationNs / SLACK;
    }

    public long wakeAtNs() {
        return Math.min(refreshAtNs, endsNs);
    }

    public Duration left(long nowNs) {
        return Duration.ofNanos(Math.max(0, endsNs - nowNs));
    }
}
