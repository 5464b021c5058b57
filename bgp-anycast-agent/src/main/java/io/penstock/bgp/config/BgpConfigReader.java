package io.penstock.bgp.config;

import io.penstock.admin.config.AdminKey;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.config.MetricLabel;
import io.penstock.config.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads bgp-anycast-agent.yaml: its top level here, each level below in a reader of its own. */
public final class BgpConfigReader {
    private static final Map<String, Boolean> SWITCH = Map.of("auto", true, "none", false);
    private static final Map<String, OnStop> ON_STOP =
            Map.of("withdraw", OnStop.WITHDRAW, "drain", OnStop.DRAIN, "keep", OnStop.KEEP);

    /** Signs of life come at a fraction of it, on a machine that may be busy. */
    private static final Duration MIN_GUARD = Duration.ofSeconds(1);

    private static final Duration MAX_GUARD = Duration.ofSeconds(60);
    private static final int MOST_PATHS = 100_000;

    private final Path file;

    private BgpConfigReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file, and those that it names; asks neither the kernel nor a name server.
     *
     * @throws InvalidConfigException with every problem of the file
     */
    public static BgpConfig read(Path file) {
        return ConfigFile.read(file, new BgpConfigReader(file)::document);
    }

    private BgpConfig document(ConfigSection document) {
        boolean watch = document.oneOf("watch", SWITCH, false);
        DaemonConfig daemon =
                document.section("gobgp", new DaemonReader(file)::read).orElse(DaemonConfig.DEFAULT);
        Optional<GlobalConfig> global = document.section("global", GlobalReader::read);
        Optional<Map<String, PeerConfig>> peers =
                document.optional("peers").map(value -> named(value, "peers", new PeerReader(file, global)::read));
        AllowedPrefixes allowed = AllowedPrefixes.read(document);
        int maxPaths = document.integer("max-paths", BgpConfig.DEFAULT_MAX_PATHS, 1, MOST_PATHS);
        Map<String, VipConfig> vips = document.required("vips")
                .map(value -> named(value, "VIPs", new VipReader(file, allowed)::read))
                .orElse(Map.of());
        if (vips.size() > maxPaths && document.isSound("max-paths")) {
            document.problem("max-paths", "must be at least as many as there are VIPs (" + vips.size() + ")");
        }
        return new BgpConfig(
                file,
                new ProcessConfig(AdminKey.read(document, file), watch, document.namedFiles()),
                daemon,
                global,
                peers,
                allowed.prefixes(),
                document.optional("owner").flatMap(CommunityText.LARGE::read),
                maxPaths,
                document.bool("no-export", false),
                OffOr.duration(document, "guard", Optional.of(BgpConfig.DEFAULT_GUARD), MIN_GUARD, MAX_GUARD),
                document.oneOf("on-stop", ON_STOP, OnStop.WITHDRAW),
                StateDirectory.read(document, BgpConfig.DEFAULT_STATE_DIRECTORY),
                vips);
    }

    /** The entries that could be read. */
    private static <T> Map<String, T> named(
            ConfigValue value, String what, BiFunction<NamedValue, ConfigSection, Optional<T>> reader) {
        List<NamedValue> values = value.named("a mapping of names to " + what + ", with at least one");
        Map<String, T> read = new LinkedHashMap<>();
        for (NamedValue entry : values) {
            MetricLabel.check(entry.name(), entry.key());
            entry.value()
                    .section(section -> reader.apply(entry, section))
                    .flatMap(result -> result)
                    .ifPresent(result -> read.put(entry.name(), result));
        }
        return read;
    }
}
