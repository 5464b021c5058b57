package io.penstock.perf.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** What became of new connections, in the order of their ends. NOT thread safe. */
public final class Arrivals implements Consumer<Outcome> {
    private final List<Outcome> outcomes = new ArrayList<>();

    @Override
    public void accept(Outcome outcome) {
        outcomes.add(outcome);
    }

    /** When the last one began that this forwarder had, or that failed. */
    public OptionalLong lastAffected(String forwarder, long sinceNs, long untilNs) {
        return began(sinceNs, untilNs, outcome -> isServedBy(outcome, forwarder) || isFailed(outcome))
                .max();
    }

    /** When the last one began that was served, but only after so long. */
    public OptionalLong lastLate(long afterNs, long sinceNs, long untilNs) {
        return began(sinceNs, untilNs, outcome -> isLate(outcome, afterNs)).max();
    }

    /** Served, but only after so long. */
    public long late(long afterNs, long sinceNs, long untilNs) {
        return began(sinceNs, untilNs, outcome -> isLate(outcome, afterNs)).count();
    }

    public long failed(long sinceNs, long untilNs) {
        return began(sinceNs, untilNs, Arrivals::isFailed).count();
    }

    public long served(long sinceNs, long untilNs) {
        return began(sinceNs, untilNs, outcome -> !isFailed(outcome)).count();
    }

    /** When the first one began that this forwarder served. */
    public OptionalLong firstServed(String forwarder, long sinceNs) {
        return began(sinceNs, Long.MAX_VALUE, outcome -> isServedBy(outcome, forwarder))
                .min();
    }

    private LongStream began(long sinceNs, long untilNs, Predicate<Outcome> filter) {
        return outcomes.stream()
                .filter(filter)
                .mapToLong(Outcome::beganNs)
                .filter(beganNs -> beganNs - sinceNs >= 0 && beganNs - untilNs < 0);
    }

    private static boolean isServedBy(Outcome outcome, String forwarder) {
        return outcome.answer()
                .filter(answer -> answer.forwarder().equals(forwarder))
                .isPresent();
    }

    private static boolean isLate(Outcome outcome, long afterNs) {
        return !isFailed(outcome) && outcome.durationNs() >= afterNs;
    }

    private static boolean isFailed(Outcome outcome) {
        return outcome.answer().isEmpty();
    }
}
