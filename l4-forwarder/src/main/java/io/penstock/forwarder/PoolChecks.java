package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.health.HealthCheck;
import io.penstock.health.Probe;
import java.util.List;
import java.util.stream.Collectors;

/** How the pools of UDP services are checked, in words: the file may say nothing of it. */
final class PoolChecks {
    private PoolChecks() {}

    /** A line for each pool that UDP uses. */
    static List<String> lines(ForwarderConfig config) {
        return config.pools().values().stream()
                .filter(pool -> config.usersOf(pool.name()).stream().anyMatch(ServiceConfig::isUdp))
                .map(pool -> "pool " + pool.name() + ", " + users(config, pool) + ": " + checks(pool))
                .toList();
    }

    private static String users(ForwarderConfig config, PoolConfig pool) {
        return config.usersOf(pool.name()).stream().allMatch(ServiceConfig::isUdp) ? "UDP" : "TCP and UDP";
    }

    private static String checks(PoolConfig pool) {
        return pool.health()
                .map(plan -> plan.checks().stream()
                        .map(PoolChecks::text)
                        .collect(Collectors.joining(", ", "checked by ", "")))
                .orElse("not checked");
    }

    private static String text(HealthCheck check) {
        return check.probe().equals(Probe.Udp.NOTHING_SAID)
                ? "an empty datagram, which fails where nobody listens"
                : check.name();
    }
}
