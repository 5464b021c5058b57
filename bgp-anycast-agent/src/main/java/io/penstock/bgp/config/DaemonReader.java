package io.penstock.bgp.config;

import io.penstock.admin.AdminAddress;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.config.DaemonConfig.Identity;
import io.penstock.bgp.config.DaemonConfig.Tls;
import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.DnsName;
import io.penstock.config.KeyRules;
import io.penstock.config.NamedFile;
import io.penstock.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code gobgp}: where the daemon is, and how it is spoken to. */
final class DaemonReader {
    private static final String UNIX = "unix:";
    private static final String EXPECTED =
            "where GoBGP's API listens, such as \"127.0.0.1:50051\", \"router.internal:50051\" or \"unix:/run/gobgpd.sock\"";
    private static final Pattern TCP = Pattern.compile(
            "(?:\\[(?<ipv6>[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)]|(?<host>[A-Za-z0-9.-]+)):(?<port>[1-9][0-9]{0,4})");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

    /** Each takes a look at all of its table. */
    private static final Duration MIN_RESYNC = Duration.ofMillis(500);

    private static final Duration MAX_RESYNC = Duration.ofHours(1);

    private final Path configFile;

    DaemonReader(Path configFile) {
        this.configFile = configFile;
    }

    DaemonConfig read(ConfigSection gobgp) {
        Address address = gobgp.optional("address")
                .flatMap(value -> value.text(EXPECTED).flatMap(text -> address(value, text)))
                .orElse(DaemonConfig.DEFAULT.address());
        Optional<Tls> tls = gobgp.section("tls", this::tls);
        if (address instanceof Address.Unix) {
            KeyRules.onlyFor("TCP", gobgp, "tls");
        }
        return new DaemonConfig(
                address,
                tls,
                gobgp.duration("timeout", DaemonConfig.DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT),
                gobgp.duration("resync", DaemonConfig.DEFAULT_RESYNC, MIN_RESYNC, MAX_RESYNC));
    }

    private static Optional<Address> address(ConfigValue value, String text) {
        Matcher tcp = TCP.matcher(text);
        if (tcp.matches() && Integer.parseInt(tcp.group("port")) <= Endpoint.MAX_PORT) {
            return tcp(value, tcp);
        }
        Optional<Address> socket = text.startsWith(UNIX) ? unix(text) : Optional.empty();
        if (socket.isEmpty()) {
            value.problem("must be " + EXPECTED);
        }
        return socket;
    }

    private static Optional<Address> unix(String text) {
        return AdminAddress.parse(text).map(socket -> new Address.Unix(((AdminAddress.Unix) socket).path()));
    }

    private static Optional<Address> tcp(ConfigValue value, Matcher tcp) {
        int port = Integer.parseInt(tcp.group("port"));
        String host = tcp.group("ipv6") == null ? tcp.group("host") : tcp.group("ipv6");
        if (tcp.group("ipv6") != null || DIGITS_AND_DOTS.matcher(host).matches()) {
            return AddressText.read(value, host, EXPECTED)
                    .filter(address -> AddressText.isReachable(value, address))
                    .map(address -> new Address.Tcp(address.toString(), port));
        }
        if (!DnsName.isOne(host)) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        return Optional.of(new Address.Tcp(host, port));
    }

    private Tls tls(ConfigSection tls) {
        Optional<Path> ca = file(tls, "ca-file");
        Optional<Path> certificate = file(tls, "certificate");
        Optional<Path> key = file(tls, "key");
        if (tls.has("certificate") != tls.has("key")) {
            tls.problem(tls.has("key") ? "certificate" : "key", "is needed: certificate and key go together");
        }
        Optional<String> serverName = tls.optional("server-name").flatMap(DaemonReader::serverName);
        return new Tls(ca, certificate.flatMap(file -> key.map(of -> new Identity(file, of))), serverName);
    }

    private static Optional<String> serverName(ConfigValue value) {
        String expected = "the DNS name in its certificate";
        return value.text(expected).filter(name -> {
            if (!DnsName.isOne(name)) {
                value.problem("must be " + expected);
            }
            return DnsName.isOne(name);
        });
    }

    private Optional<Path> file(ConfigSection tls, String key) {
        return tls.optional(key).flatMap(value -> NamedFile.read(value, configFile));
    }
}
