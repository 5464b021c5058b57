package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;

/**
 * The share of its weight that a member has while it comes back: from {@link #FIRST} to all of it in {@link #STEPS}
 * steps, each of which costs a table. Immutable.
 */
final class SlowStart {
    static final int STEPS = 20;

    /** Of the weight at first: enough to be noticed, too little to hurt. */
    static final double FIRST = 0.05;

    private final long timeNs;
    private final Curve curve;

    SlowStart(PoolConfig.SlowStart config) {
        timeNs = Math.max(STEPS, config.time().toNanos());
        curve = config.curve();
    }

    /** The share this long after the return, {@link #FIRST} to 1. */
    double share(long elapsedNs) {
        double done = (double) step(elapsedNs) / STEPS;
        return switch (curve) {
            case LINEAR -> FIRST + (1 - FIRST) * done;
            case EXPONENTIAL -> Math.pow(FIRST, 1 - done);
        };
    }

    boolean isOver(long elapsedNs) {
        return step(elapsedNs) == STEPS;
    }

    /** When, counted from the return, the share changes next; only while it is not over. */
    long nextStepNs(long elapsedNs) {
        long next = step(elapsedNs) + 1L;
        return (next * timeNs + STEPS - 1) / STEPS;
    }

    /** Times in a configuration are below 240 h, so the product fits. */
    private int step(long elapsedNs) {
        return elapsedNs >= timeNs ? STEPS : (int) (elapsedNs * STEPS / timeNs);
    }
}
