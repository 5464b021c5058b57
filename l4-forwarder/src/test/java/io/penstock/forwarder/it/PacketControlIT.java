package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A forwarder with the data plane of packets: how it starts, checks, reloads and hands over; no client comes. */
@Timeout(180)
class PacketControlIT {
    private static final String VIP = "192.0.2.10";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern PACKETS = Pattern.compile("counter packets (\\d+)");
    private static final String PROXY = """
            services: { site: { listen: "127.0.0.1:8080" } }
            pools: { site: { health: none, backends: ["127.0.0.1:8081"] } }
            """;

    @TempDir
    private Path directory;

    private final String name = "it-" + ProcessHandle.current().pid();
    private final Path pins = Path.of("/sys/fs/bpf/penstock", name);
    private NetworkNamespace host;
    private NetworkNamespace server;
    private ServerSocket listener;

    @BeforeEach
    void join() throws Exception {
        BpfRig.assumeLoadable();
        Tools.assume("ip");
        host = NetworkNamespace.create();
        server = NetworkNamespace.create();
        host.join("eth0", "10.78.0.1/24", server, "eth0", "10.78.0.2/24");
        // The way to a VIP leads to somebody who answers, as a router does.
        host.shell("ip route add " + VIP + "/32 via 10.78.0.2");
        server.shell("ip address add " + VIP + "/32 dev lo");
        // As users' servers do: it refuses what comes by another address.
        listener = server.call(() -> new ServerSocket(80, 4096, InetAddress.getByName(VIP)));
    }

    @AfterEach
    void leave() throws Exception {
        if (host == null) {
            return;
        }
        listener.close();
        server.close();
        host.close();
        delete(pins);
        for (String suffix : List.of("json", "lock")) {
            Files.deleteIfExists(Path.of("/run/penstock", "xdp-" + name + "." + suffix));
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private String yaml(String xdp, String service) {
        return """
                take-over: { socket: %s }
                xdp: { interfaces: eth0, name: %s %s }
                services: { web: { mode: dsr, %s } }
                pools:
                  web:
                    health: { tcp: {}, interval: 200ms, timeout: 200ms, initial: down }
                    backends: ["10.78.0.2"]
                """.formatted(directory.resolve("take-over"), name, xdp, service);
    }

    private ForwarderProcess start(String yaml) throws Exception {
        return host.call(() -> ForwarderProcess.start(directory, yaml));
    }

    @Test
    void shouldCheckByTheWayOfPackets() throws Exception {
        Tools.assume("nft");
        host.shell("""
                nft add table inet t
                nft 'add chain inet t out { type filter hook output priority 0; }'
                nft 'add rule inet t out ip daddr 192.0.2.10 meta mark & 0xf0000000 == 0x70000000 counter'
                """);
        try (ForwarderProcess forwarder = start(yaml("", "listen: \"192.0.2.10:80\""))) {
            forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP", "evidence=\"connected\"");
            assertTrue(marked() > 0, "with a mark");

            server.shell("ip address del " + VIP + "/32 dev lo");

            forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=UP to=DOWN");
            assertEquals(0, forwarder.stop());
        }
        assertTrue(Files.exists(pins.resolve("link-eth0")), "forwards on");
    }

    /** The first result alone decides, and a probe that is lost here would be one. */
    @Test
    void shouldSendNoProbeBeforeItKnowsTheWay() throws Exception {
        int backends = 8;
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < backends; i++) {
            server.shell("ip address add 10.78.0." + (10 + i) + "/24 dev eth0");
            addresses
                    .append(i == 0 ? "" : ", ")
                    .append("\"10.78.0.")
                    .append(10 + i)
                    .append('"');
        }
        // Nobody answers to the first questions, and they are repeated when the first probes could be under way.
        server.shell("""
                nft add table arp t
                nft 'add chain arp t in { type filter hook input priority 0; }'
                nft 'add rule arp t in arp operation request numgen inc mod 100000 < 10 drop'
                """);
        host.shell("echo 30 > /proc/sys/net/ipv4/neigh/eth0/retrans_time_ms; ip neigh flush dev eth0");
        String yaml = yaml("", "listen: \"192.0.2.10:80\"")
                        .replace(
                                "interval: 200ms, timeout: 200ms, initial: down",
                                "interval: 900ms, fast-interval: 100ms, timeout: 900ms")
                        .replace("\"10.78.0.2\"", addresses)
                + "admin: { listen: \"127.0.0.1:9080\" }\n";

        try (ForwarderProcess forwarder = start(yaml)) {
            Await.until(() -> "served: " + served(forwarder), LIMIT, () -> status(forwarder) == 200);
            Await.until(() -> "8 up: " + served(forwarder), LIMIT, () -> successes(forwarder) == backends);

            assertEquals(0, forwarder.logged("event=backend ", "to=DOWN"), forwarder.log());
        }
    }

