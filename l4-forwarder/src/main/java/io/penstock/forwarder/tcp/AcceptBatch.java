package io.penstock.forwarder.tcp;

/**
 * How many clients a listener takes in one turn. An accept4 that finds nobody costs as much as ten other calls, since the
 * kernel makes a socket and a file before it looks (see docs/socket-options.md). So nobody asks until told that there is
 * nobody: as many are taken as the last turn found, one to begin with. The listener is level-triggered, so those left over
 * bring the next turn, and when that happens several times in a row, the batch doubles. One listener's own.
 */
final class AcceptBatch {
    /** Taken in one turn before connections that are already open have theirs. */
    static final int MAX = 64;

    /** One alone says little: where clients come one by one, two turns in a row often have one each. */
    private static final int FULL_TURNS_BEFORE_GROWTH = 3;

    private int size = 1;
    private int fullTurns;
    private long lastTurn;

    /** What to take at most in this turn, 1 to {@link #MAX}. */
    int size(long turn) {
        if (turn != lastTurn + 1) {
            fullTurns = 0;
        }
        lastTurn = turn;
        return size;
    }

    /** How many there were; fewer than the size when nobody was left. */
    void taken(int count) {
        if (count < size) {
            fullTurns = 0;
            size = Math.max(1, count);
        } else if (++fullTurns >= FULL_TURNS_BEFORE_GROWTH) {
            size = Math.min(size << 1, MAX);
        }
    }
}
