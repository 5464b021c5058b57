package io.penstock.vrrp.event;

import io.penstock.events.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Events that a hook has still to be told, in their order: the last {@link #CAPACITY}. Safe from any thread. */
final class HookQueue {
    /** All that happens to a hundred routers in one failover and back, several times. */
    static final int CAPACITY = 1024;

    private final Deque<Event> events = new ArrayDeque<>();
    private long untold;
    private long missed;
    private boolean ended;

    /**
     * The next event.
     *
     * @param missed how many before it are lost
     */
    record Next(Event event, long missed) {}

    /** Never waits: when there are too many, the oldest is lost. */
    synchronized void add(Event event) {
        if (ended) {
            return;
        }
        if (events.size() == CAPACITY) {
            events.remove();
            untold++;
            missed++;
        }
        events.add(event);
        notifyAll();
    }

    /** Waits for one; empty when there will be none any more. */
    synchronized Optional<Next> take() throws InterruptedException {
        while (events.isEmpty() && !ended) {
            wait();
        }
        if (events.isEmpty()) {
            return Optional.empty();
        }
        long before = untold;
        untold = 0;
        return Optional.of(new Next(events.remove(), before));
    }

    /** No more are added; those that are there are still told. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized void clear() {
        events.clear();
    }

    synchronized int size() {
        return events.size();
    }

    /** Since the start. */
    synchronized long missed() {
        return missed;
    }
}