    private int successes(ForwarderProcess forwarder) {
        return ask(forwarder, "/v1/health").split("\"success\"", -1).length - 1;
    }

    private long marked() throws Exception {
        Process nft = host.call(() -> new ProcessBuilder("nft", "list", "table", "inet", "t").start());
        Matcher counter = PACKETS.matcher(new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertTrue(counter.find());
        return Long.parseLong(counter.group(1));
    }

    @Test
    void shouldCheckBackendsThemselvesWhenTheFileSaysSo() throws Exception {
        server.shell("ip address del " + VIP + "/32 dev lo");
        try (ServerSocket direct = server.call(() -> new ServerSocket(80, 50, InetAddress.getByName("10.78.0.2")));
                ForwarderProcess forwarder =
                        start(yaml(", health-path: direct", "encapsulation: ipip, listen: \"192.0.2.10:80\""))) {
            forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP", "evidence=\"connected\"");
            assertTrue(direct.isBound());
        }
    }

    @Test
    void shouldRefuseToStartWithoutTheInterface() throws Exception {
        String yaml = yaml("", "listen: \"192.0.2.10:80\"").replace("eth0", "eth9");
        try (ForwarderProcess forwarder =
                host.call(() -> ForwarderProcess.launch(directory, yaml, List.of(), Map.of()))) {
            assertNotEquals(0, forwarder.awaitExit());
            assertTrue(
                    forwarder.log().contains("l4-forwarder: xdp: no interface eth9 here; there are: eth0, lo"),
                    forwarder.log());
        }
    }

    @Test
    void shouldBeginToForwardPacketsAtAReload() throws Exception {
        try (ForwarderProcess forwarder = start(PROXY)) {
            String packets = yaml("", "listen: \"192.0.2.10:80\"").replaceFirst("take-over.*\n", "");
            forwarder.offer(packets.replace("eth0", "eth9"));
            forwarder.awaitLog("event=config-problem", "xdp: no interface eth9 here");

            forwarder.offer(packets);

            forwarder.awaitLog("event=config-applied");
            forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP");
            assertTrue(Files.exists(pins.resolve("link-eth0")));
            forwarder.offer(packets.replace("10:80", "10:80-90").replace("tcp: {}", "tcp: { port: 80 }"));
            forwarder.awaitLogged(2, "event=config-applied");
            Await.until(() -> "the range in " + names(), LIMIT, () -> names().contains("192.0.2.10:80-90"));
        }
    }

