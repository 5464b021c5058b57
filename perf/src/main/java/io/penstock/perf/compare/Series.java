package io.penstock.perf.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The values of one figure, one per round. */
public record Series(List<Double> values) {
    public Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no rounds");
        }
    }

    /** Ours over theirs, round by round: what disturbed a round disturbed both. */
    public static Series ratios(Series ours, Series theirs) {
        if (ours.values.size() != theirs.values.size()) {
            throw new IllegalArgumentException("rounds differ: " + ours + ", " + theirs);
        }
        return new Series(IntStream.range(0, ours.values.size())
                .mapToObj(round -> ours.values.get(round) / theirs.values.get(round))
                .toList());
    }

    public double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double min() {
        return sorted()[0];
    }

    public double max() {
        double[] sorted = sorted();
        return sorted[sorted.length - 1];
    }

    /** Whether every round has it. */
    public boolean isMeasured() {
        return values.stream().allMatch(Double::isFinite);
    }

    private double[] sorted() {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
