package io.penstock.perf.xdp;

import java.util.Arrays;
import java.util.List;

/**
 * What somebody takes more than somebody else, from the differences of many turns in which both were measured, one right after the other: a
 * machine that gets slower is so for both. It is the median of the means of all pairs of differences (Hodges and Lehmann, 1963), which a few
 * disturbed turns do not move, and which wastes less of the others than their median.
 *
 * @param value as the differences are; 0 when there are none
 * @param low where it could be at the least, with 95 % confidence by Wilcoxon's signed ranks; minus infinity when there are fewer than six turns
 * @param high and at the most
 */
record Addition(double value, double low, double high) {
    /** With fewer not even signs that are all the same mean anything: 1/2 to the fifth is more than what is outside of the interval on one side. */
    static final int TURNS_MIN = 6;

    /** Of the normal distribution, 2.5 % are beyond. */
    private static final double DEVIATIONS = 1.96;

    static Addition of(List<Double> differences) {
        int count = differences.size();
        if (count < TURNS_MIN) {
            double value = count == 0 ? 0 : median(means(differences));
            return new Addition(value, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double[] means = means(differences);
        double deviation = Math.sqrt(count * (count + 1.0) * (2.0 * count + 1) / 24);
        int outside = (int) Math.max(0, Math.floor(means.length / 2.0 - DEVIATIONS * deviation));
        return new Addition(median(means), means[outside], means[means.length - 1 - outside]);
    }

    /** Of all pairs, and of each with itself, in their order. */
    private static double[] means(List<Double> differences) {
        int count = differences.size();
        double[] means = new double[count * (count + 1) / 2];
        int next = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i; j < count; j++) {
                means[next++] = (differences.get(i) + differences.get(j)) / 2;
            }
        }
        Arrays.sort(means);
        return means;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether it is more than nothing. */
    boolean isMeasurable() {
        return low > 0;
    }

    /** Its share of another one; not a number when one of them may be nothing. */
    double shareOf(Addition other) {
        return isMeasurable() && other.isMeasurable() ? value / other.value : Double.NaN;
    }
}
