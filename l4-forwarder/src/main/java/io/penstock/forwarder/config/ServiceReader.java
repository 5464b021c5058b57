package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.Suggestion;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code services}. */
final class ServiceReader {
    private static final Map<String, Protocol> PROTOCOLS = Map.of("tcp", Protocol.TCP, "udp", Protocol.UDP);

    private final Path configFile;
    private final Set<String> poolNames;
    private final ListenOverlaps overlaps;
    private final OwnListeners listeners;
    private final PoolUsers users;
    private final DsrReader dsr;

    /** @param poolNames of the pools in the file, readable or not */
    ServiceReader(
            Path configFile,
            Set<String> poolNames,
            ListenOverlaps overlaps,
            OwnListeners listeners,
            PoolUsers users,
            DsrReader dsr) {
        this.configFile = configFile;
        this.poolNames = poolNames;
        this.overlaps = overlaps;
        this.listeners = listeners;
        this.users = users;
        this.dsr = dsr;
    }

    ServiceConfig read(String name, ConfigSection service) {
        Protocol protocol = service.oneOf("protocol", PROTOCOLS, Protocol.TCP);
        Optional<DsrConfig> packets = dsr.read(service);
        Tcp tcp = service.section("tcp", TcpReader::read).orElse(TcpReader.DEFAULT);
        UdpConfig udp = UdpReader.read(service);
        Optional<String> interfaceName =
                protocol == Protocol.UDP ? udp.interfaceName() : tcp.listener().interfaceName();
        ServiceConfig read = new ServiceConfig(
                name,
                protocol,
                packets.isPresent() ? vips(service, protocol) : listen(service, protocol, interfaceName),
                service.bool("freebind", false),
                pool(name, service),
                new SplitReader(poolNames).read(service.optional("split")),
                TimeoutsReader.read(service, protocol),
                service.integer(
                        "connect-attempts",
                        ServiceConfig.DEFAULT_CONNECT_ATTEMPTS,
                        1,
                        ServiceConfig.MAX_CONNECT_ATTEMPTS),
                tcp,
                AdmissionReader.read(service, configFile),
                ProxyInputReader.read(service),
                udp,
                packets);
        dsr.reportUnused(read, service);
        if (read.freebind()
                && !read.isDsr()
                && service.isSound("listen")
                && read.listen().stream().noneMatch(ListenConfig::isOneAddress)) {
            service.problem("freebind", "is for addresses of hosts only, not for * or UNIX sockets");
        }
        listeners.lead(protocol, read.listen(), read.pools());
        users.add(read);
        users.ofPackets().checkService(read, service);
        return read;
    }

    private List<ListenConfig> vips(ConfigSection service, Protocol protocol) {
        List<ListenConfig> read = new ArrayList<>();
        service.required("listen").ifPresent(value -> {
            for (ConfigValue item : value.itemsOrOne("an address and port, or a list of at least one")) {
                ListenAddress.readVip(item).ifPresent(listen -> {
                    read.add(listen);
                    overlaps.addVip(item, protocol, listen);
                });
            }
        });
        return List.copyOf(read);
    }

    private List<ListenConfig> listen(ConfigSection service, Protocol protocol, Optional<String> interfaceName) {
        List<ListenConfig> read = new ArrayList<>();
        service.required("listen").ifPresent(value -> {
            for (ConfigValue item : value.itemsOrOne("an address and port, or a list of at least one")) {
                ListenAddress.read(item, protocol).ifPresent(listen -> {
                    read.add(listen);
                    overlaps.add(item, protocol, listen, interfaceName);
                    listeners.add(item, protocol, listen);
                });
            }
        });
        return List.copyOf(read);
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
}
