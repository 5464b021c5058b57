package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** BIRD 2, asked by birdc(8). */
final class Bird implements Router {
    private static final Pattern ATTRIBUTE = Pattern.compile("^\\s+BGP\\.([a-z_]+): (.*)$", Pattern.MULTILINE);
    private static final Pattern PREFIX = Pattern.compile("^(\\S+/[0-9]+) ", Pattern.MULTILINE);
    private static final Pattern HOLD_TIMER = Pattern.compile("Hold timer: +[0-9.]+/([0-9]+)");
    private static final Pattern IN_PARENTHESES = Pattern.compile("\\(([^)]*)\\)");

    private final NetworkNamespace host;
    private final Path socket;
    private final TestDaemon daemon;

    private Bird(NetworkNamespace host, Path socket, TestDaemon daemon) {
        this.host = host;
        this.socket = socket;
        this.daemon = daemon;
    }

    static Bird start(NetworkNamespace host, Path directory, Session session) throws Exception {
        assumeTrue(Gobgpd.isOnPath("bird") && Gobgpd.isOnPath("birdc"), "skipped: BIRD is not installed");
        Path config = Files.writeString(
                directory.resolve("bird.conf"),
                "router id " + Link.ROUTER_IPV4 + ";\nlog stderr all;\nprotocol device {}\n"
                        + protocol("site4", Link.ROUTER_IPV4, Link.SITE_IPV4, session)
                        + protocol("site6", Link.ROUTER_IPV6, Link.SITE_IPV6, session));
        Path socket = directory.resolve("bird.ctl");
        TestDaemon daemon = TestDaemon.start(
                host::start,
                directory.resolve("bird.log"),
                List.of("bird", "-f", "-c", config.toString(), "-s", socket.toString()));
        NetworkNamespace.await("BIRD runs", () -> Files.exists(socket));
        return new Bird(host, socket, daemon);
    }

    private static String protocol(String name, String local, String neighbour, Session session) {
        return "protocol bgp " + name + " {\n local " + local + " as " + session.asn() + ";\n neighbor " + neighbour
                + " as 65001;\n hold time 9;\n connect delay time 1;\n connect retry time 1;\n error wait time 1,1;\n"
                + session.password()
                        .map(word -> " password \"" + word + "\";\n")
                        .orElse("")
                + (session.ttlSecurity() ? " ttl security on;\n" : "")
                + " ipv4 { import all; import keep filtered; export none; };\n"
                + " ipv6 { import all; import keep filtered; export none; };\n}\n";
    }

    @Override
    public Optional<SeenRoute> route(String prefix) throws Exception {
        String said = ask("show route all " + prefix);
        Map<String, String> attributes = new HashMap<>();
        for (Matcher line = ATTRIBUTE.matcher(said); line.find(); ) {
            attributes.put(line.group(1), line.group(2).strip());
        }
        return attributes.isEmpty()
                ? Optional.empty()
                : Optional.of(new SeenRoute(
                        attributes.get("as_path") == null ? "" : attributes.get("as_path"),
                        // A link-local one may follow.
                        attributes.get("next_hop").split(" ", -1)[0],
                        attributes.get("origin").toLowerCase(Locale.ROOT),
                        Long.parseLong(attributes.getOrDefault("med", "-1")),
                        Long.parseLong(attributes.getOrDefault("local_pref", "-1")),
                        inParentheses(attributes.get("community")),
                        inParentheses(attributes.get("ext_community")),
                        inParentheses(attributes.get("large_community"))));
    }

    @Override
    public Set<String> prefixes() throws Exception {
        Set<String> all = new TreeSet<>();
        for (Matcher line = PREFIX.matcher(ask("show route")); line.find(); ) {
            all.add(line.group(1));
        }
        return all;
    }

    @Override
    public long holdTimeS(String neighbour) throws Exception {
        Matcher timer =
                HOLD_TIMER.matcher(ask("show protocols all " + (neighbour.equals(Link.SITE_IPV4) ? "site4" : "site6")));
        return timer.find() ? Long.parseLong(timer.group(1)) : 0;
    }

    /** What there is none of is an error to it. */
    private String ask(String command) throws Exception {
        return host.run("sh", "-c", "birdc -s " + socket + " " + command + " || true");
    }

    private static Set<String> inParentheses(String text) {
        Set<String> all = new TreeSet<>();
        if (text != null) {
            for (Matcher one = IN_PARENTHESES.matcher(text); one.find(); ) {
                // The site of origin is a "route origin" to it.
                all.add(one.group(1).replaceAll(",\\s*", ":").replaceFirst("^ro:", "soo:"));
            }
        }
        return all;
    }

    @Override
    public void close() {
        daemon.kill();
    }
}
