package io.penstock.forwarder.balance;

/**
 * What has been learnt of one backend: how fast and how well it answers of late, and by which factor its weight should
 * differ from the configured one. One for each backend of a pool; {@link AdaptiveWeights} changes the factor. NOT thread
 * safe.
 */
public final class LearntWeight {
    /** So many samples weigh as much as all that came before them: fewer are half chance. */
    private static final double MEMORY_SAMPLES = 20;

    private int weight = 1;
    private double factor = 1;
    private double connectNs;
    private double firstByteNs;
    private double failureShare;
    private boolean hasConnects;
    private boolean hasFirstBytes;
    private boolean hasFailures;

    /**
     * What happened in an interval, as differences of {@link BackendLoad}'s sums. Nothing at all is worth telling too: what
     * was learnt from older samples no longer counts.
     *
     * @param weight the configured one, 1 and up, times what the backend's agent reports
     * @param connectNs of all connects, added up
     * @param firstByteNs of all first bytes, added up
     * @param failures failed connects and resets before the first byte
     */
    public void observe(int weight, long connects, long connectNs, long firstBytes, long firstByteNs, long failures) {
        this.weight = weight;
        this.connectNs = moved(this.connectNs, connectNs, connects, this.connectNs == 0);
        this.firstByteNs = moved(this.firstByteNs, firstByteNs, firstBytes, this.firstByteNs == 0);
        failureShare = moved(failureShare, failures, connects + failures, false);
        hasConnects = connects > 0;
        hasFirstBytes = firstBytes > 0;
        hasFailures = failures > 0;
    }

    private static double moved(double old, long sum, long samples, boolean first) {
        if (samples == 0) {
            return old;
        }
        double part = first ? 1 : samples / (samples + MEMORY_SAMPLES);
        return old + ((double) sum / samples - old) * part;
    }

    /** The configured weight times this is the one to use. */
    public double factor() {
        return factor;
    }

    void factor(double factor) {
        this.factor = factor;
    }

    int weight() {
        return weight;
    }

    /** Whether its speed can be compared with that of others. */
    boolean hasTime(boolean othersHaveFirstBytes) {
        return hasConnects && (hasFirstBytes || !othersHaveFirstBytes);
    }

    boolean hasFirstBytes() {
        return hasFirstBytes;
    }

    boolean hasFailures() {
        return hasFailures;
    }

    /** Of a connect and, where one was seen, the first byte after it. */
    double responseNs() {
        return Math.max(1, connectNs + firstByteNs);
    }

    /** 0 to 1. */
    double successShare() {
        return 1 - failureShare;
    }
}
