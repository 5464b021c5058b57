package io.penstock.vrrp.protocol;

/**
 * Remembers that another router was active at the same time and has told the network so: what it told is to be corrected at once, and again
 * when it has fallen silent, since it may have told it once more in between. NOT thread safe.
 */
final class DuplicateActive {
    private boolean there;
    private long lastHeardNs;

    void forget() {
        there = false;
    }

    /** Returns whether it is a new one. */
    boolean onHeard(long nowNs) {
        boolean appeared = !there;
        there = true;
        lastHeardNs = nowNs;
        return appeared;
    }

    /** Returns true once when it was not heard for so long. */
    boolean onQuiet(long quietNs, long nowNs) {
        if (!there || nowNs - lastHeardNs < quietNs) {
            return false;
        }
        there = false;
        return true;
    }
}
