package io.penstock.vrrp.simulate;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.KeyRules;
import io.penstock.vrrp.simulate.Scenario.TimedIncident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads {@code events} of a scenario: each is its time and one word with whom it happens to. */
final class IncidentReader {
    private static final String ONE_HOST = "the name of one of the hosts";
    private static final String TWO_HOSTS = "the names of two of the hosts, such as [a, b]";

    private final Set<String> hosts;
    private final Map<String, Function<ConfigValue, List<Incident>>> readers = new LinkedHashMap<>();

    IncidentReader(Set<String> hosts) {
        this.hosts = hosts;
        readers.put("start", value -> ofHost(value, Incident.Start::new));
        readers.put("stop", value -> ofHost(value, Incident.Stop::new));
        readers.put("kill", value -> ofHost(value, Incident.Kill::new));
        readers.put("freeze", value -> ofHost(value, Incident.Freeze::new));
        readers.put("thaw", value -> ofHost(value, Incident.Thaw::new));
        readers.put("cut", value -> between(value, Incident.Cut::new));
        readers.put("heal", value -> between(value, Incident.Heal::new));
        readers.put("priority", value -> withValue(value, this::reprioritize));
        readers.put("fault", value -> withValue(value, this::fault));
        readers.put("recover", value -> ofHost(value, Incident.Recover::new));
        readers.put("hand-over", value -> withValue(value, this::handOver));
    }

    List<TimedIncident> read(ConfigSection event) {
        Optional<Duration> at = ScenarioReader.instant(event, "at");
        if (!event.has("at")) {
            event.problem("at", "is required");
        }
        List<TimedIncident> read = new ArrayList<>();
        readers.forEach((word, reader) -> event.optional(word)
                .map(reader)
                .ifPresent(incidents -> incidents.forEach(
                        incident -> read.add(new TimedIncident(at.orElse(Duration.ZERO), incident)))));
        String[] words = readers.keySet().toArray(String[]::new);
        KeyRules.atMostOne(event, words);
        if (KeyRules.hasNone(event, words)) {
            event.problem("at", "needs one of these beside it: " + String.join(", ", words));
        }
        return read;
    }

    private List<Incident> ofHost(ConfigValue value, Function<String, Incident> incident) {
        return host(value).map(incident).stream().toList();
    }

    private Optional<String> host(ConfigValue value) {
        return value.text(ONE_HOST).filter(name -> isHost(value, name));
    }

    private boolean isHost(ConfigValue value, String name) {
        if (!hosts.contains(name)) {
            value.problem("must be " + ONE_HOST + ": " + String.join(", ", hosts));
        }
        return hosts.contains(name);
    }

    /** Both directions of a list, one of {@code {from: a, to: b}}. */
    private List<Incident> between(ConfigValue value, BiFunction<String, String, Incident> incident) {
        if (value.isMapping()) {
            return value
                    .section(direction -> {
                        Optional<String> from = direction.required("from").flatMap(this::host);
                        Optional<String> to = direction.required("to").flatMap(this::host);
                        return from.flatMap(a -> to.map(b -> incident.apply(a, b)));
                    })
                    .flatMap(read -> read)
                    .stream()
                    .toList();
        }
        List<ConfigValue> items = value.items(TWO_HOSTS);
        List<String> names =
                items.stream().flatMap(item -> host(item).stream()).distinct().toList();
        if (names.size() == 2 && items.size() == 2) {
            return List.of(incident.apply(names.get(0), names.get(1)), incident.apply(names.get(1), names.get(0)));
        }
        if (names.size() == 1 || items.size() > 2) {
            value.problem("must be " + TWO_HOSTS);
        }
        return List.of();
    }

    /** {@code {a: VALUE}}, for one host or several. */
    private List<Incident> withValue(ConfigValue value, Function<NamedValue, Optional<Incident>> incident) {
        return value.named("a mapping of hosts to values, such as { a: ... }").stream()
                .filter(entry -> isHost(entry.key(), entry.name()))
                .flatMap(entry -> incident.apply(entry).stream())
                .toList();
    }

    private Optional<Incident> reprioritize(NamedValue entry) {
        return Optional.of(new Incident.Reprioritize(entry.name(), HostReader.priority(entry.value())));
    }

    private Optional<Incident> fault(NamedValue entry) {
        return entry.value().text("why, such as \"eth0 is down\"").map(why -> new Incident.Fault(entry.name(), why));
    }

    private Optional<Incident> handOver(NamedValue entry) {
        return entry.value()
                .duration(ConfigValue.MIN_DURATION, ConfigValue.MAX_DURATION)
                .map(holdOff -> new Incident.HandOver(entry.name(), holdOff));
    }
}
