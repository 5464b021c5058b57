package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code metrics}. */
final class MetricsReader {
    private static final String NONE = "none";

    private MetricsReader() {}

    static MetricsConfig read(ConfigSection document) {
        return document.section("metrics", MetricsReader::metrics).orElse(MetricsConfig.DEFAULT);
    }

    private static MetricsConfig metrics(ConfigSection metrics) {
        boolean latencies = metrics.oneOf("latencies", ForwarderConfigReader.SWITCH, true);
        Optional<ConfigValue> tcpInfo = metrics.optional("tcp-info");
        return new MetricsConfig(
                latencies,
                tcpInfo.isPresent()
                        ? tcpInfo.flatMap(MetricsReader::tcpInfo)
                        : Optional.of(MetricsConfig.DEFAULT_TCP_INFO));
    }

    /** Empty for {@code none}. */
    private static Optional<Duration> tcpInfo(ConfigValue value) {
        if (value.isScalar() && value.was().equals(NONE)) {
            return Optional.empty();
        }
        boolean counted = value.isScalar() && value.was().matches("[0-9].*");
        if (!counted) {
            value.problem("must be none, or a duration such as 1s or 10s");
            return Optional.empty();
        }
        return value.duration(MetricsConfig.MIN_TCP_INFO, MetricsConfig.MAX_TCP_INFO);
    }
}
