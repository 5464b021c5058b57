package io.penstock.ecmp.config;

import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import java.time.Duration;

/** How the agent knows that a VIP can be served. */
public sealed interface VipHealth {
    /**
     * Asks the forwarder's admin API, GET /v1/health/vips/ADDRESS.
     *
     * @param server as AdminAddress reads it: {@code http://127.0.0.1:9080}, {@code unix:/run/penstock/admin.sock}
     * @param rise answers in a row that make it served
     * @param fall answers in a row, or missing ones, that make it not served
     */
    record Forwarder(String server, Duration interval, Duration timeout, int rise, int fall) implements VipHealth {}

    /** Its own checks, as the forwarder has them for backends. */
    record Checks(Endpoint target, HealthPlan plan) implements VipHealth {}

    /** Always there. */
    record None() implements VipHealth {}
}
