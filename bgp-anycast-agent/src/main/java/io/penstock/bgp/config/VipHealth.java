package io.penstock.bgp.config;

import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderQuestion;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the agent knows that a VIP can be served. */
public sealed interface VipHealth {
    /** How long it can take to hear of all of it that the VIP can be served. */
    Duration timeToRise();

    /** Always. */
    record None() implements VipHealth {
        @Override
        public Duration timeToRise() {
            return Duration.ZERO;
        }
    }

    /**
     * By so many of these: with all of them it is up, with fewer degraded.
     *
     * @param services by name; at least one
     * @param atLeast 1 to all of them
     */
    record Services(Map<String, Service> services, int atLeast) implements VipHealth {
        public Services {
            services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        }

        @Override
        public Duration timeToRise() {
            return services.values().stream()
                    .map(Service::timeToRise)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }
    }

    /** One of them. */
    sealed interface Service {
        /** How long it can take to hear that it is there. */
        Duration timeToRise();
    }

    /**
     * A forwarder is asked.
     *
     * @param address that it is asked about
     */
    record Forwarder(ForwarderQuestion question, IpAddress address) implements Service {
        @Override
        public Duration timeToRise() {
            return question.timeToRise();
        }
    }

    /** The agent's own checks, as the forwarder has them for backends. */
    record Checks(Endpoint target, HealthPlan plan) implements Service {
        @Override
        public Duration timeToRise() {
            return plan.timeToRise();
        }
    }
}
