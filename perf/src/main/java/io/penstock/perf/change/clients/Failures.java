package io.penstock.perf.change.clients;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often what went wrong, by the words for it. NOT thread safe. */
public final class Failures {
    private final Map<String, Integer> byReason = new TreeMap<>();

    void add(String reason) {
        byReason.merge(reason, 1, Integer::sum);
    }

    /** Those of both. */
    public Failures and(Failures others) {
        Failures sum = new Failures();
        byReason.forEach((reason, count) -> sum.byReason.merge(reason, count, Integer::sum));
        others.byReason.forEach((reason, count) -> sum.byReason.merge(reason, count, Integer::sum));
        return sum;
    }

    public int count() {
        return byReason.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Such as {@code 3 ECONNRESET, 1 no answer}; empty when nothing failed. */
    @Override
    public String toString() {
        return byReason.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .collect(Collectors.joining(", "));
    }
}
