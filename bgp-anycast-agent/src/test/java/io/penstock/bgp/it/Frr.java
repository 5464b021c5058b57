package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.testing.FrrInstallation;
import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.io.ByteArrayOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** FRR's bgpd with the zebra that knows its interfaces; asked as vtysh asks. */
final class Frr implements Router {
    /** What FRR calls by name. */
    private static final Map<String, String> WELL_KNOWN =
            Map.of("graceful-shutdown", "65535:0", "no-export", "65535:65281", "no-peer", "65535:65284");

    private final Path directory;
    private final TestDaemon zebra;
    private final TestDaemon bgpd;

    private Frr(Path directory, TestDaemon zebra, TestDaemon bgpd) {
        this.directory = directory;
        this.zebra = zebra;
        this.bgpd = bgpd;
    }

    static Frr start(NetworkNamespace host, Path directory, Session session) throws Exception {
        Optional<FrrInstallation> found = FrrInstallation.find("bgpd");
        assumeTrue(found.isPresent(), "skipped: FRR is not installed");
        Files.writeString(directory.resolve("zebra.conf"), "");
        Files.writeString(directory.resolve("bgpd.conf"), config(session));
        host.run("chown", "-R", found.get().owner(), directory.toString());
        TestDaemon zebra = daemon(host, found.get(), directory, "zebra");
        NetworkNamespace.await("zebra runs", () -> Files.exists(directory.resolve("zserv.api")));
        TestDaemon bgpd = daemon(host, found.get(), directory, "bgpd");
        NetworkNamespace.await("bgpd runs", () -> Files.exists(directory.resolve("bgpd.vty")));
        return new Frr(directory, zebra, bgpd);
    }

    private static String config(Session session) {
        StringBuilder text = new StringBuilder("router bgp " + session.asn() + "\n bgp router-id " + Link.ROUTER_IPV4
                + "\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n");
        for (String neighbour : List.of(Link.SITE_IPV4, Link.SITE_IPV6)) {
            String line = " neighbor " + neighbour;
            text.append(line).append(" remote-as 65001\n");
            text.append(line).append(" timers 3 9\n");
            text.append(line).append(" timers connect 1\n");
            session.password().ifPresent(word -> text.append(line).append(" password " + word + "\n"));
            if (session.ttlSecurity()) {
                text.append(line).append(" ttl-security hops 1\n");
            }
        }
        for (String family : List.of("ipv4", "ipv6")) {
            text.append(" address-family " + family + " unicast\n");
            for (String neighbour : List.of(Link.SITE_IPV4, Link.SITE_IPV6)) {
                text.append("  neighbor " + neighbour + " activate\n");
            }
            text.append(" exit-address-family\n");
        }
        return text.toString();
    }

    private static TestDaemon daemon(NetworkNamespace host, FrrInstallation installation, Path directory, String name)
            throws Exception {
        List<String> command = new ArrayList<>(installation.command(name, directory));
        command.addAll(List.of("-z", directory.resolve("zserv.api").toString()));
        command.addAll(List.of("-i", directory.resolve(name + ".pid").toString()));
        command.addAll(List.of("--vty_socket", directory.toString()));
        command.addAll(List.of("-f", directory.resolve(name + ".conf").toString()));
        return TestDaemon.start(host::start, directory.resolve(name + ".log"), command);
    }

    @Override
    public Optional<SeenRoute> route(String prefix) throws Exception {
        String family = prefix.contains(":") ? "ipv6" : "ipv4";
        JsonObject said = JsonParser.parseString(ask("show bgp " + family + " unicast " + prefix + " json"))
                .getAsJsonObject();
        if (!said.has("paths")) {
            return Optional.empty();
        }
        JsonObject path = said.getAsJsonArray("paths").get(0).getAsJsonObject();
        return Optional.of(new SeenRoute(
                text(path, "aspath").replace("Local", ""),
                path.getAsJsonArray("nexthops")
                        .get(0)
                        .getAsJsonObject()
                        .get("ip")
                        .getAsString(),
                path.get("origin").getAsString().toLowerCase(Locale.ROOT),
                number(path, "metric"),
                number(path, "locPrf"),
                words(path, "community"),
                words(path, "extendedCommunity"),
                words(path, "largeCommunity")));
    }

    @Override
    public Set<String> prefixes() throws Exception {
        Set<String> all = new TreeSet<>();
        for (String family : List.of("ipv4", "ipv6")) {
            JsonObject said = JsonParser.parseString(ask("show bgp " + family + " unicast json"))
                    .getAsJsonObject();
            if (said.has("routes")) {
                all.addAll(said.getAsJsonObject("routes").keySet());
            }
        }
        return all;
    }

    @Override
    public long holdTimeS(String neighbour) throws Exception {
        JsonObject said = JsonParser.parseString(ask("show bgp neighbors " + neighbour + " json"))
                .getAsJsonObject()
                .getAsJsonObject(neighbour);
        return said.get("bgpState").getAsString().equals("Established")
                ? said.get("bgpTimerHoldTimeMsecs").getAsLong() / 1_000
                : 0;
    }

    private static String text(JsonObject path, String name) {
        return path.has(name) ? path.getAsJsonObject(name).get("string").getAsString() : "";
    }

    private static long number(JsonObject path, String name) {
        return path.has(name) ? path.get(name).getAsLong() : -1;
    }

    private static Set<String> words(JsonObject path, String name) {
        Set<String> words = new TreeSet<>();
        for (String word : text(path, name).split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(WELL_KNOWN.getOrDefault(word, word.toLowerCase(Locale.ROOT)));
            }
        }
        return words;
    }

    /** A command and a zero there; what it says, three zeros and how it ended back. */
    private String ask(String command) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (SocketChannel vty = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            vty.connect(UnixDomainSocketAddress.of(directory.resolve("bgpd.vty")));
            vty.write(ByteBuffer.wrap((command + "\0").getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (!isWhole(said.toByteArray()) && vty.read(buffer.clear()) > 0) {
                said.write(buffer.array(), 0, buffer.position());
            }
        }
        return said.toString(StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    private static boolean isWhole(byte[] said) {
        int end = said.length - 4;
        return end >= 0 && said[end] == 0 && said[end + 1] == 0 && said[end + 2] == 0;
    }

    @Override
    public void close() {
        bgpd.kill();
        zebra.kill();
    }
}
