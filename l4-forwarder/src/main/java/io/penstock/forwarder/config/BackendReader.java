package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code backends} of one pool. */
final class BackendReader {
    private final boolean needPort;
    private final Map<String, Integer> lineById = new HashMap<>();
    private final List<BackendConfig> backends = new ArrayList<>();

    /** @param needPort because the health check has no port of its own */
    BackendReader(boolean needPort) {
        this.needPort = needPort;
    }

    List<BackendConfig> read(List<ConfigValue> values) {
        for (ConfigValue value : values) {
            if (value.isMapping()) {
                value.section(this::longForm);
            } else {
                add(value, value, BackendConfig.DEFAULT_WEIGHT);
            }
        }
        return List.copyOf(backends);
    }

    private Optional<Void> longForm(ConfigSection backend) {
        Optional<ConfigValue> id = backend.optional("id");
        Optional<ConfigValue> address = backend.required("address");
        int weight = backend.integer("weight", BackendConfig.DEFAULT_WEIGHT, 0, BackendConfig.MAX_WEIGHT);
        // Without an address there is nothing to add, yet a wrong id is reported in the same run.
        address.ifPresentOrElse(value -> add(id.orElse(value), value, weight), () -> id.ifPresent(this::id));
        return Optional.empty();
    }

    private void add(ConfigValue idValue, ConfigValue addressValue, int weight) {
        Optional<HostPort> address = BackendAddress.read(addressValue);
        Optional<String> id = idValue == addressValue ? addressAsId(addressValue, address) : id(idValue);
        address.ifPresent(hostPort -> {
            if (needPort && hostPort.firstPort() == BackendConfig.CLIENTS_PORT) {
                addressValue.problem("needs a port; or the checks need one (health.tcp.port), or none (health: none)");
            }
            id.ifPresent(name -> backends.add(new BackendConfig(name, hostPort.host(), hostPort.firstPort(), weight)));
        });
    }

    private Optional<String> addressAsId(ConfigValue value, Optional<HostPort> address) {
        return address.isPresent() ? id(value) : Optional.empty();
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
