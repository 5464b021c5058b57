package io.penstock.perf.lab;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** New connections of some time, by who served them. NOT thread safe. */
public final class Tally implements Consumer<Outcome> {
    private final Map<String, Integer> byForwarder = new TreeMap<>();
    private final Map<String, Integer> byBackend = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int served;
    private long slowestNs;

    @Override
    public void accept(Outcome outcome) {
        outcome.answer().ifPresentOrElse(this::count, () -> failures.merge(outcome.failure(), 1, Integer::sum));
        slowestNs = Math.max(slowestNs, outcome.durationNs());
    }

    private void count(Answer answer) {
        served++;
        byForwarder.merge(answer.forwarder(), 1, Integer::sum);
        byBackend.merge(answer.backend(), 1, Integer::sum);
    }

    public int served() {
        return served;
    }

    public int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** By forwarders' addresses on the backends' side. */
    public Map<String, Integer> byForwarder() {
        return Map.copyOf(byForwarder);
    }

    public Map<String, Integer> byBackend() {
        return Map.copyOf(byBackend);
    }

    /** How often each reason was given. */
    public Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    /** The longest, failed ones included. */
    public long slowestNs() {
        return slowestNs;
    }
}
