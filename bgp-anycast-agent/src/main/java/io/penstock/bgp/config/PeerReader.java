package io.penstock.bgp.config;

import io.penstock.bgp.config.PeerConfig.Family;
import io.penstock.bgp.config.PeerConfig.Password;
import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.KeyRules;
import io.penstock.config.NamedFile;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the entries of {@code peers}. */
final class PeerReader {
    private static final int MAX_HOPS = 254;
    private static final int MAX_TTL = 255;
    private static final Map<String, Family> FAMILIES = Map.of("ipv4", Family.IPV4, "ipv6", Family.IPV6);

    private final Path configFile;
    private final Optional<GlobalConfig> global;
    private final Map<IpAddress, Integer> lineByAddress = new HashMap<>();

    /** @param global of the daemon; empty when the file does not say it */
    PeerReader(Path configFile, Optional<GlobalConfig> global) {
        this.configFile = configFile;
        this.global = global;
    }

    /** Empty when there is no address to speak of. */
    Optional<PeerConfig> read(NamedValue entry, ConfigSection peer) {
        Optional<IpAddress> address =
                peer.required("address").flatMap(PeerReader::address).filter(read -> isFirst(peer, read));
        long asn = Asn.read(peer);
        Optional<Password> password = peer.optional("password-file").flatMap(this::password);
        Optional<IpAddress> localAddress = peer.optional("local-address").flatMap(PeerReader::address);
        checkLocal(peer, address, localAddress);
        int port = peer.integer("port", PeerConfig.DEFAULT_PORT, 1, Endpoint.MAX_PORT);
        boolean passive = passive(peer);
        OptionalInt ttlSecurity = number(peer, "ttl-security", 1, MAX_HOPS);
        OptionalInt multihop = number(peer, "multihop", 2, MAX_TTL);
        KeyRules.atMostOne(peer, "ttl-security", "multihop");
        if (global.map(GlobalConfig::asn).filter(own -> own == asn).isPresent() && peer.isSound("asn")) {
            KeyRules.onlyFor("neighbours of another ASN", peer, "multihop");
        }
        PeerTimers timers = PeerTimers.read(peer, passive);
        Set<Family> families =
                peer.optional("families").map(PeerReader::families).orElse(Set.of());
        return address.map(read -> new PeerConfig(
                entry.name(),
                read,
                asn,
                password,
                localAddress,
                port,
                passive,
                ttlSecurity,
                multihop,
                timers.holdTime(),
                timers.keepalive(),
                timers.connectRetry(),
                families.isEmpty() ? Set.of(read.isIpv4() ? Family.IPV4 : Family.IPV6) : families,
                timers.gracefulRestart()));
    }

    private static Optional<IpAddress> address(ConfigValue value) {
        String expected = "an address without a port, such as 192.0.2.1";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address))
                .filter(address -> isGlobal(value, address));
    }

    private static boolean isGlobal(ConfigValue value, IpAddress address) {
        if (address.isLinkLocal()) {
            value.problem("must be an address that one host has, and that needs no interface");
        }
        return !address.isLinkLocal();
    }

    private boolean isFirst(ConfigSection peer, IpAddress address) {
        int line = peer.required("address").orElseThrow().line();
        Integer firstLine = lineByAddress.putIfAbsent(address, line);
        if (firstLine != null) {
            peer.problem("address", "duplicate address, first at line " + firstLine);
        }
        return firstLine == null;
    }

    private static void checkLocal(ConfigSection peer, Optional<IpAddress> address, Optional<IpAddress> local) {
        if (address.isEmpty() || local.isEmpty()) {
            return;
        }
        if (local.get().isIpv4() != address.get().isIpv4()) {
            peer.problem("local-address", "is of another family than the neighbour's, " + address.get());
        } else if (local.equals(address)) {
            peer.problem("local-address", "must be this host's own address, not the neighbour's");
        }
    }

    private Optional<Password> password(ConfigValue value) {
        return NamedFile.read(value, configFile).flatMap(file -> {
            try {
                return Optional.of(PasswordFile.read(file));
            } catch (IOException e) {
                value.problem("must name a file with a password that can be used: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    private boolean passive(ConfigSection peer) {
        boolean passive = peer.bool("passive", false);
        if (passive) {
            KeyRules.onlyFor("neighbours that are called", peer, "port");
            if (global.filter(daemon -> daemon.listenPort() == GlobalConfig.NOT_LISTENING)
                    .isPresent()) {
                peer.problem("passive", "must be false: nobody can call a daemon with global.listen-port: none");
            }
        }
        return passive;
    }

    private static OptionalInt number(ConfigSection peer, String key, int min, int max) {
        Optional<ConfigValue> value = peer.optional(key);
        return value.isEmpty() ? OptionalInt.empty() : value.get().integer(min, max);
    }

    /** None when none could be read. */
    private static Set<Family> families(ConfigValue value) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        for (ConfigValue item : value.items("a list of ipv4 and ipv6, with at least one")) {
            item.oneOf(FAMILIES).ifPresent(family -> {
                if (!families.add(family)) {
                    item.problem("is listed before");
                }
            });
        }
        return families;
    }
}
