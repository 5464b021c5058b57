package io.penstock.forwarder.balance;

/**
 * What goes with one pick: the backends it may not return (tried before, or full), the time, and the worker's random
 * numbers. One per worker, used again for each connection. NOT thread safe.
 */
public final class Selection {
    /** How many backends can be excluded; after so many a connection is refused or waits. */
    public static final int MAX_EXCLUDED = 16;

    private final BackendLoad[] excluded = new BackendLoad[MAX_EXCLUDED];
    private int count;
    private boolean fullExcluded;
    private long nowNs;
    private long random;

    /** @param seed different on each worker, so that they do not all choose alike */
    public Selection(long seed) {
        random = seed;
    }

    /** For the next connection: nothing is excluded. */
    public void begin(long nowNs) {
        this.nowNs = nowNs;
        count = 0;
        fullExcluded = false;
    }

    /** From now on none that has no room; what has room may still be taken by somebody else in between. */
    public void excludeFull() {
        fullExcluded = true;
    }

    /** False when {@link #MAX_EXCLUDED} are already. */
    public boolean tryExclude(BackendLoad load) {
        if (count == MAX_EXCLUDED) {
            return false;
        }
        excluded[count++] = load;
        return true;
    }

    public boolean isExcluded(BackendLoad load) {
        for (int i = 0; i < count; i++) {
            if (excluded[i] == load) {
                return true;
            }
        }
        return fullExcluded && load.isFull();
    }

    public int excludedCount() {
        return count;
    }

    public long nowNs() {
        return nowNs;
    }

    /** 64 bits, SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    public long nextRandom() {
        random += 0x9e3779b97f4a7c15L;
        return mix(random);
    }

    /** The finaliser of SplitMix64: every bit of the input changes each bit of the output with a chance of a half. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
