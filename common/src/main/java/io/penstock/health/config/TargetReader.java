package io.penstock.health.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.health.Schedule.Initial;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads checks that the agent makes itself: those that a forwarder has for backends, and {@code address} and {@code port}. */
public final class TargetReader {
    /** Ten times as often as a forwarder asks a backend: a whole host is at stake, and there are few. */
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** That nobody else who is asked for health has a use for. */
    private static final String[] KEYS = {
        "address",
        "port",
        "tcp",
        "http",
        "exchange",
        "udp",
        "tls",
        "exec",
        "checks",
        "require",
        "fast-interval",
        "jitter",
        "initial",
        "source",
        "proxy-protocol"
    };

    private final HealthReader checks;

    /** @param initial until a first result */
    public TargetReader(Path configFile, Initial initial) {
        checks = new HealthReader(
                configFile, new Schedule(INTERVAL, INTERVAL, INTERVAL, Schedule.DEFAULT_JITTER, initial));
    }

    /** Checks of several targets: each with an address of its own, all at the same port. */
    public record Template(HealthPlan plan, int port) {
        public CheckedTarget of(IpAddress target) {
            return new CheckedTarget(new Endpoint(target, port), plan);
        }
    }

    /** Reports keys that only such checks have, where something else stands in their place. */
    public static void refuse(ConfigSection section) {
        KeyRules.onlyFor("checks of the agent's own", section, KEYS);
    }

    /**
     * What a mapping says of one target.
     *
     * @param address when the file has no other; that of {@link IpAddress#isAny} when it could not be read
     */
    public CheckedTarget read(ConfigSection health, IpAddress address) {
        Optional<ConfigValue> given = health.optional("address");
        IpAddress target = given.flatMap(TargetReader::address).orElse(address);
        Template template = template(health);
        CheckedTarget check = template.of(target);
        if (health.isSound() && !target.isAny()) {
            sources(template.plan()).stream()
                    .filter(source -> source.isIpv4() != target.isIpv4())
                    .findFirst()
                    .ifPresent(
                            source -> health.problem("source", "is of another family than what it checks, " + target));
        }
        return check;
    }

    /** What a mapping says of several, whose addresses are known elsewhere. */
    public Template template(ConfigSection health) {
        int port = health.integer("port", HealthCheck.TARGETS_PORT, 1, Endpoint.MAX_PORT);
        HealthPlan plan = checks.read(health, false);
        if (!health.has("port") && health.isSound() && needsPort(plan)) {
            health.problem("port", "is needed: a check over the network has no port of its own");
        }
        return new Template(plan, port);
    }

    private static Optional<IpAddress> address(ConfigValue value) {
        String expected = "an address without a port, such as 192.0.2.1";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> isReachable(value, address));
    }

    private static boolean isReachable(ConfigValue value, IpAddress address) {
        if (address.isUnicast() && !address.isLinkLocal()) {
            return true;
        }
        value.problem("must be an address that one host has, and that needs no interface");
        return false;
    }

    private static boolean needsPort(HealthPlan plan) {
        return network(plan).stream().anyMatch(check -> check.port() == HealthCheck.TARGETS_PORT);
    }

    private static List<IpAddress> sources(HealthPlan plan) {
        return network(plan).stream()
                .flatMap(check -> check.origin().source().stream())
                .toList();
    }

    private static List<HealthCheck> network(HealthPlan plan) {
        return plan.checks().stream()
                .filter(check -> !(check.probe() instanceof Probe.Exec))
                .toList();
    }
}
