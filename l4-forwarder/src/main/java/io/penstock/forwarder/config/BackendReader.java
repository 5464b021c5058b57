package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.config.MetricLabel;
import io.penstock.forwarder.config.BackendConfig.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads {@code backends} of one pool. */
final class BackendReader {
    private static final Map<String, State> STATES =
            Map.of("ready", State.READY, "drain", State.DRAIN, "maintenance", State.MAINTENANCE);
    private static final int BACKUP_PRIORITY = 1;

    private final PlaceReader places;
    private final BiConsumer<ConfigValue, HostPort> addressRules;
    private final Map<String, Integer> lineById = new HashMap<>();
    private final List<BackendConfig> backends = new ArrayList<>();

    /** @param addressRules what else a good address must fulfil; reports its problems itself */
    BackendReader(PlaceReader places, BiConsumer<ConfigValue, HostPort> addressRules) {
        this.places = places;
        this.addressRules = addressRules;
    }

    List<BackendConfig> read(List<ConfigValue> values) {
        for (ConfigValue value : values) {
            if (value.isMapping()) {
                value.section(this::longForm);
            } else {
                shortForm(value);
            }
        }
        return List.copyOf(backends);
    }

    private void shortForm(ConfigValue value) {
        address(value).ifPresent(at -> id(value)
                .ifPresent(id ->
                        backends.add(new BackendConfig(id, at.host(), at.firstPort(), BackendConfig.DEFAULT_WEIGHT))));
    }

    private Optional<Void> longForm(ConfigSection backend) {
        Optional<HostPort> address = backend.required("address").flatMap(this::address);
        // Without an address there is nothing to add, yet a wrong id is reported in the same run.
        Optional<String> id = backend.optional("id")
                .or(() -> backend.optional("address").filter(value -> address.isPresent()))
                .flatMap(this::id);
        int weight = backend.integer("weight", BackendConfig.DEFAULT_WEIGHT, 0, BackendConfig.MAX_WEIGHT);
        Optional<Place> place = places.optional(backend);
        int priority = priority(backend);
        State state = backend.oneOf("state", STATES, State.READY);
        int maxConnections =
                backend.integer("max-connections", PoolConfig.Limits.UNLIMITED, 1, LimitsReader.MAX_CONNECTIONS);
        if (address.isPresent() && id.isPresent()) {
            backends.add(new BackendConfig(
                    id.get(),
                    address.get().host(),
                    address.get().firstPort(),
                    weight,
                    place,
                    priority,
                    state,
                    maxConnections));
        }
        return Optional.empty();
    }

    private static int priority(ConfigSection backend) {
        boolean backup = backend.bool("backup", false);
        int priority = backend.integer("priority", 0, 0, BackendConfig.MAX_PRIORITY);
        KeyRules.atMostOne(backend, "backup", "priority");
        return backup ? BACKUP_PRIORITY : priority;
    }

    private Optional<HostPort> address(ConfigValue value) {
        Optional<HostPort> address = BackendAddress.read(value);
        address.ifPresent(read -> addressRules.accept(value, read));
        return address;
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
}
