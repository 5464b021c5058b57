package io.penstock.forwarder.balance;

/**
 * Of two backends drawn by weight, the one that promises to answer sooner: its response time (a peak EWMA, see
 * {@link ResponseTime}), times the connections it would have, in units of its weight over the mean one.
 *
 * <p>The connection to be placed counts as one whatever the weight: a backend's weight is in its chance to be drawn already,
 * and were it counted twice, light backends would get nothing while all are idle.
 *
 * <p>A connect that failed brings no response time, and the failures of a backend that refuses at once must not make it look
 * fast: each failure in a row counts as the response time once more. While one of the two has no response time yet,
 * connections decide alone, so that a new backend gets its share, and not all.
 */
final class LeastTimePolicy implements Policy {
    private final WeightedSampler sampler;
    private final BackendLoad[] loads;

    /** The mean weight over that of each backend. */
    private final double[] loadsPerConnection;

    LeastTimePolicy(int[] weights, BackendLoad[] loads) {
        sampler = new WeightedSampler(weights);
        this.loads = loads;
        double mean = (double) Weights.sum(weights) / weights.length;
        loadsPerConnection = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            loadsPerConnection[i] = mean / weights[i];
        }
    }

    @Override
    public int pick(long hash, Selection selection) {
        int first = sampler.pick(loads, selection);
        if (first == NONE) {
            return NONE;
        }
        int second = sampler.pickOther(first, loads, selection);
        if (second == first) {
            return first;
        }
        double firstNs = loads[first].responseTime().averageNs(selection.nowNs());
        double secondNs = loads[second].responseTime().averageNs(selection.nowNs());
        if (firstNs == 0 || secondNs == 0) {
            return load(second) < load(first) ? second : first;
        }
        return secondNs * load(second) < firstNs * load(first) ? second : first;
    }

    private double load(int backend) {
        BackendLoad load = loads[backend];
        return (load.open() * loadsPerConnection[backend] + 1) * (load.connectFailuresInARow() + 1);
    }
}
