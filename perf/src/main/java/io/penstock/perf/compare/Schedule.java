package io.penstock.perf.compare;

import java.util.ArrayList;
import java.util.List;

/** The order of contestants: each round begins with another one, so that none always has the same place. */
final class Schedule {
    private Schedule() {}

    /** @param round from 0 */
    static <T> List<T> order(List<T> contestants, int round) {
        int first = round % contestants.size();
        List<T> order = new ArrayList<>(contestants.subList(first, contestants.size()));
        order.addAll(contestants.subList(0, first));
        return order;
    }
}
