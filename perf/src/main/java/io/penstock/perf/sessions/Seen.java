package io.penstock.perf.sessions;

import java.util.Arrays;

/**
 * What became of some queries; times from when each was meant to be sent.
 *
 * @param answered in time
 * @param lastFailedNs when the last of those that failed was meant to be sent, from the begin of the span; 0 when none failed
 */
record Seen(int answered, int failed, long lastFailedNs, double p50Us, double p99Us, double maxUs) {
    private static final double NANOS_PER_MICRO = 1e3;

    static Seen of(long[] latenciesNs, int failed, long lastFailedNs) {
        Arrays.sort(latenciesNs);
        return new Seen(
                latenciesNs.length,
                failed,
                lastFailedNs,
                micros(latenciesNs, 0.5),
                micros(latenciesNs, 0.99),
                micros(latenciesNs, 1));
    }

    /** By the nearest rank; not a number when there are none. */
    private static double micros(long[] sorted, double quantile) {
        int rank = (int) Math.ceil(quantile * sorted.length);
        return rank == 0 ? Double.NaN : sorted[rank - 1] / NANOS_PER_MICRO;
    }

    int sent() {
        return answered + failed;
    }
}
