package io.penstock.perf.compare;

import java.util.ArrayList;
import java.util.List;

/** The order of contestants: each round begins with another one, so that none always has the same place. */
public final class Schedule {
    private Schedule() {}

    /**
     * All of them, in the order of a round.
     *
     * @param round from 0
     */
    public static <T> List<T> order(List<T> contestants, int round) {
        int first = round % contestants.size();
        List<T> order = new ArrayList<>(contestants.subList(first, contestants.size()));
        order.addAll(contestants.subList(0, first));
        return order;
    }
}
