package io.penstock.perf.policies.scenario;

import java.util.List;

/**
 * What a run of the scenario led to.
 *
 * @param answers of each backend
 * @param failures requests without an answer
 * @param p50Ms from the arrival of a request to its answer
 * @param p99Ms the same
 * @param lagP99Ms how late requests were sent; 0 in simulated time
 */
public record Outcome(List<Long> answers, long failures, double p50Ms, double p99Ms, double lagP99Ms, Moves moves) {
    public Outcome {
        answers = List.copyOf(answers);
    }

    public long answered() {
        return answers.stream().mapToLong(Long::longValue).sum();
    }

    /** Of all answers: 0 to 1. */
    public double share(int backend) {
        long all = answered();
        return all == 0 ? 0 : (double) answers.get(backend) / all;
    }

    /** Of all requests: 0 to 1. */
    public double failureShare() {
        long all = answered() + failures;
        return all == 0 ? 0 : (double) failures / all;
    }

    public double leastHealthyShare() {
        return Variation.least(healthyShares());
    }

    public double mostHealthyShare() {
        return Variation.most(healthyShares());
    }

    /** Of the shares of the backends that are healthy and equal. */
    public double variation() {
        return Variation.of(healthyShares());
    }

    private double[] healthyShares() {
        double[] shares = new double[Scenario.HEALTHY];
        for (int backend = 0; backend < shares.length; backend++) {
            shares[backend] = share(backend);
        }
        return shares;
    }
}
