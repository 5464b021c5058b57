package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code proxy-protocol} of a service. */
final class ProxyInputReader {
    private ProxyInputReader() {}

    static Optional<ProxyInputConfig> read(ConfigSection service) {
        return service.section("proxy-protocol", ProxyInputReader::input);
    }

    private static ProxyInputConfig input(ConfigSection input) {
        List<IpPrefix> from = new ArrayList<>();
        Map<IpPrefix, Integer> lineByPrefix = new HashMap<>();
        input.required("from").ifPresent(value -> value.items("a list of at least one prefix")
                .forEach(item -> SplitReader.prefix(item, lineByPrefix).ifPresent(from::add)));
        return new ProxyInputConfig(
                List.copyOf(from),
                duration(input, "timeout", ProxyInputConfig.DEFAULT_TIMEOUT),
                input.bool("require", true));
    }
}
