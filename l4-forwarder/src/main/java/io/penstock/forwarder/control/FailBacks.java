package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig.FailBack;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainTarget;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When connections at spare members are to go back to better ones: once nobody has become or ceased to be a spare for the
 * time that the pool is configured with. Belongs to the thread of the drains.
 */
final class FailBacks {
    /** Begins and ends what this decides. */
    interface Starter {
        void begin(DrainTarget.FailBack target, DrainPlan plan, long nowNs);

        /** Does nothing when there is none. */
        void cancel(DrainTarget.FailBack target);
    }

    private final Starter starter;
    private Map<String, PoolShares> shares = Map.of();
    /** When a pool's spares have been as they are for long enough. */
    private final Map<String, Long> dueNs = new HashMap<>();

    FailBacks(Starter starter) {
        this.starter = starter;
    }

    /** Of a pool that there is. */
    Optional<PoolShares> sharesOf(String pool) {
        return Optional.ofNullable(shares.get(pool));
    }

    /** @param next of all pools by name */
    void onShares(Map<String, PoolShares> next, long nowNs) {
        Map<String, PoolShares> before = shares;
        shares = Map.copyOf(next);
        before.keySet().stream().filter(pool -> !next.containsKey(pool)).forEach(this::stop);
        next.forEach((pool, now) -> {
            if (!now.equals(before.get(pool))) {
                stop(pool);
                if (now.failBack().isPresent() && !now.spares().isEmpty()) {
                    dueNs.put(pool, nowNs + now.failBack().get().after().toNanos());
                }
            }
        });
    }

    private void stop(String pool) {
        dueNs.remove(pool);
        starter.cancel(new DrainTarget.FailBack(pool));
    }

    /** Does what is due; when to call again, or {@link MemberState#NEVER}. */
    long onTime(long nowNs) {
        for (Map.Entry<String, Long> due : Map.copyOf(dueNs).entrySet()) {
            if (nowNs >= due.getValue()) {
                dueNs.remove(due.getKey());
                FailBack plan = shares.get(due.getKey()).failBack().orElseThrow();
                starter.begin(
                        new DrainTarget.FailBack(due.getKey()),
                        new DrainPlan(plan.ratePerSecond(), DrainPlan.DEFAULT_JITTER_PERCENT, Optional.empty(), false),
                        nowNs);
            }
        }
        return dueNs.values().stream().mapToLong(Long::longValue).min().orElse(MemberState.NEVER);
    }
}
