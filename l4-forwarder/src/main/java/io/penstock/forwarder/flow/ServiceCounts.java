package io.penstock.forwarder.flow;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one worker counts of each service, by the service's index. Written by the worker only, read by any thread. */
public final class ServiceCounts {
    private static final int ACCEPTED = 0;
    private static final int OPEN = 1;
    private static final int WORDS = 2;

    /** Another, longer one when a service comes that has no place in it. */
    private volatile AtomicLongArray counts = new AtomicLongArray(16 * WORDS);

    public void onAccepted(int service) {
        ensureRoom(service);
        add(WORDS * service + ACCEPTED, 1);
    }

    /** Also of one that was accepted in another process. */
    public void onOpened(int service) {
        ensureRoom(service);
        add(WORDS * service + OPEN, 1);
    }

    public void onClosed(int service) {
        add(WORDS * service + OPEN, -1);
    }

    private void add(int index, long change) {
        counts.lazySet(index, counts.get(index) + change);
    }

    private void ensureRoom(int service) {
        if (WORDS * service < counts.length()) {
            return;
        }
        AtomicLongArray longer = new AtomicLongArray(2 * WORDS * (service + 1));
        for (int i = 0; i < counts.length(); i++) {
            longer.set(i, counts.get(i));
        }
        counts = longer;
    }

    /** Clients that were taken since the start. */
    public long accepted(int service) {
        return value(WORDS * service + ACCEPTED);
    }

    /** Connections or sessions that are open now. */
    public long open(int service) {
        return value(WORDS * service + OPEN);
    }

    private long value(int index) {
        AtomicLongArray current = counts;
        return index < current.length() ? current.get(index) : 0;
    }
}
