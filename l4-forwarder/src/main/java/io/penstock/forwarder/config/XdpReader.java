package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.config.Rate;
import io.penstock.forwarder.config.XdpConfig.Attach;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.forwarder.config.XdpConfig.Interface;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads {@code xdp}. */
final class XdpReader {
    private static final Map<String, Attach> ATTACH =
            Map.of("auto", Attach.AUTO, "native", Attach.NATIVE, "generic", Attach.GENERIC);
    private static final Map<String, HealthPath> HEALTH_PATHS =
            Map.of("vip", HealthPath.VIP, "direct", HealthPath.DIRECT);
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1," + XdpConfig.MAX_NAME_CHARS + "}");
    private static final String NAME_EXPECTED =
            "a name of at most " + XdpConfig.MAX_NAME_CHARS + " of the characters a-z 0-9 -";
    private static final String ADDRESS = "an address of this host, such as 10.0.0.1";

    private XdpReader() {}

    static XdpConfig read(ConfigSection xdp) {
        FlowTable flowTable = xdp.section("flow-table", XdpReader::flowTable).orElse(FlowTable.DEFAULT);
        return new XdpConfig(
                xdp.optional("name").flatMap(XdpReader::name).orElse(XdpConfig.DEFAULT_NAME),
                interfaces(xdp),
                xdp.optional("tunnel-source").map(XdpReader::sources).orElse(List.of()),
                xdp.integer("tunnel-source-bits", 0, 0, XdpConfig.MAX_TUNNEL_SOURCE_BITS),
                xdp.duration(
                        "change-window",
                        XdpConfig.DEFAULT_CHANGE_WINDOW,
                        XdpConfig.MIN_CHANGE_WINDOW,
                        XdpConfig.MAX_CHANGE_WINDOW),
                flowTable.entries(),
                flowTable.newFlows(),
                xdp.duration("lease", XdpConfig.DEFAULT_LEASE, XdpConfig.MIN_LEASE, XdpConfig.MAX_LEASE),
                xdp.oneOf("health-path", HEALTH_PATHS, HealthPath.VIP));
    }

    private record FlowTable(int entries, OptionalInt newFlows) {
        static final FlowTable DEFAULT =
                new FlowTable(XdpConfig.DEFAULT_FLOW_ENTRIES, OptionalInt.of(XdpConfig.DEFAULT_NEW_FLOWS));
    }

    private static FlowTable flowTable(ConfigSection section) {
        return new FlowTable(
                section.integer(
                        "entries",
                        XdpConfig.DEFAULT_FLOW_ENTRIES,
                        XdpConfig.MIN_FLOW_ENTRIES,
                        XdpConfig.MAX_FLOW_ENTRIES),
                newFlows(section.optional("new-flows")));
    }

    /** Empty for {@code none}. */
    private static OptionalInt newFlows(Optional<ConfigValue> value) {
        if (value.isEmpty()) {
            return FlowTable.DEFAULT.newFlows();
        }
        if (value.get().isScalar() && value.get().was().equals("none")) {
            return OptionalInt.empty();
        }
        return value.get()
                .rate(Rate.perSecond(1), Rate.perSecond(XdpConfig.MAX_NEW_FLOWS))
                .map(rate ->
                        OptionalInt.of(Math.toIntExact(rate.count() / rate.per().toSeconds())))
                .orElse(FlowTable.DEFAULT.newFlows());
    }

    private static Optional<String> name(ConfigValue value) {
        return value.text(NAME_EXPECTED).filter(name -> {
            boolean fits = NAME.matcher(name).matches();
            if (!fits) {
                value.problem("must be " + NAME_EXPECTED);
            }
            return fits;
        });
    }

    private static List<Interface> interfaces(ConfigSection xdp) {
        Optional<ConfigValue> value = xdp.required("interfaces");
        List<ConfigValue> items = value.map(list -> list.itemsOrOne("a list of at least one interface"))
                .orElse(List.of());
        if (items.size() > XdpConfig.MAX_INTERFACES) {
            value.get()
                    .problem("must be a list of at most " + XdpConfig.MAX_INTERFACES + " interfaces", "a longer list");
            return List.of();
        }
        Map<String, Integer> lines = new HashMap<>();
        List<Interface> read = new ArrayList<>();
        for (ConfigValue item : items) {
            one(item).ifPresent(found -> {
                Integer first = lines.putIfAbsent(found.name(), item.line());
                if (first != null) {
                    item.problem("duplicate interface, first at line " + first, found.name());
                }
                read.add(found);
            });
        }
        return List.copyOf(read);
    }

    private static Optional<Interface> one(ConfigValue item) {
        if (item.isMapping()) {
            return item.section(section -> {
                        Optional<String> name = section.required("name").flatMap(InterfaceName::of);
                        Attach attach = section.oneOf("attach", ATTACH, Attach.AUTO);
                        return name.map(found -> new Interface(found, attach));
                    })
                    .flatMap(read -> read);
        }
        return InterfaceName.of(item).map(name -> new Interface(name, Attach.AUTO));
    }

    private static List<IpAddress> sources(ConfigValue value) {
        List<IpAddress> sources = new ArrayList<>();
        for (ConfigValue item : value.itemsOrOne("an address, or one of each family")) {
            item.text(ADDRESS)
                    .flatMap(text -> AddressText.read(item, text, ADDRESS))
                    .filter(address -> AddressText.isReachable(item, address))
                    .ifPresent(address -> {
                        if (sources.stream().anyMatch(other -> other.isIpv4() == address.isIpv4())) {
                            item.problem("must be one address of each family: the other " + family(address)
                                    + " address is enough");
                        }
                        sources.add(address);
                    });
        }
        return List.copyOf(sources);
    }

    private static String family(IpAddress address) {
        return address.isIpv4() ? "IPv4" : "IPv6";
    }
}
