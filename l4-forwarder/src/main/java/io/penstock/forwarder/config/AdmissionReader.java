package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.config.Rate;
import io.penstock.forwarder.config.AdmissionConfig.PerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code limits}, {@code allow} and {@code deny} of a service, and {@code limits} of the process. */
final class AdmissionReader {
    private static final Rate SLOWEST = Rate.perHour(1);

    /** More than a worker accepts. */
    private static final Rate FASTEST = Rate.perSecond(1_000_000);

    /** One client that is faster is a load test. */
    private static final Rate FASTEST_SOURCE = Rate.perSecond(100_000);

    private AdmissionReader() {}

    /**
     * Of all services together.
     *
     * @param connections of TCP
     * @param sessions of UDP
     */
    record ProcessLimits(OptionalInt connections, OptionalInt sessions) {
        private static final ProcessLimits NONE = new ProcessLimits(OptionalInt.empty(), OptionalInt.empty());
    }

    /** @param configFile relative to which lists are named */
    static AdmissionConfig read(ConfigSection service, Path configFile) {
        PrefixesReader allow = new PrefixesReader(configFile);
        PrefixesReader deny = new PrefixesReader(configFile);
        AdmissionConfig limits =
                service.section("limits", AdmissionReader::limits).orElse(AdmissionConfig.OPEN);
        return new AdmissionConfig(
                service.optional("allow").map(allow::read),
                service.optional("deny").map(deny::read).orElse(List.of()),
                limits.connections(),
                limits.rate(),
                limits.perSource());
    }

    private static AdmissionConfig limits(ConfigSection limits) {
        return new AdmissionConfig(
                Optional.empty(),
                List.of(),
                connections(limits, LimitsReader.MAX_CONNECTIONS),
                rate(limits, FASTEST),
                limits.section("per-source", AdmissionReader::perSource));
    }

    /** Of the process. */
    static ProcessLimits processLimits(ConfigSection document) {
        return document.section(
                        "limits",
                        limits -> new ProcessLimits(
                                count(limits, "connections", LimitsReader.MAX_CONNECTIONS),
                                count(limits, "sessions", LimitsReader.MAX_CONNECTIONS)))
                .orElse(ProcessLimits.NONE);
    }

    private static OptionalInt connections(ConfigSection limits, int max) {
        return count(limits, "connections", max);
    }

    private static OptionalInt count(ConfigSection limits, String key, int max) {
        Optional<ConfigValue> value = limits.optional(key);
        return value.isEmpty() ? OptionalInt.empty() : value.get().integer(1, max);
    }

    private static Optional<Rate> rate(ConfigSection limits, Rate fastest) {
        return limits.optional("rate").flatMap(value -> value.rate(SLOWEST, fastest));
    }

    private static PerSource perSource(ConfigSection source) {
        OptionalInt connections = connections(source, PerSource.MAX_CONNECTIONS);
        Optional<Rate> rate = rate(source, FASTEST_SOURCE);
        int atOnce = rate.map(wanted -> Math.min(wanted.count(), PerSource.MAX_BURST))
                .orElse(1);
        int burst = source.integer("burst", atOnce, 1, PerSource.MAX_BURST);
        if (!source.has("rate")) {
            KeyRules.onlyFor("limits with a rate", source, "burst");
        }
        if (KeyRules.hasNone(source, "connections", "rate")) {
            source.problem("connections", "is needed, or rate");
        }
        int[] prefix = source.section("prefix", AdmissionReader::prefix)
                .orElse(new int[] {PerSource.DEFAULT_IPV4_PREFIX, PerSource.DEFAULT_IPV6_PREFIX});
        int sources =
                source.integer("sources", PerSource.DEFAULT_SOURCES, PerSource.MIN_SOURCES, PerSource.MAX_SOURCES);
        return new PerSource(connections, rate, burst, prefix[0], prefix[1], sources);
    }

    private static int[] prefix(ConfigSection prefix) {
        return new int[] {
            prefix.integer("ipv4", PerSource.DEFAULT_IPV4_PREFIX, 1, 32),
            prefix.integer("ipv6", PerSource.DEFAULT_IPV6_PREFIX, 1, 128)
        };
    }
}
