package io.penstock.ecmp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.config.MetricLabel;
import io.penstock.health.CheckedTarget;
import io.penstock.health.config.TargetReader;
import io.penstock.health.config.TargetReader.Template;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code legs} of one route. */
final class LegReader {
    private static final String EXPECTED = "the address of a host on one of this router's networks, such as 10.0.1.11";

    private final Optional<IpPrefix> prefix;
    private final TargetReader targets;
    private final Optional<Template> usualHealth;
    private final Map<String, Integer> lineById = new HashMap<>();
    private final Map<Way, Integer> lineByWay = new HashMap<>();
    private final Map<IpAddress, Integer> lineByVia = new HashMap<>();

    /** Of legs without an interface, whose interface is found by the address. */
    private final Map<IpAddress, Integer> lineByUnnamed = new HashMap<>();

    private final List<LegConfig> legs = new ArrayList<>();

    /**
     * For one route.
     *
     * @param prefix that the legs lead to; empty when it could not be read
     * @param usualHealth of legs without checks of their own
     */
    LegReader(Optional<IpPrefix> prefix, TargetReader targets, Optional<Template> usualHealth) {
        this.prefix = prefix;
        this.targets = targets;
        this.usualHealth = usualHealth;
    }

    private record Way(IpAddress via, Optional<String> interfaceName) {}

    List<LegConfig> read(ConfigValue value) {
        List<ConfigValue> items = value.items("a list of at least one leg");
        if (items.size() > RouteConfig.MAX_LEGS) {
            value.problem("must be at most " + RouteConfig.MAX_LEGS + " legs", items.size() + " legs");
        }
        for (ConfigValue item : items) {
            if (item.isMapping()) {
                item.section(this::longForm);
            } else {
                shortForm(item);
            }
        }
        return List.copyOf(legs);
    }

    private void shortForm(ConfigValue value) {
        via(value).ifPresent(via -> {
            id(value);
            add(value, new LegConfig(value.was(), via, Optional.empty(), LegConfig.DEFAULT_WEIGHT, usual(value, via)));
        });
    }

    private Optional<Void> longForm(ConfigSection leg) {
        Optional<ConfigValue> value = leg.required("via");
        Optional<IpAddress> via = value.flatMap(this::via);
        // Without a via there is nothing to add, yet a wrong id is reported in the same run.
        Optional<String> id = leg.optional("id")
                .or(() -> value.filter(unused -> via.isPresent()))
                .flatMap(this::id);
        Optional<String> interfaceName = InterfaceName.read(leg);
        int weight = leg.integer("weight", LegConfig.DEFAULT_WEIGHT, 1, LegConfig.MAX_WEIGHT);
        Optional<ConfigValue> own = leg.optional("health");
        Optional<CheckedTarget> check = own.isPresent()
                ? own.flatMap(health -> ownCheck(health, via.orElse(IpAddress.ANY_IPV4)))
                : via.flatMap(address -> usual(value.orElseThrow(), address));
        if (via.isPresent() && id.isPresent()) {
            add(value.orElseThrow(), new LegConfig(id.get(), via.get(), interfaceName, weight, check));
        }
        return Optional.empty();
    }

    private Optional<CheckedTarget> ownCheck(ConfigValue health, IpAddress via) {
        if (health.isMapping()) {
            return health.section(section -> {
                CheckedTarget check = targets.read(section, via);
                checkTarget(section, check.target().address());
                return check;
            });
        }
        if (!health.was().equals("none")) {
            health.problem("must be none, or a mapping with keys such as port: 80");
        }
        return Optional.empty();
    }

    /** A check of the VIP would be answered by whichever leg the route leads it to. */
    private void checkTarget(ConfigSection health, IpAddress target) {
        if (target.isLinkLocal()) {
            health.problem("address", "is needed: a link-local address cannot be checked");
        } else if (isTheRoutes(target)) {
            health.problem("address", "must be the leg's own, not one that the route leads to");
        }
    }

    private Optional<CheckedTarget> usual(ConfigValue value, IpAddress via) {
        if (usualHealth.isPresent() && via.isLinkLocal()) {
            value.problem("is link-local and cannot be checked: the leg needs health of its own, with an address");
            return Optional.empty();
        }
        return usualHealth.map(template -> template.of(via));
    }

    private Optional<IpAddress> via(ConfigValue value) {
        return value.text(EXPECTED)
                .flatMap(text -> AddressText.read(value, text, EXPECTED))
                .filter(via -> canBeGateway(value, via));
    }

    private boolean canBeGateway(ConfigValue value, IpAddress via) {
        if (!via.isUnicast() || via.isLoopback()) {
            value.problem("must be " + EXPECTED);
            return false;
        }
        if (prefix.isPresent() && via.isIpv4() != prefix.get().isIpv4()) {
            value.problem("must be of the same family as the route's prefix, " + prefix.get());
            return false;
        }
        if (isTheRoutes(via)) {
            value.problem("must be the host's own address, not the one that the route leads to");
            return false;
        }
        return true;
    }

    /** Of a wider prefix the network of the leg's interface may be a part. */
    private boolean isTheRoutes(IpAddress via) {
        return prefix.isPresent()
                && prefix.get().bits() == 128
                && prefix.get().first().equals(via);
    }

    private Optional<String> id(ConfigValue value) {
        return value.text("a name").map(id -> {
            MetricLabel.check(id, value);
            Integer firstLine = lineById.putIfAbsent(id, value.line());
            if (firstLine != null) {
                value.problem("duplicate id, first at line " + firstLine);
            }
            return id;
        });
    }

    private void add(ConfigValue via, LegConfig leg) {
        if (leg.via().isLinkLocal()
                && !leg.via().isIpv4()
                && leg.interfaceName().isEmpty()) {
            via.problem("is link-local, so the leg needs its interface");
        }
        Integer firstLine = lineByWay.putIfAbsent(new Way(leg.via(), leg.interfaceName()), via.line());
        boolean isNamed = leg.interfaceName().isPresent();
        Integer sameVia = (isNamed ? lineByUnnamed : lineByVia).get(leg.via());
        if (firstLine != null) {
            via.problem("duplicate leg, first at line " + firstLine);
        } else if (sameVia != null) {
            via.problem("may be the leg of line " + sameVia + ": to tell them apart, both need an interface");
        }
        lineByVia.putIfAbsent(leg.via(), via.line());
        if (!isNamed) {
            lineByUnnamed.putIfAbsent(leg.via(), via.line());
        }
        legs.add(leg);
    }
}
