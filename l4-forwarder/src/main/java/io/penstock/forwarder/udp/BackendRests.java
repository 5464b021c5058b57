package io.penstock.forwarder.udp;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Selection;
import java.util.Arrays;

/**
 * Backends whose host has just said that nobody listens there: for a moment no new session goes to them while others are
 * there, until the circuit breaker or the health check knows. One worker's own.
 */
final class BackendRests {
    static final long REST_NS = 1_000_000_000;

    /** More than can be told apart by one selection would be of no use. */
    private static final int MAX = Selection.MAX_EXCLUDED / 2;

    private final BackendLoad[] loads = new BackendLoad[MAX];
    private final long[] untilNs = new long[MAX];
    private int count;

    /** In place of the one that would rest shortest, when there are too many. */
    void begin(BackendLoad load, long nowNs) {
        int at = indexOf(load);
        if (at < 0) {
            at = count < MAX ? count++ : shortest();
        }
        loads[at] = load;
        untilNs[at] = nowNs + REST_NS;
    }

    private int indexOf(BackendLoad load) {
        for (int i = 0; i < count; i++) {
            if (loads[i] == load) {
                return i;
            }
        }
        return -1;
    }

    private int shortest() {
        int shortest = 0;
        for (int i = 1; i < count; i++) {
            if (untilNs[i] < untilNs[shortest]) {
                shortest = i;
            }
        }
        return shortest;
    }

    boolean isResting(BackendLoad load, long nowNs) {
        if (count == 0) {
            return false;
        }
        int at = indexOf(load);
        return at >= 0 && untilNs[at] > nowNs;
    }

    /** All that rest now; those that have rested are forgotten. */
    void excludeFrom(Selection selection, long nowNs) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (untilNs[i] > nowNs) {
                selection.tryExclude(loads[i]);
                loads[kept] = loads[i];
                untilNs[kept++] = untilNs[i];
            }
        }
        Arrays.fill(loads, kept, count, null);
        count = kept;
    }
}
