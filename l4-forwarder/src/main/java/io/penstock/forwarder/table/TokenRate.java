package io.penstock.forwarder.table;

/**
 * A token bucket's settings, and its arithmetic as the generic cell rate algorithm (ITU-T I.371, annex A): all that is
 * kept of a bucket is the time at which it will be full again. Immutable.
 *
 * @param intervalNs from one token to the next, at least 1
 * @param burst tokens that a full bucket holds, at least 1; times the interval, at most 290 years
 */
public record TokenRate(long intervalNs, int burst) {
    /** Returned instead of a time when there is no token. */
    static final long REFUSED = Long.MIN_VALUE;

    /** The clocks of two workers, each read once in a turn, differ by less. */
    private static final long CLOCKS_APART_NS = 1_000_000_000;

    /** When the bucket will be full after one more token, or {@link #REFUSED}. */
    long take(long fullAtNs, long nowNs) {
        if (isOfSlowerRate(fullAtNs, nowNs)) {
            return nowNs + burst * intervalNs;
        }
        return waitNs(fullAtNs, nowNs) > 0 ? REFUSED : Math.max(fullAtNs, nowNs) + intervalNs;
    }

    /** Until there is a token; 0 when there is one. */
    long waitNs(long fullAtNs, long nowNs) {
        return isOfSlowerRate(fullAtNs, nowNs) ? 0 : Math.max(0, fullAtNs - nowNs - (burst - 1) * intervalNs);
    }

    /** An empty bucket is full after so many intervals. One that takes longer owes at a rate that was configured before. */
    private boolean isOfSlowerRate(long fullAtNs, long nowNs) {
        return fullAtNs - nowNs > burst * intervalNs + CLOCKS_APART_NS;
    }
}
