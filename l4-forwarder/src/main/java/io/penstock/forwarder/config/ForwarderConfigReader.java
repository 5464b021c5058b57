package io.penstock.forwarder.config;

import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.config.MetricLabel;
import io.penstock.config.Rate;
import io.penstock.forwarder.config.AdmissionReader.ProcessLimits;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.net.FlowHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads forwarder.yaml: its top level here, each level below in a reader of its own. */
public final class ForwarderConfigReader {
    static final int MAX_WORKERS = 1024;

    static final Map<String, Boolean> SWITCH = Map.of("auto", true, "none", false);

    /** How often control looks at weights and windows: times it counts in cannot be shorter. */
    static final Duration CONTROL_TICK = Duration.ofMillis(100);

    private final Path file;
    private final ListenOverlaps overlaps = new ListenOverlaps();
    private final OwnListeners listeners = new OwnListeners();

    private ForwarderConfigReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the file, and of those that it names the secret and the lists of clients; asks no name server.
     *
     * @throws InvalidConfigException with every problem of the file
     */
    public static ForwarderConfig read(Path file) {
        return ConfigFile.read(file, new ForwarderConfigReader(file)::document);
    }

    private ForwarderConfig document(ConfigSection document) {
        Optional<FlowHash> shared = document.optional("secret-file").flatMap(path -> ClusterSecret.read(path, file));
        int workers = document.integer("workers", ForwarderConfig.WORKERS_PER_CORE, 1, MAX_WORKERS);
        boolean splice = document.oneOf("splice", SWITCH, true);
        boolean warmUp = document.oneOf("warm-up", SWITCH, true);
        Duration drainTimeout = duration(document, "drain-timeout", ForwarderConfig.DEFAULT_DRAIN_TIMEOUT);
        Optional<Rate> drainRate = document.optional("drain-rate")
                .flatMap(rate -> rate.rate(ForwarderConfig.MIN_DRAIN_RATE, ForwarderConfig.MAX_DRAIN_RATE));
        Optional<Place> place = document.section("place", new PlaceReader("")::required);
        PlaceReader places = new PlaceReader(place.map(Place::region).orElse(""));
        Optional<GeoConfig> geo = document.section("geo", new GeoReader(file, places)::read);
        List<NamedValue> poolValues = named(document, "pools");
        List<NamedValue> serviceValues = named(document, "services");
        Optional<XdpConfig> xdp = document.section("xdp", XdpReader::read);
        PoolUsers users = new PoolUsers(xdp.map(XdpConfig::healthPath).orElse(HealthPath.VIP));
        ServiceReader serviceReader = new ServiceReader(
                file, names(poolValues), overlaps, listeners, users, new DsrReader(document.has("xdp")));
        ProcessLimits limits = AdmissionReader.processLimits(document);
        return new ForwarderConfig(
                file,
                shared.orElseGet(ClusterSecret::random),
                shared.isPresent(),
                workers,
                splice,
                warmUp,
                drainTimeout,
                drainRate,
                ProcessReader.read(document, file),
                document.section("flow-log", FlowLogReader::read),
                limits.connections(),
                limits.sessions(),
                place,
                geo,
                xdp,
                services(serviceValues, serviceReader),
                pools(poolValues, new PoolReader(file, places, listeners, users)),
                document.namedFiles(),
                document.json());
    }

    private static Set<String> names(List<NamedValue> pools) {
        return pools.stream().map(NamedValue::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Map<String, ServiceConfig> services(List<NamedValue> values, ServiceReader reader) {
        Map<String, ServiceConfig> services = new LinkedHashMap<>();
        for (NamedValue service : values) {
            service.value()
                    .section(section -> reader.read(service.name(), section))
                    .ifPresent(read -> services.put(service.name(), read));
        }
        overlaps.report();
        return services;
    }

    private static Map<String, PoolConfig> pools(List<NamedValue> values, PoolReader reader) {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (NamedValue pool : values) {
            pool.value()
                    .section(section -> reader.read(pool.name(), section))
                    .ifPresent(read -> pools.put(pool.name(), read));
        }
        return pools;
    }

    private static List<NamedValue> named(ConfigSection document, String key) {
        List<NamedValue> values = document.required(key).stream()
                .flatMap(value -> value.named("a mapping of names to " + key + ", with at least one").stream())
                .collect(Collectors.toList());
        values.forEach(value -> MetricLabel.check(value.name(), value.key()));
        return values;
    }

    /** A time that control counts in ticks. */
    static Duration tick(ConfigSection section, String key, Duration fallback) {
        return section.duration(key, fallback, CONTROL_TICK, ConfigValue.MAX_DURATION);
    }

    static Optional<Duration> tick(ConfigValue value) {
        return value.duration(CONTROL_TICK, ConfigValue.MAX_DURATION);
    }

    static Optional<Duration> duration(ConfigValue value) {
        return value.duration(ConfigValue.MIN_DURATION, ConfigValue.MAX_DURATION);
    }

    static Duration duration(ConfigSection section, String key, Duration fallback) {
        return section.duration(key, fallback);
    }
}
