package io.penstock.forwarder.balance;

import java.util.function.ToLongFunction;

/** Makes policies. */
public final class Policies {
    private Policies() {}

    /**
     * The policy over these backends; may take milliseconds. From now on the loads keep up its accounts, beside those of
     * other policies over the same backends, until it is {@linkplain Policy#retire retired}. One thread at a time for
     * the same loads.
     *
     * @param scale of the pool that the backends are of, for a ring
     * @param ids all different
     * @param weights 1 and up, one per id
     * @param loads one per id
     * @param hash keyed, for the tables of policies that hash
     */
    public static Policy create(
            PolicySpec spec,
            RingScale scale,
            String[] ids,
            int[] weights,
            BackendLoad[] loads,
            ToLongFunction<byte[]> hash) {
        if (ids.length == 0) {
            return (flow, selection) -> Policy.NONE;
        }
        return switch (spec.kind()) {
            case MAGLEV -> hashing(spec, MaglevBuilder.build(spec.tableSize(), ids, weights, hash), weights, loads);
            case RING_HASH -> hashing(spec, HashRing.build(scale, ids, weights, hash), weights, loads);
            case ROUND_ROBIN, ADAPTIVE -> new RoundRobinPolicy(weights, loads);
            case LEAST_CONNECTIONS -> new LeastConnectionsPolicy(weights, loads);
            case TWO_CHOICES -> new TwoChoicesPolicy(weights, loads);
            case RANDOM -> new RandomPolicy(weights, loads);
            case LEAST_TIME -> new LeastTimePolicy(weights, loads);
        };
    }

    private static Policy hashing(PolicySpec spec, HashCircle circle, int[] weights, BackendLoad[] loads) {
        return spec.loadFactorPercent() == PolicySpec.UNBOUNDED
                ? new HashPolicy(circle, loads)
                : new BoundedLoadPolicy(circle, loads, weights, spec.loadFactorPercent());
    }
}
