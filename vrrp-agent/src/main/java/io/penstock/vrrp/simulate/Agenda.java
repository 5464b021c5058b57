package io.penstock.vrrp.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, by time, and at one time in the order in which it was added. */
final class Agenda {
    private record Item(long atNs, long order, Runnable action) {}

    private final PriorityQueue<Item> items =
            new PriorityQueue<>(Comparator.comparingLong(Item::atNs).thenComparingLong(Item::order));

    private long added;

    void add(long atNs, Runnable action) {
        items.add(new Item(atNs, added, action));
        added++;
    }

    /** Long.MAX_VALUE when there is nothing. */
    long nextNs() {
        return items.isEmpty() ? Long.MAX_VALUE : items.peek().atNs();
    }

    /** Does the next one. */
    void doNext() {
        items.remove().action().run();
    }
}
