package io.penstock.forwarder.balance;

/**
 * The peak EWMA of a backend's response time (as Finagle and linkerd balance by): a sample above the average replaces it
 * at once, one below pulls it down with a time constant. Written by all workers without an order between them, so a
 * sample in a hundred may be lost; what is read is always whole.
 */
public final class ResponseTime {
    /** After this long without a higher sample, a peak has decayed to 37 %. */
    static final long TIME_CONSTANT_NS = 10_000_000_000L;

    private volatile double averageNs;
    private volatile long stampNs;

    public void onSample(long tookNs, long nowNs) {
        double average = averageNs;
        if (tookNs >= average) {
            averageNs = tookNs;
        } else {
            double old = Math.exp((double) -Math.max(0, nowNs - stampNs) / TIME_CONSTANT_NS);
            averageNs = average * old + tookNs * (1 - old);
        }
        stampNs = nowNs;
    }

    /** 0 before the first sample. */
    public double averageNs() {
        return averageNs;
    }
}
