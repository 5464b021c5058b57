package io.penstock.forwarder.tcp;

import java.util.ArrayList;
import java.util.List;

/** One worker's listeners that rest until their services' rates let somebody in. NOT thread safe. */
final class AcceptRests {
    static final long NEVER = Long.MAX_VALUE;

    private final List<AcceptHold> resting = new ArrayList<>();
    private long nextNs = NEVER;

    void add(AcceptHold hold) {
        resting.add(hold);
        nextNs = nextNs == NEVER ? hold.restUntilNs() : earlier(nextNs, hold.restUntilNs());
    }

    void remove(AcceptHold hold) {
        resting.remove(hold);
        findNext();
    }

    private void findNext() {
        nextNs = NEVER;
        for (int i = 0; i < resting.size(); i++) {
            long restUntilNs = resting.get(i).restUntilNs();
            nextNs = nextNs == NEVER ? restUntilNs : earlier(nextNs, restUntilNs);
        }
    }

    private static long earlier(long oneNs, long otherNs) {
        return oneNs - otherNs < 0 ? oneNs : otherNs;
    }

    /** How long the worker may sleep: negative for ever. */
    long waitNs(long nowNs) {
        return nextNs == NEVER ? -1 : Math.max(0, nextNs - nowNs);
    }

    /** Wakes those whose time has come. One that the kernel refuses to arm takes all others out: accepting pauses. */
    void expire(long nowNs) {
        if (nextNs == NEVER || nextNs - nowNs > 0) {
            return;
        }
        for (int i = resting.size() - 1; i >= 0; i--) {
            AcceptHold hold = resting.get(i);
            if (hold.restUntilNs() - nowNs <= 0) {
                hold.onRested();
                i = Math.min(i, resting.size());
            }
        }
    }

    /** Rates may be others: everyone looks again. */
    void onNewTable() {
        while (!resting.isEmpty()) {
            resting.get(resting.size() - 1).onRested();
        }
    }
}
