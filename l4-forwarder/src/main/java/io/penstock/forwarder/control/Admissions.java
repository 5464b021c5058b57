package io.penstock.forwarder.control;

import io.penstock.config.Rate;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.AdmissionConfig.PerSource;
import io.penstock.forwarder.config.Protocol;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.ClientList;
import io.penstock.forwarder.table.ConnectionGate;
import io.penstock.forwarder.table.ConnectionLimit;
import io.penstock.forwarder.table.RateLimit;
import io.penstock.forwarder.table.SourceLimits;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.table.TokenBucket;
import io.penstock.forwarder.table.TokenRate;
import io.penstock.net.FlowHash;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What each service's clients are admitted by. What is counted stays with the service's name over all configurations:
 * connections, buckets and sources, unless what a source is, or how many are known, changes. The controller's own.
 */
final class Admissions {
    /** What a service that rested may let in at once, of what it may in a second. */
    private static final int BURSTS_PER_SECOND = 10;

    private final ConnectionGate process = new ConnectionGate();
    private final Map<String, Counts> counts = new HashMap<>();
    private final Map<String, Admission> admissions = new HashMap<>();
    private OptionalInt maxConnections = OptionalInt.empty();

    /** Of one service. */
    private static final class Counts {
        private final ConnectionGate gate = new ConnectionGate();
        private final TokenBucket bucket;
        /** The last, which its admission was made of. */
        private AdmissionConfig config;

        private Protocol protocol;
        private SourceTable sources;
        private FlowHash flowHash;

        private Counts(long nowNs) {
            bucket = new TokenBucket(nowNs);
        }
    }

    /** @param max connections of all services of TCP together */
    void onConfig(Collection<ServiceConfig> services, OptionalInt max, long nowNs) {
        List<String> configured = services.stream().map(ServiceConfig::name).toList();
        admissions.keySet().retainAll(configured);
        counts.forEach((name, gone) -> {
            if (!configured.contains(name)) {
                gone.config = null;
                gone.sources = null;
            }
        });
        boolean sameMax = maxConnections.equals(max);
        maxConnections = max;
        for (ServiceConfig service : services) {
            Counts kept = counts.computeIfAbsent(service.name(), name -> new Counts(nowNs));
            if (!sameMax
                    || service.protocol() != kept.protocol
                    || !service.admission().equals(kept.config)) {
                admissions.put(service.name(), admission(kept, service, nowNs));
            }
        }
    }

    /** The same object until its configuration changes. */
    Admission of(String service) {
        return admissions.get(service);
    }

    private Admission admission(Counts kept, ServiceConfig service, long nowNs) {
        AdmissionConfig config = service.admission();
        // Sessions have a limit of their own, which the workers know.
        OptionalInt maxOfAll = service.isUdp() ? OptionalInt.empty() : maxConnections;
        Optional<SourceLimits> sources = config.perSource().map(source -> sources(kept, source, nowNs));
        if (sources.isEmpty()) {
            kept.sources = null;
        }
        kept.config = config;
        kept.protocol = service.protocol();
        if (config.equals(AdmissionConfig.OPEN) && maxOfAll.isEmpty()) {
            return Admission.OPEN;
        }
        return new Admission(
                clients(config),
                sources.orElse(null),
                config.rate()
                        .map(rate -> new RateLimit(kept.bucket, rate(rate)))
                        .orElse(null),
                limit(kept.gate, config.connections()),
                limit(process, maxOfAll));
    }

    private static ClientList clients(AdmissionConfig config) {
        return config.allow().isEmpty() && config.deny().isEmpty()
                ? ClientList.EVERYBODY
                : ClientList.of(
                        config.allow().orElse(List.of()),
                        config.deny(),
                        config.allow().isEmpty());
    }

    private static ConnectionLimit limit(ConnectionGate gate, OptionalInt max) {
        return max.isEmpty() ? null : new ConnectionLimit(gate, max.getAsInt());
    }

    private static TokenRate rate(Rate rate) {
        long perSecond = rate.count() / rate.per().toSeconds();
        return new TokenRate(rate.intervalNs(), (int) Math.max(1, perSecond / BURSTS_PER_SECOND));
    }

    private static SourceLimits sources(Counts kept, PerSource source, long nowNs) {
        boolean same = kept.sources != null
                && kept.config.perSource().stream()
                        .allMatch(before -> before.sources() == source.sources()
                                && before.ipv4Prefix() == source.ipv4Prefix()
                                && before.ipv6Prefix() == source.ipv6Prefix());
        if (!same) {
            SecureRandom random = new SecureRandom();
            kept.flowHash = new FlowHash(random.nextLong(), random.nextLong());
            kept.sources = new SourceTable(source.sources(), nowNs);
        }
        return new SourceLimits(
                kept.sources,
                kept.flowHash,
                new HashInput(true, source.ipv4Prefix(), source.ipv6Prefix()),
                source.connections().orElse(SourceTable.MAX_CONNECTIONS),
                source.rate()
                        .map(rate -> new TokenRate(inUnits(rate), source.burst()))
                        .orElse(null));
    }

    /** Rounded to the nearest, of at least 10 microseconds: less than one part in a thousand. */
    private static long inUnits(Rate rate) {
        long units = (rate.intervalNs() + SourceTable.UNIT_NS / 2) / SourceTable.UNIT_NS;
        return units * SourceTable.UNIT_NS;
    }
}
