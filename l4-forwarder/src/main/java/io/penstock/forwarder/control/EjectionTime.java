package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig;

/**
 * How long a member's next ejection lasts: the n-th within a row n times the first, up to a bound. A row shortens by one
 * for each stretch of good time as long as the first ejection.
 */
final class EjectionTime {
    private final long firstNs;
    private final long maxNs;
    private long row;
    private long backNs;

    EjectionTime(PoolConfig.OutlierEjection config) {
        firstNs = config.ejectionTime().toNanos();
        maxNs = Math.max(firstNs, config.maxEjectionTime().toNanos());
    }

    /** Begins one now. */
    long next(long nowNs) {
        long forgotten = Math.min(row, Math.max(0, nowNs - backNs) / firstNs);
        // Bounded, so that a row that reached the longest time is forgotten from there.
        row = Math.min(row - forgotten + 1, (maxNs + firstNs - 1) / firstNs);
        long timeNs = Math.min(row * firstNs, maxNs);
        backNs = nowNs + timeNs;
        return timeNs;
    }

    /** How many ejections the row has. */
    long row() {
        return row;
    }
}
