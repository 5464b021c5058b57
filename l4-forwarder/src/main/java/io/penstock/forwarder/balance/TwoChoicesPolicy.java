package io.penstock.forwarder.balance;

/**
 * Of two backends drawn by weight, the one with fewer open connections per weight (Mitzenmacher, "The Power of Two Choices in
 * Randomized Load Balancing", IEEE Transactions on Parallel and Distributed Systems 12(10), 2001); the first when they are
 * equal, so that idle backends are chosen by weight.
 */
final class TwoChoicesPolicy implements Policy {
    private final WeightedSampler sampler;
    private final BackendLoad[] loads;
    private final int[] weights;

    TwoChoicesPolicy(int[] weights, BackendLoad[] loads) {
        sampler = new WeightedSampler(weights);
        this.loads = loads;
        this.weights = weights;
    }

    @Override
    public int pick(long hash, Selection selection) {
        int first = sampler.pick(loads, selection);
        if (first == NONE) {
            return NONE;
        }
        int second = sampler.pickOther(first, loads, selection);
        return isLess(second, first) ? second : first;
    }

    private boolean isLess(int backend, int other) {
        return (long) loads[backend].open() * weights[other] < (long) loads[other].open() * weights[backend];
    }
}
