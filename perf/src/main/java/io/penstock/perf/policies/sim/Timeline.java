package io.penstock.perf.policies.sim;

import io.penstock.perf.policies.scenario.Timers;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time: what is to happen, in its order; at one instant, in the order it was asked for. */
final class Timeline implements Timers {
    private record Event(long atNs, long sequence, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::sequence));
    private long sequence;
    private long nowNs;

    /** @param atNs not before now */
    @Override
    public void at(long atNs, Runnable action) {
        if (atNs < nowNs) {
            throw new IllegalArgumentException(atNs + " ns is over, it is " + nowNs);
        }
        events.add(new Event(atNs, sequence++, action));
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    /** Until nothing is left to happen. */
    void run() {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            nowNs = event.atNs();
            event.action().run();
        }
    }
}
