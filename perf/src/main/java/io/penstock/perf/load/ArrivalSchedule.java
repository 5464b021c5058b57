package io.penstock.perf.load;

import java.util.SplittableRandom;

/**
 * When the requests of an open loop arrive: a Poisson process, because clients that know nothing of each other arrive so.
 * A constant rate would never let two requests meet, and might march in step with timers. The seed is fixed, so every
 * target gets the same arrivals.
 */
public final class ArrivalSchedule {
    private static final long SEED = 0x5eed;
    private static final double NANOS_PER_SECOND = 1e9;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final double meanGapNs;
    private double elapsedNs;

    /** Arrivals at a mean rate per second, which is positive. */
    public ArrivalSchedule(double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("the rate must be positive (was " + perSecond + ")");
        }
        meanGapNs = NANOS_PER_SECOND / perSecond;
    }

    /** The next arrival, in nanoseconds from the beginning; never before the one before. */
    public long nextNs() {
        elapsedNs -= meanGapNs * Math.log(1 - random.nextDouble());
        return (long) elapsedNs;
    }
}
