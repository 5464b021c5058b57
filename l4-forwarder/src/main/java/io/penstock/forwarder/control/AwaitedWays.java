package io.penstock.forwarder.control;

import io.penstock.health.HealthPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Members whose checks are about to begin, before it is known how packets get to them: a probe that is lost on this host says nothing of
 * a member, and would be the first result, which alone decides. Waits a bounded time: of one that is switched off the way is never
 * known. The control thread's own.
 */
final class AwaitedWays {
    /** Neighbours answer within milliseconds, after the first turn of a plane that has much to read. */
    static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Map<Pool, Map<Member, Awaited>> awaited = new HashMap<>();

    /**
     * Checks that are to begin.
     *
     * @param asked what and where
     * @param plan what they begin with
     */
    record Awaited(Object asked, HealthPlan plan, long untilNs) {
        boolean isOver(long nowNs) {
            return nowNs - untilNs >= 0;
        }
    }

    /** Since this was asked first, unless other checks are to begin now. */
    Awaited of(Pool pool, Member member, Object asked, Supplier<HealthPlan> plan, long nowNs) {
        Map<Member, Awaited> ofPool = awaited.computeIfAbsent(pool, key -> new HashMap<>());
        Awaited before = ofPool.get(member);
        if (before != null && before.asked.equals(asked)) {
            return before;
        }
        Awaited first = new Awaited(asked, plan.get(), nowNs + PATIENCE_NS);
        ofPool.put(member, first);
        return first;
    }

    /** It waits no more. */
    void end(Pool pool, Member member) {
        awaited.computeIfPresent(pool, (key, ofPool) -> {
            ofPool.remove(member);
            return ofPool.isEmpty() ? null : ofPool;
        });
    }

    /** The others of the pool are not to be checked any more. */
    void retain(Pool pool, Set<Member> members) {
        awaited.computeIfPresent(pool, (key, ofPool) -> {
            ofPool.keySet().retainAll(members);
            return ofPool.isEmpty() ? null : ofPool;
        });
    }

    void forget(Pool pool) {
        awaited.remove(pool);
    }

    /** With members that wait; a copy. */
    Set<Pool> pools() {
        return Set.copyOf(awaited.keySet());
    }
}
