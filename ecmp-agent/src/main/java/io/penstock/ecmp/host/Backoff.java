package io.penstock.ecmp.host;

import java.time.Duration;

/** How long to leave alone what keeps failing: twice as long each time, until it was good for a while. */
final class Backoff {
    static final long MIN_NS = Duration.ofSeconds(1).toNanos();
    static final long MAX_NS = Duration.ofMinutes(1).toNanos();

    private static final int MAX_DOUBLINGS = 6;

    private final boolean firstAtOnce;
    private int failures;
    private long lastNs;

    /** @param firstAtOnce whether the first failure is followed by another attempt without a delay */
    Backoff(boolean firstAtOnce) {
        this.firstAtOnce = firstAtOnce;
    }

    /** It failed: when to try again. */
    long failed(long nowNs) {
        if (failures > 0 && nowNs - lastNs >= 2 * MAX_NS) {
            failures = 0;
        }
        int doublings = firstAtOnce ? failures - 1 : failures;
        failures = Math.min(failures + 1, MAX_DOUBLINGS + 1);
        lastNs = nowNs;
        return nowNs + (doublings < 0 ? 0 : Math.min(MIN_NS << doublings, MAX_NS));
    }

    void reset() {
        failures = 0;
    }
}
