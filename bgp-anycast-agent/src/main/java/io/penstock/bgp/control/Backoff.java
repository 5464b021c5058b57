package io.penstock.bgp.control;

/** How long to leave alone what keeps failing: twice as long each time. Of the agent's thread. */
final class Backoff {
    private final long firstNs;
    private final long mostNs;
    private long nextNs;

    Backoff(long firstNs, long mostNs) {
        this.firstNs = firstNs;
        this.mostNs = mostNs;
        nextNs = firstNs;
    }

    /** It failed: how long to wait this time. */
    long failed() {
        long pauseNs = nextNs;
        nextNs = Math.min(2 * nextNs, mostNs);
        return pauseNs;
    }

    void reset() {
        nextNs = firstNs;
    }
}
