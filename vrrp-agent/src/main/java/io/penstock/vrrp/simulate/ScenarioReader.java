package io.penstock.vrrp.simulate;

import io.penstock.config.ConfigFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InvalidConfigException;
import io.penstock.vrrp.protocol.Version;
import io.penstock.vrrp.simulate.Scenario.TimedIncident;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a scenario from YAML. */
public final class ScenarioReader {
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);

    /** At the shortest interval some 360,000 advertisements of each active router. */
    private static final Duration MAX_DURATION = Duration.ofHours(1);

    private static final Duration DEFAULT_DELAY = Duration.ofMillis(1);
    private static final Duration MAX_DELAY = Duration.ofSeconds(10);
    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(3);
    private static final int MAX_HOSTS = 16;

    private ScenarioReader() {}

    /**
     * Reads it whole.
     *
     * @throws InvalidConfigException with every problem of the file
     */
    public static Scenario read(Path file) {
        return ConfigFile.read(file, ScenarioReader::document);
    }

    private static Scenario document(ConfigSection document) {
        Duration duration = document.duration("duration", DEFAULT_DURATION, ConfigValue.MIN_DURATION, MAX_DURATION);
        Duration delay = document.duration("delay", DEFAULT_DELAY, ConfigValue.MIN_DURATION, MAX_DELAY);
        Duration lease = document.duration("lease", DEFAULT_LEASE);
        Version version = document.integer("version", Version.V3.number(), 2, 3) == 2 ? Version.V2 : Version.V3;
        Map<String, SimulatedHost> hosts = hosts(document, version);
        IncidentReader reader = new IncidentReader(hosts.keySet());
        List<TimedIncident> events = new ArrayList<>();
        for (ConfigValue event : document.optional("events")
                .map(value -> value.items("a list of events, such as { at: 5s, kill: a }"))
                .orElse(List.of())) {
            event.section(reader::read).ifPresent(events::addAll);
        }
        events.sort(Comparator.comparing(TimedIncident::at));
        return new Scenario(duration, delay, lease, List.copyOf(hosts.values()), events);
    }

    private static Map<String, SimulatedHost> hosts(ConfigSection document, Version version) {
        Optional<ConfigValue> value = document.required("hosts");
        List<NamedValue> entries = value.map(given -> given.named("a mapping of names to hosts, with at least one"))
                .orElse(List.of());
        if (entries.size() > MAX_HOSTS) {
            document.problem("hosts", "must be at most " + MAX_HOSTS);
        }
        HostReader reader = new HostReader(version);
        Map<String, SimulatedHost> hosts = new LinkedHashMap<>();
        for (NamedValue entry : entries) {
            entry.value()
                    .section(section -> reader.read(entry, section))
                    .flatMap(host -> host)
                    .ifPresent(host -> hosts.put(entry.name(), host));
        }
        return hosts;
    }

    /** Since the begin; empty when it is absent or wrong. */
    static Optional<Duration> instant(ConfigSection section, String key) {
        return section.optional(key).flatMap(value -> value.duration(Duration.ZERO, MAX_DURATION));
    }
}
