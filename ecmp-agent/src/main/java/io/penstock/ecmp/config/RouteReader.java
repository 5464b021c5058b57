package io.penstock.ecmp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.health.Schedule.Initial;
import io.penstock.health.config.TargetReader;
import io.penstock.health.config.TargetReader.Template;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the entries of {@code routes}. */
final class RouteReader {
    private static final String EXPECTED = "an address or a prefix, such as \"192.0.2.10/32\" or \"2001:db8::/64\"";
    private static final int LOCAL_TABLE = 255;

    /** IP6_RT_PRIO_USER of linux/ipv6_route.h: what IPv6 takes 0 for. */
    private static final int IPV6_METRIC = 1024;

    private static final Map<String, WhenEmpty> WHEN_EMPTY = Map.of(
            "unreachable", WhenEmpty.UNREACHABLE,
            "withdraw", WhenEmpty.WITHDRAW,
            "keep", WhenEmpty.KEEP);

    private final TargetReader targets;
    private final Map<Place, Integer> lineByPlace = new HashMap<>();

    RouteReader(Path configFile) {
        // Up until a first answer: the legs that are there stay when the agent is started again.
        targets = new TargetReader(configFile, Initial.UP);
    }

    /** What the kernel tells routes by. */
    private record Place(IpPrefix prefix, int table, long metric) {}

    /** Empty when there is nothing to lead to, or nowhere to lead it. */
    Optional<RouteConfig> read(NamedValue entry, ConfigSection route) {
        Optional<IpPrefix> prefix = route.required("prefix").flatMap(RouteReader::prefix);
        Optional<Resilience> resilience = GroupReader.read(route);
        WhenEmpty whenEmpty = route.oneOf("when-empty", WHEN_EMPTY, WhenEmpty.UNREACHABLE);
        int table = table(route);
        long metric = route.integer("metric", 0, 0, Integer.MAX_VALUE);
        Optional<Template> health = route.optional("health").flatMap(this::health);
        LegReader reader = new LegReader(prefix, targets, health);
        List<LegConfig> legs = route.required("legs").map(reader::read).orElse(List.of());
        resilience.ifPresent(group -> GroupReader.checkRoom(route, group, legs));
        if (prefix.isEmpty() || legs.isEmpty()) {
            return Optional.empty();
        }
        checkPlace(entry, prefix.get(), table, metric);
        return Optional.of(new RouteConfig(entry.name(), prefix.get(), resilience, table, metric, whenEmpty, legs));
    }

    private Optional<Template> health(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(targets::template);
        }
        if (!value.was().equals("none")) {
            value.problem("must be none, or a mapping with keys such as port: 80");
        }
        return Optional.empty();
    }

    private static int table(ConfigSection route) {
        int table = route.integer("table", Route.MAIN_TABLE, 1, Integer.MAX_VALUE);
        if (table == LOCAL_TABLE) {
            route.problem("table", "must not be the kernel's own, in which it keeps the host's addresses");
        }
        return table;
    }

    private void checkPlace(NamedValue entry, IpPrefix prefix, int table, long metric) {
        long effective = metric == 0 && !prefix.isIpv4() ? IPV6_METRIC : metric;
        Integer firstLine = lineByPlace.putIfAbsent(
                new Place(prefix, table, effective), entry.key().line());
        if (firstLine != null) {
            entry.key()
                    .problem("duplicate route, first at line " + firstLine + ": prefix, table and metric are the same");
        }
    }

    private static Optional<IpPrefix> prefix(ConfigValue value) {
        return value.text(EXPECTED).flatMap(text -> prefix(value, text));
    }

    private static Optional<IpPrefix> prefix(ConfigValue value, String text) {
        String address = text.replaceFirst("/(0|[1-9][0-9]{0,2})$", "");
        if (AddressText.read(value, address, EXPECTED).isEmpty()) {
            return Optional.empty();
        }
        int maxLength = text.indexOf(':') < 0 ? 32 : 128;
        boolean tooLong =
                address.length() < text.length() && Integer.parseInt(text.substring(address.length() + 1)) > maxLength;
        Optional<IpPrefix> prefix = IpPrefix.parse(text);
        if (tooLong) {
            value.problem("must be " + EXPECTED);
        } else if (prefix.isEmpty()) {
            value.problem("must have no bit set behind its prefix length");
        } else if (!Addresses.isRoutable(prefix.get())) {
            value.problem("must be of addresses that hosts have, not loopback or multicast");
            return Optional.empty();
        }
        return prefix;
    }
}
