package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.config.PoolConfig.Health;
import io.penstock.net.Endpoint;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code health} of a pool. */
final class HealthReader {
    /** More in a row than this is a typing mistake. */
    private static final int MAX_IN_A_ROW = 100;

    private static final int BACKENDS_PORT = 0;
    private static final Health DEFAULT = new Health(
            Health.DEFAULT_INTERVAL, Health.DEFAULT_TIMEOUT, Health.DEFAULT_RISE, Health.DEFAULT_FALL, BACKENDS_PORT);

    private HealthReader() {}

    /** Empty for {@code none}. */
    static Optional<Health> read(Optional<ConfigValue> health) {
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

    private static Health checks(ConfigSection health) {
        int port = health.section("tcp", HealthReader::port).orElse(BACKENDS_PORT);
        Duration interval = duration(health, "interval", Health.DEFAULT_INTERVAL);
        Duration timeout = duration(health, "timeout", shorter(interval, Health.DEFAULT_TIMEOUT));
        if (health.isSound("interval", "timeout") && timeout.compareTo(interval) > 0) {
            health.problem("timeout", "must not be longer than the interval between checks");
        }
        int rise = health.integer("rise", Health.DEFAULT_RISE, 1, MAX_IN_A_ROW);
        int fall = health.integer("fall", Health.DEFAULT_FALL, 1, MAX_IN_A_ROW);
        return new Health(interval, timeout, rise, fall, port);
    }

    private static int port(ConfigSection tcp) {
        return tcp.integer("port", BACKENDS_PORT, 1, Endpoint.MAX_PORT);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