    private String names() {
        try {
            return Files.readString(Path.of("/run/penstock", "xdp-" + name + ".json"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldHandOverToANewerProcess() throws Exception {
        String yaml = yaml("", "listen: \"192.0.2.10:80\"");
        try (ForwarderProcess old = start(yaml)) {
            old.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP");
            try (ForwarderProcess next = host.call(() -> ForwarderProcess.takeOver(directory, yaml))) {
                assertEquals(0, old.awaitExit());
                next.awaitLog("event=xdp", "took over 1 services and 1 backends");
                next.awaitLog(
                        "event=backend backend=web/10.78.0.2", "to=UP", "evidence=\"as the process before left it\"");
                // Several rounds of checks, and of the change that they would make.
                Thread.sleep(2_000);
                assertEquals(0, next.logged("event=backend backend=web/10.78.0.2", "to=DOWN"), next.log());
                assertEquals(0, next.logged("ERROR"), next.log());
            }
        }
    }

    /** The one that runs goes on: nobody else could look after what is attached. */
    @Test
    void shouldNotTakeOverMapsOfAnotherShape() throws Exception {
        Tools.assume("bpftool");
        String yaml = yaml("", "listen: \"192.0.2.10:80\"");
        try (ForwarderProcess old = start(yaml)) {
            old.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP");
            String pin = pins.resolve("budgets").toString();
            host.shell(
                    "rm " + pin + " && bpftool map create " + pin + " type array key 4 value 4 entries 1 name budgets");
            try (ForwarderProcess next = host.call(() -> ForwarderProcess.launchTakeOver(directory, yaml))) {
                assertNotEquals(0, next.awaitExit());
                assertTrue(next.log().contains("maps of another shape are pinned"), next.log());
            }
            assertTrue(old.isAlive());
            server.shell("ip address del " + VIP + "/32 dev lo");
            old.awaitLog("event=backend backend=web/10.78.0.2 from=UP to=DOWN");
        }
    }

    /** One that hangs is worse than one that is gone: it goes on answering. */
    @ParameterizedTest
    @ValueSource(strings = {"fwd-ctl", "fwd-xdp"})
    void shouldNotSayThatItServesWhenAThreadHangs(String thread) throws Exception {
        Tools.assume("curl");
        String yaml = yaml(", lease: 1s", "listen: \"192.0.2.10:80\"") + "admin: { listen: \"127.0.0.1:9080\" }\n";
        try (ForwarderProcess forwarder = start(yaml)) {
            Await.until(() -> "served: " + served(forwarder), LIMIT, () -> status(forwarder) == 200);
            try (StoppedThread stopped = StoppedThread.of(forwarder.pid(), thread)) {
                Await.until(() -> "withdrawn: " + served(forwarder), LIMIT, () -> status(forwarder) == 503);
                assertTrue(served(forwarder).contains("the lease of the XDP data plane is over"), served(forwarder));
                assertTrue(Files.exists(pins.resolve("link-eth0")), "forwards on, while " + stopped);
            }
            Await.until(() -> "served again: " + served(forwarder), LIMIT, () -> status(forwarder) == 200);
        }
    }

    private int status(ForwarderProcess forwarder) {
        return Integer.parseInt(
                served(forwarder).lines().reduce((first, last) -> last).orElseThrow());
    }

    /** What an agent asks, and at the end the status. */
    private String served(ForwarderProcess forwarder) {
        return ask(forwarder, "/v1/health/vips/" + VIP);
    }

    private String ask(ForwarderProcess forwarder, String path) {
        try {
            Process curl = host.call(() -> new ProcessBuilder(
                            "curl", "-s", "-m", "5", "-w", "\n%{http_code}", "http://127.0.0.1:9080" + path)
                    .redirectErrorStream(true)
                    .start());
            return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new IllegalStateException(forwarder.log(), e);
        }
    }

    @Test
    void shouldWarnOfVipsOfThisHost() throws Exception {
        try (ForwarderProcess forwarder = start(yaml("", "listen: \"192.0.2.10:80\""))) {
            forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP");
            assertEquals(0, forwarder.logged("event=xdp-local-vip"));

            host.shell("ip address add " + VIP + "/32 dev lo");

            forwarder.awaitLog("event=xdp-local-vip address=192.0.2.10", "health-path: direct");
        }
    }
}
