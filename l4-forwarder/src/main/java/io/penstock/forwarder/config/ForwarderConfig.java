package io.penstock.forwarder.config;

import com.google.gson.JsonObject;
import io.penstock.config.Rate;
import io.penstock.net.FlowHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One valid forwarder.yaml: what {@link ForwarderConfigReader} returns when it found no problem.
 *
 * @param file where it was read from
 * @param flowHash keyed with the cluster secret, or with a random key when {@code sharedSecret} is false
 * @param sharedSecret whether {@code secret-file} was given, so that other forwarders pick the same backends
 * @param workers data threads, 1 to 1024; {@link #WORKERS_PER_CORE} for one a core
 * @param splice whether bulky directions may be spliced instead of copied
 * @param warmUp whether to run traffic with itself at the start
 * @param drainTimeout how long a stop waits for connections to finish
 * @param drainRate at which a stop closes them meanwhile; empty when it only waits
 * @param process what concerns the process as a whole
 * @param flowLog what is written of flows that have ended; empty for nothing
 * @param maxConnections of TCP open at once, of all services; more wait
 * @param maxSessions of UDP open at once, of all services; empty for what the limit of descriptors allows
 * @param place where this forwarder stands; empty when every backend is equally near
 * @param geo where clients are; empty when they are taken to be where the forwarder is
 * @param xdp the data plane of packets; every service in {@code mode: dsr} needs it
 * @param services by name, in the order of the file
 * @param pools by name, in the order of the file; every pool a service names is here
 * @param namedFiles whose content is part of it
 * @param document the file itself, without comments; not to be changed
 */
public record ForwarderConfig(
        Path file,
        FlowHash flowHash,
        boolean sharedSecret,
        int workers,
        boolean splice,
        boolean warmUp,
        Duration drainTimeout,
        Optional<Rate> drainRate,
        ProcessConfig process,
        Optional<FlowLogConfig> flowLog,
        OptionalInt maxConnections,
        OptionalInt maxSessions,
        Optional<Place> place,
        Optional<GeoConfig> geo,
        Optional<XdpConfig> xdp,
        Map<String, ServiceConfig> services,
        Map<String, PoolConfig> pools,
        Set<Path> namedFiles,
        JsonObject document) {
    public static final int WORKERS_PER_CORE = 0;

    /** With other pools. */
    public ForwarderConfig withPools(Map<String, PoolConfig> others) {
        return new ForwarderConfig(
                file,
                flowHash,
                sharedSecret,
                workers,
                splice,
                warmUp,
                drainTimeout,
                drainRate,
                process,
                flowLog,
                maxConnections,
                maxSessions,
                place,
                geo,
                xdp,
                services,
                others,
                namedFiles,
                document);
    }

    /** Those that forward packets. */
    public List<ServiceConfig> dsrServices() {
        return services.values().stream().filter(ServiceConfig::isDsr).toList();
    }

    /** Those that take connections, or datagrams at a socket. */
    public List<ServiceConfig> proxyServices() {
        return services.values().stream().filter(service -> !service.isDsr()).toList();
    }

    /** The services of which the pool may serve a client. */
    public List<ServiceConfig> usersOf(String pool) {
        return services.values().stream()
                .filter(service -> service.pools().contains(pool))
                .toList();
    }

    /** As HAProxy's usual hard-stop-after in packaged set-ups: long enough for requests, short enough for a restart. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

    public static final Rate MIN_DRAIN_RATE = Rate.perHour(1);

    /** More than any machine can close. */
    public static final Rate MAX_DRAIN_RATE = Rate.perSecond(1_000_000);
}
