package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.Suggestion;
import io.penstock.forwarder.config.ServiceConfig.Lifetime;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code services}. */
final class ServiceReader {
    private static final Map<String, String> PROTOCOLS = Map.of("tcp", "tcp");
    private static final Timeouts DEFAULT_TIMEOUTS =
            new Timeouts(Timeouts.DEFAULT_CONNECT, Timeouts.DEFAULT_IDLE, Timeouts.DEFAULT_FIN);

    private final Path configFile;
    private final Set<String> poolNames;
    private final ListenOverlaps overlaps;
    private final OwnListeners listeners;

    /** @param poolNames of the pools in the file, readable or not */
    ServiceReader(Path configFile, Set<String> poolNames, ListenOverlaps overlaps, OwnListeners listeners) {
        this.configFile = configFile;
        this.poolNames = poolNames;
        this.overlaps = overlaps;
        this.listeners = listeners;
    }

    ServiceConfig read(String name, ConfigSection service) {
        Tcp tcp = service.section("tcp", TcpReader::read).orElse(TcpReader.DEFAULT);
        List<ListenConfig> listen = listen(service, tcp.listener().interfaceName());
        service.optional("protocol").ifPresent(ServiceReader::checkProtocol);
        String pool = pool(name, service);
        List<SplitConfig> splits = new SplitReader(poolNames).read(service.optional("split"));
        Set<String> pools = new HashSet<>(Set.of(pool));
        splits.forEach(split -> pools.add(split.pool()));
        listeners.lead(listen, pools);
        Timeouts timeouts = service.section("timeouts", ServiceReader::timeouts).orElse(DEFAULT_TIMEOUTS);
        int connectAttempts = service.integer(
                "connect-attempts", ServiceConfig.DEFAULT_CONNECT_ATTEMPTS, 1, ServiceConfig.MAX_CONNECT_ATTEMPTS);
        return new ServiceConfig(
                name,
                listen,
                pool,
                splits,
                timeouts,
                connectAttempts,
                tcp,
                AdmissionReader.read(service, configFile),
                ProxyInputReader.read(service));
    }

    private List<ListenConfig> listen(ConfigSection service, Optional<String> interfaceName) {
        List<ListenConfig> read = new ArrayList<>();
        service.required("listen").ifPresent(value -> {
            for (ConfigValue item : value.itemsOrOne("an address and port, or a list of at least one")) {
                ListenAddress.read(item).ifPresent(listen -> {
                    read.add(listen);
                    overlaps.add(item, listen, interfaceName);
                    listeners.add(item, listen);
                });
            }
        });
        return List.copyOf(read);
    }

    private static void checkProtocol(ConfigValue protocol) {
        if (protocol.isScalar() && protocol.was().equals("udp")) {
            protocol.problem("only tcp is supported in this version");
        } else {
            protocol.oneOf(PROTOCOLS);
        }
    }

    private String pool(String service, ConfigSection section) {
        String pool = section.optional("pool")
                .map(value -> value.text("the name of a pool").orElse(""))
                .orElse(service);
        boolean comparable = section.isSound("pool") && !poolNames.isEmpty();
        if (comparable && !poolNames.contains(pool)) {
            section.problem("pool", "no pool is named '" + pool + "'" + Suggestion.didYouMean(pool, poolNames));
        }
        return pool;
    }

    private static Timeouts timeouts(ConfigSection timeouts) {
        return new Timeouts(
                duration(timeouts, "connect", Timeouts.DEFAULT_CONNECT),
                duration(timeouts, "idle", Timeouts.DEFAULT_IDLE),
                duration(timeouts, "fin", Timeouts.DEFAULT_FIN),
                timeouts.optional("first-byte")
                        .flatMap(value ->
                                value.duration(ForwarderConfigReader.MIN_DURATION, ForwarderConfigReader.MAX_DURATION)),
                lifetime(timeouts));
    }

    private static Optional<Lifetime> lifetime(ConfigSection timeouts) {
        int jitterPercent = timeouts.wholePercent("lifetime-jitter", Lifetime.DEFAULT_JITTER_PERCENT, 0, 100);
        if (timeouts.has("lifetime-jitter") && !timeouts.has("lifetime")) {
            timeouts.problem("lifetime-jitter", "is for connections with a lifetime only");
        }
        return timeouts.optional("lifetime")
                .flatMap(ForwarderConfigReader::duration)
                .map(time -> new Lifetime(time, jitterPercent));
    }
}
