package io.penstock.perf.policies.scenario;

import io.penstock.perf.load.ArrivalSchedule;
import java.util.SplittableRandom;

/**
 * Requests one after another: Poisson arrivals, exponential work, clients in no order. The seed is fixed, so every
 * policy is asked the same, and differences between them are their own.
 */
public final class Requests {
    private static final long SEED = 0xba1a9ce;

    private final ArrivalSchedule arrivals = new ArrivalSchedule(Scenario.RATE);
    private final SplittableRandom random = new SplittableRandom(SEED);

    public Request next() {
        return new Request(arrivals.nextNs(), random.nextInt(Scenario.CLIENTS), Scenario.port(random.nextInt()), (long)
                (-Scenario.MEAN_WORK_NS * Math.log(1 - random.nextDouble())));
    }
}
