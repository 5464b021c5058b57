package io.penstock.ecmp.config;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import java.time.Duration;

/** How the agent knows that a VIP can be served. */
public sealed interface VipHealth {
    /**
     * Asks the forwarder's admin API, GET /v1/health/vips/ADDRESS.
     *
     * @param server of the forwarder
     * @param credentials what is shown there, and whom it is taken for
     * @param interval between the starts of two questions, unless an answer takes longer
     * @param timeout until a missing answer counts as one against the VIP
     * @param rise answers in a row that make it served
     * @param fall answers in a row, or missing ones, that make it not served
     */
    record Forwarder(
            AdminAddress server, AdminCredentials credentials, Duration interval, Duration timeout, int rise, int fall)
            implements VipHealth {
        public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(200);

        /** An answer takes some milliseconds; on a host whose cores are all busy, some tens. */
        public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

        public static final int DEFAULT_RISE = 2;
        public static final int DEFAULT_FALL = 3;

        public Forwarder {
            if (rise < 1 || fall < 1) {
                throw new IllegalArgumentException("rise and fall must be at least 1");
            }
        }
    }

    /** Its own checks, as the forwarder has them for backends. */
    record Checks(Endpoint target, HealthPlan plan) implements VipHealth {}

    /** Always there. */
    record None() implements VipHealth {}
}
