package io.penstock.forwarder.balance;

import java.util.Arrays;
import java.util.Random;

/** Backends of one group with loads of their own, and what a worker does with a policy over them. */
final class Group {
    static final int TABLE_SIZE = 65_537;
    static final long CONNECT_NS = 1_000_000;

    final String[] ids;
    final int[] weights;
    final BackendLoad[] loads;
    final Selection selection = new Selection(1);
    private final Random random = new Random(1);

    Group(int... weights) {
        this.weights = weights;
        ids = Tables.ids(weights.length);
        loads = new BackendLoad[weights.length];
        Arrays.setAll(loads, i -> new BackendLoad());
    }

    /** The same backends with other weights. */
    Group(Group group, int... weights) {
        this(group.ids, weights, group.loads);
    }

    private Group(String[] ids, int[] weights, BackendLoad[] loads) {
        this.ids = ids;
        this.weights = weights;
        this.loads = loads;
    }

    /** The first of these backends, with the same loads. */
    Group first(int backends) {
        return new Group(
                Arrays.copyOf(ids, backends), Arrays.copyOf(weights, backends), Arrays.copyOf(loads, backends));
    }

    static Group equals(int backends) {
        int[] weights = new int[backends];
        Arrays.fill(weights, 1);
        return new Group(weights);
    }

    Policy policy(PolicyKind kind) {
        return policy(kind, PolicySpec.UNBOUNDED);
    }

    Policy policy(PolicyKind kind, int loadFactorPercent) {
        PolicySpec spec = new PolicySpec(kind, TABLE_SIZE, PolicySpec.DEFAULT_RING_SIZE, loadFactorPercent);
        return Policies.create(spec, RingScale.of(spec.ringSize(), weights), ids, weights, loads, Tables.HASH::ofBytes);
    }

    int size() {
        return weights.length;
    }

    double weightSum() {
        return Weights.sum(weights);
    }

    int pick(Policy policy) {
        selection.begin(0);
        return policy.pick(random.nextLong(), selection);
    }

    /** A connection that stays, at the backend returned. */
    int connect(Policy policy) {
        int backend = pick(policy);
        if (!loads[backend].tryAcquire()) {
            throw new AssertionError("full: " + backend);
        }
        loads[backend].onConnected(CONNECT_NS, 0);
        return backend;
    }

    /** How many of so many connections, one after another, each backend gets. */
    int[] serve(Policy policy, int connections) {
        int[] counts = new int[size()];
        for (int i = 0; i < connections; i++) {
            int backend = connect(policy);
            loads[backend].release();
            counts[backend]++;
        }
        return counts;
    }

    /** How many of so many connections, each of which stays until a number have come after it, each backend gets. */
    int[] serve(Policy policy, int connections, int atOnce) {
        int[] counts = new int[size()];
        int[] open = new int[atOnce];
        for (int i = 0; i < connections; i++) {
            if (i >= atOnce) {
                loads[open[i % atOnce]].release();
            }
            open[i % atOnce] = connect(policy);
            counts[open[i % atOnce]]++;
        }
        return counts;
    }
}
