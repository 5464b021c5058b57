package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import java.util.Optional;

/** Reads {@code proxy-protocol} of a service. */
final class ProxyInputReader {
    private ProxyInputReader() {}

    static Optional<ProxyInputConfig> read(ConfigSection service) {
        return Optional.empty();
    }
}
