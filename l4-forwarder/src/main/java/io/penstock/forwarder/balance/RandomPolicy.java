package io.penstock.forwarder.balance;

/** A backend at random, by weight. */
final class RandomPolicy implements Policy {
    private final WeightedSampler sampler;
    private final BackendLoad[] loads;

    RandomPolicy(int[] weights, BackendLoad[] loads) {
        sampler = new WeightedSampler(weights);
        this.loads = loads;
    }

    @Override
    public int pick(long hash, Selection selection) {
        return sampler.pick(loads, selection);
    }
}
