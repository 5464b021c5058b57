package io.penstock.forwarder.control;

import java.util.Arrays;

/**
 * How far each member's mean response time lies above those of the others, in robust standard scores (median and MAD,
 * Iglewicz and Hoaglin, 1993). Each is held against the others only: of three, one that is slow would else widen the
 * scale it is measured by. Pure.
 */
final class LatencyComparison {
    /** Of two nobody can tell which is the outlier. */
    static final int MIN_MEMBERS = 3;

    /** Samples in an interval below which a mean says nothing. */
    static final int MIN_SAMPLES = 20;

    /** No difference below this counts, however regular the others are. */
    static final double MIN_DIFFERENCE_NS = 1_000_000;

    /** The scale is at least this share of the others' median: servers may differ by so much and be well. */
    static final double MIN_SCALE = 0.25;

    /** The MAD of a normal distribution times this is its standard deviation. */
    private static final double MAD_TO_DEVIATION = 1.4826;

    private LatencyComparison() {}

    /**
     * The score of each; 0 for those that are not clearly above the others.
     *
     * @param meansNs of members with enough samples; fewer than {@link #MIN_MEMBERS} score nothing
     * @param samples behind each mean: the mean of few is less certain
     */
    static double[] scores(double[] meansNs, long[] samples) {
        double[] scores = new double[meansNs.length];
        if (meansNs.length < MIN_MEMBERS) {
            return scores;
        }
        double[] sorted = meansNs.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < meansNs.length; i++) {
            int rank = Arrays.binarySearch(sorted, meansNs[i]);
            double median = medianWithout(sorted, rank);
            double difference = meansNs[i] - median;
            if (difference >= Math.max(MIN_DIFFERENCE_NS, MIN_SCALE * median)) {
                scores[i] = difference / scale(sorted, rank, median, samples[i]);
            }
        }
        return scores;
    }

    /** Of the others' means. */
    private static double scale(double[] sorted, int rank, double median, long samples) {
        double[] distances = new double[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            distances[i] = Math.abs(sorted[i] - median);
        }
        // The candidate is farther away than any that matters, so it comes last.
        distances[rank] = Double.POSITIVE_INFINITY;
        Arrays.sort(distances);
        double spread = MAD_TO_DEVIATION * medianWithout(distances, distances.length - 1);
        // Response times spread about as widely as their mean, as an exponential distribution does.
        double error = median / Math.sqrt((double) samples);
        return Math.max(1, Math.max(Math.max(spread, error), MIN_SCALE * median));
    }

    private static double medianWithout(double[] sorted, int without) {
        int count = sorted.length - 1;
        double upper = sorted[skipping(count / 2, without)];
        return count % 2 == 1 ? upper : (sorted[skipping(count / 2 - 1, without)] + upper) / 2;
    }

    private static int skipping(int index, int without) {
        return index < without ? index : index + 1;
    }
}
