package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code health} of a pool. */
final class HealthReader {
    /** More in a row than this is a typing mistake. */
    private static final int MAX_IN_A_ROW = 100;

    private static final int BACKENDS_PORT = 0;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final int DEFAULT_RISE = 2;
    private static final int DEFAULT_FALL = 3;
    private static final HealthPlan DEFAULT =
            plan(BACKENDS_PORT, DEFAULT_INTERVAL, DEFAULT_TIMEOUT, DEFAULT_RISE, DEFAULT_FALL);

    private HealthReader() {}

    /** Empty for {@code none}. */
    static Optional<HealthPlan> read(Optional<ConfigValue> health) {
        if (health.isEmpty()) {
            return Optional.of(DEFAULT);
        }
        if (health.get().isMapping()) {
            return health.get().section(HealthReader::checks);
        }
        if (!health.get().was().equals("none")) {
            health.get().problem("must be none, or a mapping with keys such as interval: 2s");
        }
        return Optional.empty();
    }

    private static HealthPlan checks(ConfigSection health) {
        int port = health.section("tcp", HealthReader::port).orElse(BACKENDS_PORT);
        Duration interval = duration(health, "interval", DEFAULT_INTERVAL);
        Duration timeout = duration(health, "timeout", shorter(interval, DEFAULT_TIMEOUT));
        if (health.isSound("interval", "timeout") && timeout.compareTo(interval) > 0) {
            health.problem("timeout", "must not be longer than the interval between checks");
        }
        int rise = health.integer("rise", DEFAULT_RISE, 1, MAX_IN_A_ROW);
        int fall = health.integer("fall", DEFAULT_FALL, 1, MAX_IN_A_ROW);
        return plan(port, interval, timeout, rise, fall);
    }

    private static HealthPlan plan(int port, Duration interval, Duration timeout, int rise, int fall) {
        Schedule schedule = new Schedule(interval, interval, timeout, Schedule.DEFAULT_JITTER, Schedule.Initial.UP);
        return HealthPlan.of(
                new HealthCheck("tcp", new Probe.Tcp(), port, schedule, HealthCheck.Origin.PLAIN, rise, fall, 1));
    }

    private static int port(ConfigSection tcp) {
        return tcp.integer("port", BACKENDS_PORT, 1, Endpoint.MAX_PORT);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
