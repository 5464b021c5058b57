package io.penstock.bgp.config;

import io.penstock.bgp.config.VipHealth.Checks;
import io.penstock.bgp.config.VipHealth.Forwarder;
import io.penstock.bgp.config.VipHealth.None;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.KeyRules;
import io.penstock.config.MetricLabel;
import io.penstock.health.CheckedTarget;
import io.penstock.health.Schedule.Initial;
import io.penstock.health.config.TargetReader;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.serving.config.ForwarderQuestionReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code health} of a VIP: one service or several, each a forwarder that is asked or checks of the agent's own; or none. */
final class VipHealthReader {
    private static final IpAddress LOCALHOST_IPV4 = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final IpAddress LOCALHOST_IPV6 = IpAddress.parse("::1").orElseThrow();
    private static final String SERVICES = "services";
    private static final String FORWARDER = ForwarderQuestionReader.KEY;
    private static final String VIP = "vip";

    /** Each says that the agent makes checks itself. */
    private static final List<String> CHECKS = List.of("tcp", "http", "exchange", "udp", "tls", "exec", "checks");

    /** Of a service, whose place is in each of them when there are several. */
    private static final List<String> CONDUCT = List.of(
            FORWARDER,
            VIP,
            "address",
            "port",
            "interval",
            "fast-interval",
            "timeout",
            "rise",
            "fall",
            "jitter",
            "source",
            "proxy-protocol",
            "initial");

    private static final String USUAL_CHECK = CHECKS.get(0);

    private final ForwarderQuestionReader questions;
    private final TargetReader targets;

    VipHealthReader(Path configFile) {
        questions = new ForwarderQuestionReader(configFile);
        // Down until a first answer: nothing is announced on trust.
        targets = new TargetReader(configFile, Initial.DOWN);
    }

    /**
     * What the VIP's other keys say.
     *
     * @param prefix empty when it could not be read
     */
    record Place(Optional<IpPrefix> prefix, Optional<IpAddress> address, boolean presence) {}

    /** Empty when nobody can be asked. */
    Optional<VipHealth> read(ConfigValue value, Place place) {
        if (value.isMapping()) {
            return value.section(health -> health.has(SERVICES) ? several(health, place) : one(health, place))
                    .flatMap(read -> read);
        }
        if (!value.was().equals("none")) {
            value.problem("must be none, or a mapping with keys such as forwarder: \"http://127.0.0.1:9080\"");
        }
        return Optional.of(new None());
    }

    private Optional<VipHealth> one(ConfigSection health, Place place) {
        String kind = Stream.concat(Stream.of(FORWARDER), CHECKS.stream())
                .filter(health::has)
                .findFirst()
                .orElse(USUAL_CHECK);
        return service(health, place).<VipHealth>map(service -> new Services(Map.of(kind, service), 1));
    }

    private Optional<VipHealth> several(ConfigSection health, Place place) {
        KeyRules.onlyFor(
                "health without services",
                health,
                Stream.concat(CONDUCT.stream(), CHECKS.stream()).toArray(String[]::new));
        List<NamedValue> entries = health.required(SERVICES)
                .map(value -> value.named("a mapping of names to services, with at least one"))
                .orElse(List.of());
        if (entries.size() > ServicesRequired.MAX) {
            health.problem(SERVICES, "must be at most " + ServicesRequired.MAX + " services");
        }
        Map<String, Service> services = new LinkedHashMap<>();
        for (NamedValue entry : entries) {
            MetricLabel.check(entry.name(), entry.key());
            entry.value()
                    .section(section -> service(section, place))
                    .flatMap(service -> service)
                    .ifPresent(service -> services.put(entry.name(), service));
        }
        int atLeast = health.optional("require")
                .map(value -> ServicesRequired.read(value, entries.size()))
                .orElse(entries.size());
        return services.isEmpty() ? Optional.empty() : Optional.of(new Services(services, atLeast));
    }

    private Optional<Service> service(ConfigSection section, Place place) {
        return section.has(FORWARDER) ? forwarder(section, place) : own(section, place);
    }

    private Optional<Service> forwarder(ConfigSection section, Place place) {
        Optional<IpAddress> asked = section.optional(VIP).isPresent()
                ? section.optional(VIP).flatMap(VipHealthReader::vip)
                : place.address();
        if (asked.isEmpty() && place.prefix().isPresent() && section.isSound(VIP)) {
            section.problem(VIP, "is needed: which address of the prefix the forwarder is asked about");
        }
        return questions.read(section).flatMap(question -> asked.map(address -> new Forwarder(question, address)));
    }

    private static Optional<IpAddress> vip(ConfigValue value) {
        String expected = "an address that the forwarder serves, such as 192.0.2.10";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address));
    }

    /** Loopback, unless said otherwise: an anycast address that is not here would be looked for on another host. */
    private Optional<Service> own(ConfigSection section, Place place) {
        KeyRules.onlyFor(FORWARDER, section, VIP);
        boolean ipv4 = place.prefix().map(IpPrefix::isIpv4).orElse(true);
        CheckedTarget check = targets.read(section, ipv4 ? LOCALHOST_IPV4 : LOCALHOST_IPV6);
        boolean elsewhere = !place.presence()
                && place.prefix()
                        .filter(prefix ->
                                prefix.contains(IpPrefix.around(check.target().address(), 128)))
                        .isPresent();
        if (elsewhere) {
            section.problem(
                    "address",
                    "must be another than the VIP's, which another host may answer for; or the VIP needs presence: true");
        }
        return Optional.of(new Checks(check.target(), check.plan()));
    }
}
