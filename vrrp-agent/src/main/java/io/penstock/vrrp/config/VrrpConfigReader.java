package io.penstock.vrrp.config;

import io.penstock.admin.config.AdminKey;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.config.MetricLabel;
import io.penstock.config.OwnershipMark;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads vrrp-agent.yaml: its top level here, each level below in a reader of its own. */
public final class VrrpConfigReader {
    private static final Map<String, Boolean> SWITCH = Map.of("auto", true, "none", false);

    private final Path file;

    private VrrpConfigReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file, and those that it names; asks neither the kernel nor a name server.
     *
     * @throws InvalidConfigException with every problem of the file
     */
    public static VrrpConfig read(Path file) {
        return ConfigFile.read(file, new VrrpConfigReader(file)::document);
    }

    private VrrpConfig document(ConfigSection document) {
        boolean watch = document.oneOf("watch", SWITCH, false);
        RealtimeConfig realtime =
                document.section("realtime", RealtimeReader::read).orElse(RealtimeConfig.NONE);
        int protocol = OwnershipMark.read(document, VrrpConfig.DEFAULT_PROTOCOL);
        List<NamedValue> routerValues = document.required("routers")
                .map(value -> value.named("a mapping of names to routers, with at least one"))
                .orElse(List.of());
        Map<String, RouterConfig> routers = routers(routerValues);
        GroupReader groupReader =
                new GroupReader(routerValues.stream().map(NamedValue::name).toList());
        Map<String, GroupConfig> groups =
                document.optional("groups").map(groupReader::read).orElse(Map.of());
        List<HookConfig> hooks =
                document.optional("hooks").map(HookReader::read).orElse(List.of());
        ProcessConfig process =
                new ProcessConfig(AdminKey.read(document, file), watch, realtime, document.namedFiles());
        return new VrrpConfig(file, process, protocol, routers, groups, hooks);
    }

    /** Those that could be read. */
    private Map<String, RouterConfig> routers(List<NamedValue> values) {
        RouterReader reader = new RouterReader(file);
        Map<String, RouterConfig> read = new LinkedHashMap<>();
        for (NamedValue entry : values) {
            MetricLabel.check(entry.name(), entry.key());
            Optional<RouterConfig> router = entry.value()
                    .section(section -> reader.read(entry, section))
                    .flatMap(value -> value);
            router.ifPresent(value -> read.put(entry.name(), value));
        }
        return read;
    }
}
