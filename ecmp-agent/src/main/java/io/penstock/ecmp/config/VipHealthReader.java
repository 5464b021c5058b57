package io.penstock.ecmp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.ecmp.config.VipHealth.Checks;
import io.penstock.ecmp.config.VipHealth.Forwarder;
import io.penstock.ecmp.config.VipHealth.None;
import io.penstock.health.CheckedTarget;
import io.penstock.health.Schedule.Initial;
import io.penstock.health.config.TargetReader;
import io.penstock.net.IpAddress;
import io.penstock.serving.config.ForwarderQuestionReader;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code health} of a VIP: a forwarder that is asked, checks of the agent's own, or none. */
final class VipHealthReader {
    private static final IpAddress LOCALHOST_IPV4 = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final IpAddress LOCALHOST_IPV6 = IpAddress.parse("::1").orElseThrow();

    private final ForwarderQuestionReader questions;
    private final TargetReader targets;

    VipHealthReader(Path configFile) {
        questions = new ForwarderQuestionReader(configFile);
        // Down until a first answer: an address is not added on trust.
        targets = new TargetReader(configFile, Initial.DOWN);
    }

    Optional<VipHealth> read(ConfigValue value, IpAddress vip) {
        if (value.isMapping()) {
            return value.section(
                    health -> health.has(ForwarderQuestionReader.KEY) ? forwarder(health) : own(health, vip));
        }
        if (!value.was().equals("none")) {
            value.problem("must be none, or a mapping with keys such as forwarder: \"http://127.0.0.1:9080\"");
        }
        return Optional.of(new None());
    }

    private VipHealth forwarder(ConfigSection health) {
        return questions.read(health).<VipHealth>map(Forwarder::new).orElseGet(None::new);
    }

    /** The address is the host's own: one that is not there yet would be looked for on another host. */
    private VipHealth own(ConfigSection health, IpAddress vip) {
        CheckedTarget check = targets.read(health, vip.isIpv4() ? LOCALHOST_IPV4 : LOCALHOST_IPV6);
        if (check.target().address().equals(vip)) {
            health.problem("address", "must be another than the VIP, which is not here before it can be served");
        }
        return new Checks(check.target(), check.plan());
    }
}
