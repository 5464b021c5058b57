package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Policies;
import io.penstock.forwarder.balance.Policy;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import java.util.List;

/** Backends among which one policy chooses: those of one pool that are equally near and of one priority. Immutable. */
public final class BackendGroup {
    private final Backend[] backends;
    private final Policy policy;

    /**
     * Makes the policy, which may take milliseconds.
     *
     * @param scale of the pool that the backends are of, for a ring
     * @param eligible ids all different; any order
     */
    public BackendGroup(PolicySpec spec, RingScale scale, FlowHash flowHash, List<Backend> eligible) {
        backends = eligible.toArray(new Backend[0]);
        String[] ids = new String[backends.length];
        int[] weights = new int[backends.length];
        BackendLoad[] loads = new BackendLoad[backends.length];
        for (int i = 0; i < backends.length; i++) {
            ids[i] = backends[i].id();
            weights[i] = backends[i].weight();
            loads[i] = backends[i].load();
        }
        policy = Policies.create(spec, scale, ids, weights, loads, flowHash::ofBytes);
    }

    List<Backend> backends() {
        return List.of(backends);
    }

    /** No table that is made from now on holds it; those before still do for a moment. */
    public void retire() {
        policy.retire();
    }

    public int size() {
        return backends.length;
    }

    /** A backend that the selection does not exclude, or null. */
    Backend select(long hash, Selection selection) {
        int index = policy.pick(hash, selection);
        return index == Policy.NONE ? null : backends[index];
    }
}
