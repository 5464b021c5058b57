package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Sample.Counters;

/** How fast {@link Counters} grow, per second; NaN where one of two samples does not say. */
record Rates(double started, double failures, double bytesIn, double bytesOut) {
    static final Rates UNKNOWN = new Rates(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** @param seconds between the two, more than 0 */
    static Rates between(Counters before, Counters now, double seconds) {
        return new Rates(
                rate(before.started(), now.started(), seconds),
                rate(before.failures(), now.failures(), seconds),
                rate(before.bytesIn(), now.bytesIn(), seconds),
                rate(before.bytesOut(), now.bytesOut(), seconds));
    }

    /** One that shrank began anew in between: nothing is known of it. */
    private static double rate(long before, long now, double seconds) {
        return before < 0 || now < before ? Double.NaN : (now - before) / seconds;
    }

    /** What is unknown of one of them counts for nothing. */
    Rates plus(Rates other) {
        return new Rates(
                sum(started, other.started),
                sum(failures, other.failures),
                sum(bytesIn, other.bytesIn),
                sum(bytesOut, other.bytesOut));
    }

    private static double sum(double a, double b) {
        if (Double.isNaN(a)) {
            return b;
        }
        return Double.isNaN(b) ? a : a + b;
    }
}
