package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where connections to backends come from, as the backends see it, in network namespaces of the test's own. */
@Timeout(90)
class SourceIT {
    /** A client that waits for a port tries again after this time. */
    private static final long REST_NS = 100_000_000;

    private static final TestBackend.Script SAY_WHO =
            TestBackend.replying(socket -> socket.getInetAddress().getHostAddress());

    private static final Pattern PORTS_LEFT =
            Pattern.compile("^penstock_backend_source_ports_left\\{.*source=\"(.*)\"} (\\d+)\\.0$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NetworkNamespace net;

    @BeforeEach
    void setUp() throws Exception {
        net = NetworkNamespace.create();
    }

    @AfterEach
    void tearDown() {
        net.close();
    }

    @Test
    void shouldConnectFromEachSourceInTurn() throws Exception {
        try (TestBackend backend = backend(net, "127.0.0.1");
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                        .top("workers: 1")
                        .pool("source: { addresses: [127.0.0.5, 127.0.0.6, \"::1\"], interface: lo }"))) {
            Map<String, Integer> seen = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                seen.merge(net.call(() -> Clients.ask(port)), 1, Integer::sum);
            }
            assertEquals(Map.of("127.0.0.5", 5, "127.0.0.6", 5), seen);
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldPassOverSourceThatThisHostDoesNotHave() throws Exception {
        try (TestBackend backend = backend(net, "127.0.0.1");
                ForwarderProcess forwarder =
                        start(ForwarderYaml.of(port, backend).pool("source: { addresses: [192.0.2.77, 127.0.0.6] }"))) {
            for (int i = 0; i < 4; i++) {
                assertEquals("127.0.0.6", net.call(() -> Clients.ask(port)));
            }
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("sources_missing"));
        }
    }

