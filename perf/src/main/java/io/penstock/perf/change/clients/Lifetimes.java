package io.penstock.perf.change.clients;

import org.agrona.collections.LongArrayList;

/** When connections were opened and when they ended, in the order of their ends. NOT thread safe. */
public final class Lifetimes {
    private final LongArrayList openedNs = new LongArrayList();
    private final LongArrayList endedNs = new LongArrayList();

    /** Ends come in the order of time. */
    public void add(long opened, long ended) {
        openedNs.addLong(opened);
        endedNs.addLong(ended);
    }

    public int count() {
        return endedNs.size();
    }

    /** By {@link System#nanoTime}. */
    public long[] openedNs() {
        return openedNs.toLongArray();
    }

    /** By {@link System#nanoTime}; never less than the one before. */
    public long[] endedNs() {
        return endedNs.toLongArray();
    }
}
