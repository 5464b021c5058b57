package io.penstock.perf.policies.sim;

import io.penstock.forwarder.balance.AdaptiveWeights;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.LearntWeight;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.perf.policies.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;

/** Learns weights with the default settings, as the forwarder's control thread does: once an interval, from the loads' sums. */
final class Learning {
    static final long INTERVAL_NS = Adaptive.DEFAULT.interval().toNanos();

    private record Sums(long connects, long connectNs, long firstBytes, long firstByteNs, long failures) {
        static final Sums NONE = new Sums(0, 0, 0, 0, 0);

        static Sums of(BackendLoad load) {
            return new Sums(
                    load.connects(),
                    load.connectNs(),
                    load.firstBytes(),
                    load.firstByteNs(),
                    load.connectFailures() + load.earlyResets());
        }

        void observe(Sums before, LearntWeight learnt) {
            learnt.observe(
                    Pool.WEIGHT,
                    connects - before.connects,
                    connectNs - before.connectNs,
                    firstBytes - before.firstBytes,
                    firstByteNs - before.firstByteNs,
                    failures - before.failures);
        }
    }

    private final AdaptiveWeights weights =
            new AdaptiveWeights(Adaptive.DEFAULT.stepPercent(), Adaptive.DEFAULT.floorPercent());
    private final List<LearntWeight> learnt = new ArrayList<>();
    private final List<Sums> seen = new ArrayList<>();
    private final Pool pool;

    Learning(Pool pool) {
        this.pool = pool;
        for (int backend = 0; backend < Scenario.BACKENDS; backend++) {
            learnt.add(new LearntWeight());
            seen.add(Sums.NONE);
        }
    }

    /** An interval is over. */
    void learn() {
        for (int backend = 0; backend < Scenario.BACKENDS; backend++) {
            Sums sums = Sums.of(pool.load(backend));
            sums.observe(seen.set(backend, sums), learnt.get(backend));
        }
        weights.adjust(learnt);
        pool.weigh(learnt.stream().mapToDouble(LearntWeight::factor).toArray());
    }
}
