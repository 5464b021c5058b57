package io.penstock.perf.policies.scenario;

import java.util.Arrays;

/** How much values that should be equal differ. */
final class Variation {
    private Variation() {}

    /** The coefficient of variation: the standard deviation (of all values, not of a sample) over the mean. */
    static double of(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return mean == 0 ? 0 : Math.sqrt(squares / values.length) / mean;
    }

    static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    static double most(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
