package io.penstock.forwarder.balance;

/**
 * The peak EWMA of a backend's response time (as Finagle and linkerd balance by): a sample above the average replaces it
 * at once, one below pulls it down with a time constant, and so does the passing of time. Written by all workers without an
 * order between them, so a sample in a hundred may be lost; what is read is always whole.
 */
public final class ResponseTime extends CacheLinePadded {
    /** After this long without a sample an average has decayed to 37 %. */
    static final long TIME_CONSTANT_NS = 10_000_000_000L;

    private volatile double averageNs;
    private volatile long stampNs;

    public void onSample(long tookNs, long nowNs) {
        double old = averageNs;
        if (tookNs < old) {
            double kept = keptAfter(nowNs - stampNs);
            averageNs = old * kept + tookNs * (1 - kept);
        } else {
            averageNs = tookNs;
        }
        stampNs = nowNs;
    }

    /** As of the last sample; 0 before the first. */
    public double averageNs() {
        return averageNs;
    }

    /**
     * What it has decayed to since the last sample. Who was slow once, and got no connection since, is as good as fast at
     * last, and is tried again.
     */
    public double averageNs(long nowNs) {
        return averageNs * keptAfter(nowNs - stampNs);
    }

    /** Workers read their clocks once a turn, so the last sample may seem to come from the future. */
    private static double keptAfter(long ns) {
        return ns <= 0 ? 1 : Math.exp((double) -ns / TIME_CONSTANT_NS);
    }
}
