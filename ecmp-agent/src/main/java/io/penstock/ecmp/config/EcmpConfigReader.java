package io.penstock.ecmp.config;

import io.penstock.admin.config.AdminKey;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.config.MetricLabel;
import io.penstock.config.OwnershipMark;
import io.penstock.config.StateDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads ecmp-agent.yaml: its top level here, each level below in a reader of its own. */
public final class EcmpConfigReader {
    private static final Map<String, Boolean> SWITCH = Map.of("auto", true, "none", false);

    /** Leaves room for a million of them. */
    private static final int MAX_FIRST_NEXT_HOP_ID = 2_000_000_000;

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
        int protocol = OwnershipMark.read(document, EcmpConfig.DEFAULT_PROTOCOL);
        int nextHopIds = document.integer("nexthop-ids", EcmpConfig.DEFAULT_NEXT_HOP_IDS, 1, MAX_FIRST_NEXT_HOP_ID);
        Path stateDirectory = StateDirectory.read(document, EcmpConfig.DEFAULT_STATE_DIRECTORY);
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