    /**
     * With four ports in all: four connections, then a client that waits without a spin, and goes on when one ends. The
     * operator sees them go.
     */
    @Test
    void shouldWaitForPortWhenNoneIsLeft() throws Exception {
        fourPorts();
        try (NetworkNamespace outside = outside();
                TestBackend echo = backendOf(net, TestBackend::echo);
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, echo)
                        .top("workers: 1")
                        .top("admin: { listen: \"" + admin() + "\" }")
                        .listen("\"*:" + port + "\"")
                        .service("timeouts: { connect: 30s }"));
                Crowd clients = new Crowd(outside, port)) {
            assertEquals(Map.of("kernel's choice", 4), portsLeft());
            clients.assertEcho(3);
            assertEquals(Map.of("kernel's choice", 1), portsLeft());
            clients.assertEcho(1);
            assertEquals(Map.of("kernel's choice", 0), portsLeft());
            long sinceNs = System.nanoTime();
            clients.add();
            Await.until("it has tried again", () -> triesForPort(forwarder) >= 5);
            forwarder.awaitLog("event=trouble", "counter=ports_exhausted");
            long tries = triesForPort(forwarder);
            long rests = (System.nanoTime() - sinceNs) / REST_NS;
            // However slow this host is: it has not tried more often than it had rests, but for the rounding of either.
            assertTrue(tries <= 2 * rests + 2, () -> tries + " tries in " + rests + " rests");
            assertEquals(4, echo.accepted());
            Clients.reset(clients.get(0));
            Clients.assertEchoes(clients.get(4), "and me");
            clients.reset();
            Await.until("all closed", () -> echo.open() == 0);
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("connect_failed"));
            assertEquals(0, forwarder.total("closed_no_port"));
            assertTrue(forwarder.total("accept_paused") > 0);
        }
    }

    private static long triesForPort(ForwarderProcess forwarder) throws Exception {
        return forwarder.askTotals().getOrDefault("ports_exhausted", 0L);
    }

    @Test
    void shouldHaveAsManyPortsMoreWithEachSource() throws Exception {
        fourPorts();
        try (NetworkNamespace outside = outside();
                TestBackend echo = backendOf(net, TestBackend::echo);
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, echo)
                        .top("admin: { listen: \"" + admin() + "\" }")
                        .listen("\"*:" + port + "\"")
                        .pool("source: { addresses: [127.0.0.5, 127.0.0.6] }"));
                Crowd clients = new Crowd(outside, port)) {
            assertEquals(Map.of("127.0.0.5", 4, "127.0.0.6", 4), portsLeft());
            clients.assertEcho(2);
            assertEquals(6, sum(portsLeft()), "each worker has its own turns");
            clients.assertEcho(6);
            assertEquals(Map.of("127.0.0.5", 0, "127.0.0.6", 0), portsLeft());
            clients.reset();
            Await.until("ports are free", () -> portsLeft().equals(Map.of("127.0.0.5", 4, "127.0.0.6", 4)));
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("ports_exhausted"));
        }
    }

    private AdminAddress admin() {
        return AdminAddress.parse("unix:" + directory.resolve("admin.sock")).orElseThrow();
    }

    /** By source, as the metrics have them. */
    private Map<String, Integer> portsLeft() throws Exception {
        try (AdminClient client = new AdminClient(admin(), Duration.ofSeconds(20))) {
            Matcher samples = PORTS_LEFT.matcher(
                    client.send("GET", "/metrics", Optional.empty()).body());
            Map<String, Integer> left = new TreeMap<>();
            while (samples.find()) {
                left.put(samples.group(1), Integer.valueOf(samples.group(2)));
            }
            return left;
        }
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void fourPorts() throws Exception {
        net.shell("echo '40000 40003' > /proc/sys/net/ipv4/ip_local_port_range");
    }

    /** With ports of its own: one that any socket of a namespace is bound to is not given out there. */
    private NetworkNamespace outside() throws Exception {
        NetworkNamespace outside = NetworkNamespace.create();
        net.join("out0", "192.0.2.1/24", outside, "pv0", "192.0.2.7/24");
        return outside;
    }

    /** Clients that stay. */
    private static final class Crowd implements AutoCloseable {
        private final NetworkNamespace where;
        private final int port;
        private final List<Socket> clients = new ArrayList<>();

        private Crowd(NetworkNamespace where, int port) {
            this.where = where;
            this.port = port;
        }

        private void add() throws Exception {
            clients.add(where.call(() -> Clients.connect("192.0.2.1", port)));
        }

        private Socket get(int index) {
            return clients.get(index);
        }

        private void assertEcho(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                add();
                Clients.assertEchoes(clients.get(clients.size() - 1), "hello");
            }
        }

        @Override
        public void close() throws IOException {
            reset();
        }

        private void reset() throws IOException {
            for (Socket client : clients) {
                if (!client.isClosed()) {
                    Clients.reset(client);
                }
            }
        }
    }

    /** The rules are those of docs/addresses.md, word for word. */
    @Test
    void shouldConnectFromClientsAddressOverRulesOfTheDocumentation() throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create();
                NetworkNamespace inside = NetworkNamespace.create()) {
            net.join("out0", "198.51.100.1/24", outside, "pv0", "198.51.100.7/24");
            net.join("in0", "10.9.0.1/24", inside, "pv0", "10.9.0.2/24");
            inside.run("ip", "route", "add", "default", "via", "10.9.0.1");
            net.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
            net.shell(documented("socket transparent"));
            try (TestBackend backend = backend(inside, "10.9.0.2");
                    ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                            .listen("\"198.51.100.1:" + port + "\"")
                            .pool("source: { transparent: true }"))) {
                for (int i = 0; i < 4; i++) {
                    assertEquals("198.51.100.7", outside.call(() -> ask("198.51.100.1", port)));
                }
                assertEquals(0, forwarder.stop());
                assertEquals(4, forwarder.total("closed_completed"));
            }
        }
    }

    /** And a client of another family than the backend is reset, not connected from this host's own address. */
    @Test
    void shouldResetClientOfOtherFamilyWhenTransparent() throws Exception {
        try (TestBackend backend = backend(net, "127.0.0.1");
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                        .listen("\"[::1]:" + port + "\"")
                        .pool("source: { transparent: true }"))) {
            net.call(() -> {
                Clients.assertResetOnArrival("::1", port);
                return null;
            });
            assertEquals(0, backend.accepted());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_no_source"));
        }
    }

    /** A firewall's TPROXY brings every address and port of a network to one listener; again the documented rules. */
    @Test
    void shouldTakeClientsOfOtherAddressesWhenListenerIsTransparent() throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create()) {
            net.join("out0", "192.0.2.1/24", outside, "pv0", "192.0.2.7/24");
            outside.run("ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.1");
            net.shell(documented("tproxy"));
            // At the client's port, so that the backend shows which one the forwarder saw.
            try (TestBackend backend = net.call(() -> TestBackend.at("192.0.2.1", 4711, TestBackend.saying("here")));
                    ForwarderProcess forwarder = start(ForwarderYaml.to(port, "192.0.2.1")
                            .listen("\"0.0.0.0:8080\"")
                            .service("tcp: { transparent: true }"))) {
                assertEquals("here", outside.call(() -> ask("198.51.100.77", 4711)));
                assertEquals(1, backend.accepted());
                assertEquals(0, forwarder.stop());
            }
        }
    }

    /** Seen by the kernel's own counters: data with a SYN was sent, and taken. */
    @Test
    void shouldSendAndTakeDataWithSyn() throws Exception {
        net.set("ipv4/tcp_fastopen", 3);
        int inner = Ports.free();
        String waits = "defer-accept: 1s";
        try (TestBackend echo = backendOf(net, TestBackend::echo);
                ForwarderProcess behind = start(ForwarderYaml.of(inner, echo).service("tcp: { fast-open: 16 }"));
                ForwarderProcess before = start(ForwarderYaml.to(port, "127.0.0.1:" + inner)
                        .service("tcp: { " + waits + " }")
                        .pool("source: { fast-open: true }"))) {
            for (int i = 0; i < 5; i++) {
                try (Socket client = net.call(() -> Clients.connect(port))) {
                    Clients.assertEchoes(client, "hello");
                    client.shutdownOutput();
                    Clients.assertEnded(client);
                }
            }
            Map<String, Long> counters = net.call(SourceIT::extendedCounters);
            assertTrue(counters.get("TCPFastOpenActive") >= 3, counters::toString);
            assertTrue(counters.get("TCPFastOpenPassive") >= 3, counters::toString);
            assertEquals(0, before.stop());
            assertEquals(0, behind.stop());
            assertEquals(5, before.total("closed_completed"));
        }
    }

    @Test
    void shouldNotStartWithoutInterfaceOrCapability() throws Exception {
        String noDevice = ForwarderYaml.to(port, "127.0.0.1:9")
                .pool("source: { interface: eth77 }")
                .text();
        assertRefused(noDevice, List.of(), "pool test: source.interface: no such interface (ENODEV)");
        List<String> plain = List.of("setpriv", "--bounding-set=-net_admin,-net_raw", "--inh-caps=-all");
        String transparent = ForwarderYaml.to(port, "127.0.0.1:9")
                .pool("source: { transparent: true }")
                .text();
        assertRefused(transparent, plain, "needs root, CAP_NET_ADMIN or CAP_NET_RAW");
        String listener = ForwarderYaml.to(port, "127.0.0.1:9")
                .service("tcp: { transparent: true }")
                .text();
        assertRefused(listener, plain, "CAP_NET_ADMIN or CAP_NET_RAW");
    }

    private void assertRefused(String yaml, List<String> prefix, String why) throws Exception {
        try (ForwarderProcess forwarder = net.call(() -> ForwarderProcess.launch(directory, yaml, prefix, Map.of()))) {
            assertTrue(forwarder.awaitEnd(Duration.ofSeconds(30)));
            assertNotEquals(0, forwarder.awaitExit());
            assertTrue(forwarder.log().contains(why), forwarder::log);
        }
    }

    private static String ask(String host, int port) throws Exception {
        try (Socket socket = Clients.connect(host, port)) {
            return Clients.readToEnd(socket);
        }
    }

    private static TestBackend backend(NetworkNamespace where, String address) throws Exception {
        return where.call(() -> TestBackend.at(address, 0, SAY_WHO));
    }

    private static TestBackend backendOf(NetworkNamespace where, TestBackend.Script script) throws Exception {
        return where.call(() -> TestBackend.at("127.0.0.1", Ports.free(), script));
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return net.call(() -> ForwarderProcess.start(directory, yaml.text()));
    }

    /** The block of commands in docs/addresses.md that has these words. */
    private static String documented(String words) throws Exception {
        Matcher blocks = Pattern.compile("```\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/addresses.md")));
        while (blocks.find()) {
            if (blocks.group(1).contains(words)) {
                return blocks.group(1);
            }
        }
        throw new AssertionError("no commands with " + words);
    }

    /** TcpExt of /proc/net/netstat, of the calling thread's namespace. */
    private static Map<String, Long> extendedCounters() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("/proc/thread-self/net/netstat"));
        String[] names = lines.get(0).split(" ", -1);
        String[] values = lines.get(1).split(" ", -1);
        Map<String, Long> counters = new TreeMap<>();
        for (int i = 1; i < names.length; i++) {
            if (names[i].startsWith("TCPFastOpen")) {
                counters.put(names[i], Long.valueOf(values[i]));
            }
        }
        return counters;
    }
}
