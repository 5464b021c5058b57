package io.penstock.perf.policies.scenario;

import io.penstock.perf.load.Latencies;
import java.util.Arrays;

/** Counts while a run goes on. NOT thread safe. */
public final class Tally {
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double MEDIAN = 50;
    private static final double TAIL = 99;

    private final long[] answers = new long[Scenario.BACKENDS];
    private final Latencies latencies = new Latencies();
    private final Latencies lags = new Latencies();
    private long failures;

    public void onAnswer(int backend, long tookNs) {
        answers[backend]++;
        latencies.record(tookNs);
    }

    /** A client was late: when this is not far below the times of answers, they are the generator's own. */
    public void onSent(long lagNs) {
        lags.record(lagNs);
    }

    public void onFailure() {
        failures++;
    }

    public Outcome outcome(Moves moves) {
        return new Outcome(
                Arrays.stream(answers).boxed().toList(),
                failures,
                latencies.percentileUs(MEDIAN) / MICROS_PER_MILLI,
                latencies.percentileUs(TAIL) / MICROS_PER_MILLI,
                lags.percentileUs(TAIL) / MICROS_PER_MILLI,
                moves);
    }
}
