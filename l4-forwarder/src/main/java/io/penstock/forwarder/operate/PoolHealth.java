package io.penstock.forwarder.operate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One pool, and what is known of the health of its backends.
 *
 * @param reason one line; empty when it serves as it should
 * @param backendsUp those that take new connections
 * @param panic whether health is ignored, as too few are healthy
 */
public record PoolHealth(
        String name, ServingState state, String reason, int backendsUp, boolean panic, List<BackendHealth> backends) {

    /**
     * One backend.
     *
     * @param state such as up, down, draining
     * @param reason of the last change of state, in one word; empty before the first
     * @param evidence what was seen then
     * @param since the last change of state
     * @param checks that have a result
     */
    public record BackendHealth(
            String id,
            String address,
            String state,
            String reason,
            String evidence,
            Instant since,
            List<CheckResult> checks) {}

    /**
     * What one check found last.
     *
     * @param result {@code success}, {@code failure}, or {@code no-verdict} when this host could not even try
     */
    public record CheckResult(String name, String result, String evidence, Instant at, Duration took) {}
}
