package io.penstock.perf.compare;

/**
 * What the clients saw of one run.
 *
 * @param units requests, connections or gigabytes that came through
 * @param seconds in which they did
 * @param failures requests or connections that did not
 */
record Work(double units, double seconds, long failures, Latency latency) {
    /** In microseconds; NaN where the load measures none. */
    record Latency(double p50Us, double p99Us, double p999Us, double maxUs) {
        static final Latency NONE = new Latency(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
}
