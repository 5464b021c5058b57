package io.penstock.ecmp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.ecmp.config.ForwarderServerReader.Server;
import io.penstock.ecmp.config.VipHealth.Checks;
import io.penstock.ecmp.config.VipHealth.Forwarder;
import io.penstock.ecmp.config.VipHealth.None;
import io.penstock.health.Schedule.Initial;
import io.penstock.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code health} of a VIP: a forwarder that is asked, checks of the agent's own, or none. */
final class VipHealthReader {
    private static final IpAddress LOCALHOST_IPV4 = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final IpAddress LOCALHOST_IPV6 = IpAddress.parse("::1").orElseThrow();
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    private static final int MAX_IN_A_ROW = 100;

    /** Keys that a forwarder is not asked by. */
    private static final String[] OWN_ONLY = {
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

    private final ForwarderServerReader servers;
    private final TargetReader targets;

    VipHealthReader(Path configFile) {
        servers = new ForwarderServerReader(configFile);
        // Down until a first answer: an address is not added on trust.
        targets = new TargetReader(configFile, Initial.DOWN);
    }

    Optional<VipHealth> read(ConfigValue value, IpAddress vip) {
        if (value.isMapping()) {
            return value.section(health -> health.has("forwarder") ? forwarder(health) : own(health, vip));
        }
        if (!value.was().equals("none")) {
            value.problem("must be none, or a mapping with keys such as forwarder: \"http://127.0.0.1:9080\"");
        }
        return Optional.of(new None());
    }

    private VipHealth forwarder(ConfigSection health) {
        Optional<Server> server = health.required("forwarder").flatMap(servers::read);
        Duration interval = health.duration("interval", Forwarder.DEFAULT_INTERVAL, MIN_INTERVAL, MAX_INTERVAL);
        Duration timeout = health.duration("timeout", Forwarder.DEFAULT_TIMEOUT, MIN_INTERVAL, MAX_INTERVAL);
        int rise = health.integer("rise", Forwarder.DEFAULT_RISE, 1, MAX_IN_A_ROW);
        int fall = health.integer("fall", Forwarder.DEFAULT_FALL, 1, MAX_IN_A_ROW);
        KeyRules.onlyFor("checks of the agent's own", health, OWN_ONLY);
        return server.<VipHealth>map(
                        read -> new Forwarder(read.address(), read.credentials(), interval, timeout, rise, fall))
                .orElseGet(None::new);
    }

    /** The address is the host's own: one that is not there yet would be looked for on another host. */
    private VipHealth own(ConfigSection health, IpAddress vip) {
        LegConfig.Check check = targets.read(health, vip.isIpv4() ? LOCALHOST_IPV4 : LOCALHOST_IPV6);
        if (check.target().address().equals(vip)) {
            health.problem("address", "must be another than the VIP, which is not here before it can be served");
        }
        return new Checks(check.target(), check.plan());
    }
}
