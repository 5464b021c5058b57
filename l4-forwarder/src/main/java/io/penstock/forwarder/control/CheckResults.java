package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.PoolHealth.CheckResult;
import io.penstock.health.HealthCheck;
import io.penstock.health.ProbeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What each check of one member found last. Written by the probing thread, read by any. */
final class CheckResults {
    private final Map<String, CheckResult> byCheck = new ConcurrentHashMap<>();

    void onResult(HealthCheck check, ProbeResult result, long durationNs) {
        byCheck.put(
                check.name(),
                new CheckResult(
                        check.name(),
                        result.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        result.evidence(),
                        Instant.now(),
                        Duration.ofNanos(durationNs)));
    }

    /** Of others there will be no more. */
    void retain(Collection<HealthCheck> checks) {
        byCheck.keySet().retainAll(checks.stream().map(HealthCheck::name).collect(Collectors.toSet()));
    }

    List<CheckResult> all() {
        return byCheck.values().stream()
                .sorted(Comparator.comparing(CheckResult::name))
                .toList();
    }
}
