package io.penstock.ecmp.config;

import io.penstock.admin.config.AdminKey;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.config.MetricLabel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads ecmp-agent.yaml: its top level here, each level below in a reader of its own. */
public final class EcmpConfigReader {
    private static final Map<String, Boolean> SWITCH = Map.of("auto", true, "none", false);

    /** From here on the kernel passes them on as they are; an IFA_PROTO and an rtm_protocol have eight bits. */
    private static final int MIN_PROTOCOL = 5;

    private static final int MAX_PROTOCOL = 255;

    /** As iproute2's rt_protos has them. */
    private static final Map<Integer, String> TAKEN = Map.ofEntries(
            Map.entry(8, "gated"),
            Map.entry(9, "ra"),
            Map.entry(10, "mrt"),
            Map.entry(11, "zebra"),
            Map.entry(12, "bird"),
            Map.entry(13, "dnrouted"),
            Map.entry(14, "xorp"),
            Map.entry(15, "ntk"),
            Map.entry(16, "dhcp"),
            Map.entry(17, "mrouted"),
            Map.entry(18, "keepalived"),
            Map.entry(42, "babel"),
            Map.entry(84, "ovn"),
            Map.entry(99, "openr"),
            Map.entry(186, "bgp"),
            Map.entry(187, "isis"),
            Map.entry(188, "ospf"),
            Map.entry(189, "rip"),
            Map.entry(192, "eigrp"));

    /** Leaves room for a million of them. */
    private static final int MAX_FIRST_NEXT_HOP_ID = 2_000_000_000;

    private static final Pattern DIRECTORY = Pattern.compile("/[!-~]{0,1022}");

    private final Path file;

    private EcmpConfigReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file, and those that it names; asks neither the kernel nor a name server.
     *
     * @throws InvalidConfigException with every problem of the file
     */
    public static EcmpConfig read(Path file) {
        return ConfigFile.read(file, new EcmpConfigReader(file)::document);
    }

    private EcmpConfig document(ConfigSection document) {
        boolean watch = document.oneOf("watch", SWITCH, false);
        int protocol = protocol(document);
        int nextHopIds = document.integer("nexthop-ids", EcmpConfig.DEFAULT_NEXT_HOP_IDS, 1, MAX_FIRST_NEXT_HOP_ID);
        Path stateDirectory = document.optional("state-directory")
                .flatMap(EcmpConfigReader::directory)
                .orElse(EcmpConfig.DEFAULT_STATE_DIRECTORY);
        SysctlConfig sysctls = document.section("sysctls", SysctlReader::read).orElse(SysctlConfig.DEFAULT);
        Map<String, VipConfig> vips = named(document, "vips", new VipReader(file)::read);
        Map<String, RouteConfig> routes = named(document, "routes", new RouteReader(file)::read);
        if (!document.has("vips") && !document.has("routes")) {
            document.problem("vips", "is required, or routes: a host has VIPs, a router has routes");
        }
        return new EcmpConfig(
                file,
                new ProcessConfig(AdminKey.read(document, file), watch, document.namedFiles()),
                protocol,
                nextHopIds,
                stateDirectory,
                sysctls,
                vips,
                routes);
    }

    private static int protocol(ConfigSection document) {
        int protocol = document.integer("protocol", EcmpConfig.DEFAULT_PROTOCOL, MIN_PROTOCOL, MAX_PROTOCOL);
        if (TAKEN.containsKey(protocol)) {
            document.problem(
                    "protocol", "marks what is the agent's own, and this is the number of " + TAKEN.get(protocol));
        }
        return protocol;
    }

    private static Optional<Path> directory(ConfigValue value) {
        String expected = "an absolute path of visible ASCII";
        return value.text(expected).flatMap(text -> {
            if (!DIRECTORY.matcher(text).matches()) {
                value.problem("must be " + expected + ", such as " + EcmpConfig.DEFAULT_STATE_DIRECTORY);
                return Optional.empty();
            }
            return Optional.of(Path.of(text));
        });
    }

    /** The entries that could be read. */
    private static <T> Map<String, T> named(
            ConfigSection document, String key, BiFunction<NamedValue, ConfigSection, Optional<T>> reader) {
        List<NamedValue> values = document.optional(key)
                .map(value -> value.named("a mapping of names to " + key + ", with at least one"))
                .orElse(List.of());
        Map<String, T> read = new LinkedHashMap<>();
        for (NamedValue entry : values) {
            MetricLabel.check(entry.name(), entry.key());
            entry.value()
                    .section(section -> reader.apply(entry, section))
                    .flatMap(value -> value)
                    .ifPresent(value -> read.put(entry.name(), value));
        }
        return read;
    }
}
