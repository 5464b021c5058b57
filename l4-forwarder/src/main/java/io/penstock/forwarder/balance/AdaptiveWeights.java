package io.penstock.forwarder.balance;

import java.util.List;

/**
 * Learns weights from how backends answer. A backend should weigh in proportion to its successes over its response time,
 * against the mean of the pool: half as fast, half the weight. For backends that queue this has them all equally busy: were
 * the slower one less busy it would answer faster than its weight says, and be given more.
 *
 * <p>That is a control loop through the backends' queues, whose response grows steeply near their capacity, so what it does is
 * damped: a weight goes a part of the way ({@link #GAIN}, in logarithms) and never further than the step. It is the distance
 * that is corrected, and not summed up: a backend a little slower than others for good weighs a little less, and is not pushed
 * down for ever.
 *
 * <p>Whoever got nothing, or nothing that can be compared, drifts back to the configured weight in the same way.
 */
public final class AdaptiveWeights {
    /**
     * Near capacity, at utilisation u, response time grows by u / (1 - u) per cent for each per cent of weight; the loop
     * settles while gain * (1 + u / (1 - u)) is less than 2, that is up to u = 0.875.
     */
    private static final double GAIN = 0.25;

    private final double step;
    private final double floor;

    /**
     * @param stepPercent a weight changes by at most this share of itself at a time, 1 to 50
     * @param floorPercent no weight falls below this share of the configured one, or rises above the configured one over
     *     this share, 1 to 100
     */
    public AdaptiveWeights(int stepPercent, int floorPercent) {
        step = stepPercent / 100.0;
        floor = floorPercent / 100.0;
    }

    /** Changes the factors by what was {@linkplain LearntWeight#observe observed} of each since the last time. */
    public void adjust(List<LearntWeight> backends) {
        boolean firstBytes = false;
        for (LearntWeight backend : backends) {
            firstBytes |= backend.hasFirstBytes();
        }
        double meanSpeed = meanSpeed(backends, firstBytes);
        for (LearntWeight backend : backends) {
            double wanted = 1;
            if (backend.hasTime(firstBytes)) {
                wanted = speed(backend) / meanSpeed;
            } else if (backend.hasFailures()) {
                wanted = backend.successShare();
            }
            double factor = backend.factor() * change(bounded(wanted) / backend.factor());
            backend.factor(bounded(factor));
        }
    }

    /** By weight, so that the factors leave the sum of the weights as it is. */
    private static double meanSpeed(List<LearntWeight> backends, boolean firstBytes) {
        double speeds = 0;
        double weights = 0;
        for (LearntWeight backend : backends) {
            if (backend.hasTime(firstBytes)) {
                speeds += backend.weight() * speed(backend);
                weights += backend.weight();
            }
        }
        return Math.max(Double.MIN_NORMAL, speeds / weights);
    }

    private static double speed(LearntWeight backend) {
        return backend.successShare() / backend.responseNs();
    }

    private double change(double wanted) {
        return Math.max(1 - step, Math.min(1 + step, Math.pow(wanted, GAIN)));
    }

    private double bounded(double factor) {
        return Math.max(floor, Math.min(1 / floor, factor));
    }
}
