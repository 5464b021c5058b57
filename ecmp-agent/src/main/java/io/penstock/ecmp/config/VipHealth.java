package io.penstock.ecmp.config;

import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import io.penstock.serving.ForwarderQuestion;

/** How the agent knows that a VIP can be served. */
public sealed interface VipHealth {
    /** Asks a forwarder. */
    record Forwarder(ForwarderQuestion question) implements VipHealth {}

    /** Its own checks, as the forwarder has them for backends. */
    record Checks(Endpoint target, HealthPlan plan) implements VipHealth {}

    /** Always there. */
    record None() implements VipHealth {}
}
