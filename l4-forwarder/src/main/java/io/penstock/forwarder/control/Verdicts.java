package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.PoolHealth.CheckResult;
import io.penstock.health.HealthPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pools of packets whose members are being found: all that is up is not known yet, so their ring is not that of other forwarders, which
 * packets would be moved from when this one said that it serves. The time for it is bounded. The control thread's own.
 */
final class Verdicts {
    private static final String SUCCESS = "success";

    private final Map<String, Awaited> awaited = new HashMap<>();

    /** @param since when the first member came back; empty when checks begin */
    private record Awaited(Optional<Instant> since, long untilNs) {}

    /** Its checks begin. */
    void begin(Pool pool, long nowNs) {
        put(pool, Optional.empty(), AwaitedWays.PATIENCE_NS, nowNs);
    }

    /** One is up again, after none was: the others may be about to be. */
    void beginAgain(Pool pool, long nowNs) {
        put(pool, Optional.of(Instant.now()), 0, nowNs);
    }

    private void put(Pool pool, Optional<Instant> since, long moreNs, long nowNs) {
        long longestNs = pool.config()
                .health()
                .map(HealthPlan::timeToVerdict)
                .map(Duration::toNanos)
                .orElse(0L);
        awaited.put(pool.config().name(), new Awaited(since, nowNs + longestNs + moreNs));
    }

    /** Whether some of its members are not known yet. */
    boolean isAwaited(Pool pool, long nowNs) {
        String name = pool.config().name();
        Awaited wait = awaited.get(name);
        if (wait == null) {
            return false;
        }
        boolean known = wait.since
                .map(since -> pool.members().stream().allMatch(member -> hasSpoken(member, since)))
                .orElseGet(() -> pool.members().stream().allMatch(Member::isJudged));
        if (known || nowNs - wait.untilNs >= 0) {
            awaited.remove(name);
            return false;
        }
        return true;
    }

    /** One that is up has come back since; one that is down is so by what was seen since, and does not come up just now. */
    private static boolean hasSpoken(Member member, Instant since) {
        if (!member.state().isChecked() || member.state().isUpByChecks()) {
            return true;
        }
        List<CheckResult> results = member.checkResults().all();
        return results.stream().noneMatch(result -> result.at().isBefore(since))
                && !results.stream().allMatch(result -> result.result().equals(SUCCESS));
    }

    /** Whether there is something to look at as time goes by. */
    boolean isAny() {
        return !awaited.isEmpty();
    }

    /** The others are gone. */
    void retain(Collection<String> pools) {
        awaited.keySet().retainAll(pools);
    }
}
