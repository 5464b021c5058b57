package io.penstock.perf.micro;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Policies;
import io.penstock.forwarder.balance.Policy;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import java.util.Locale;
import java.util.Random;

/** A policy over backends that all have connections and response times, asked as a worker asks. NOT thread safe. */
final class PolicyUnderLoad {
    private static final String BOUNDED = "-bounded";
    private static final int LOAD_FACTOR_PERCENT = 125;
    private static final int OPEN_MAX = 20;
    private static final long CONNECT_NS = 100_000;

    /** 2^64 divided by the golden ratio: multiples of it spread evenly. */
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    private final Selection selection = new Selection(1);
    private final BackendLoad[] loads;
    private final Policy policy;
    private long hash;
    private long nowNs;

    /** @param name as in a configuration; with {@code -bounded}, with a load factor */
    PolicyUnderLoad(String name, int backends) {
        Random random = new Random(1);
        String[] ids = new String[backends];
        int[] weights = new int[backends];
        loads = new BackendLoad[backends];
        for (int i = 0; i < backends; i++) {
            ids[i] = "backend-" + i;
            weights[i] = 1;
            loads[i] = new BackendLoad();
            for (int open = random.nextInt(OPEN_MAX); open >= 0; open--) {
                loads[i].tryAcquire();
                loads[i].onConnected(CONNECT_NS + random.nextInt(1000), 0);
            }
        }
        PolicySpec spec = spec(name);
        policy = Policies.create(
                spec, RingScale.of(spec.ringSize(), weights), ids, weights, loads, new FlowHash(1, 2)::ofBytes);
    }

    private static PolicySpec spec(String name) {
        String kind = name.replace(BOUNDED, "").replace('-', '_').toUpperCase(Locale.ROOT);
        return new PolicySpec(
                PolicyKind.valueOf(kind),
                PolicySpec.DEFAULT_TABLE_SIZE,
                PolicySpec.DEFAULT_RING_SIZE,
                name.endsWith(BOUNDED) ? LOAD_FACTOR_PERCENT : PolicySpec.UNBOUNDED);
    }

    /** The next hash depends on the last pick: a processor that begins with the next meanwhile would hide what one takes. */
    int pick() {
        selection.begin(++nowNs);
        int backend = policy.pick(hash, selection);
        hash += STRIDE + backend;
        return backend;
    }

    /** All that a connection tells the backend it is given to, and what the policy keeps up by that. */
    int place() {
        int backend = pick();
        BackendLoad load = loads[backend];
        if (load.tryAcquire()) {
            load.onConnected(CONNECT_NS, nowNs);
            load.release();
        }
        return backend;
    }
}
