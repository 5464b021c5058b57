package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients, forwarder and backends on hosts of their own, as network namespaces, joined by Ethernet. */
@Timeout(90)
@SuppressWarnings("try") // Some backends only have to be there.
class UdpNetworkIT {
    private static final String FORWARDER = "198.51.100.1";
    private static final String CLIENT = "198.51.100.7";
    private static final String BACKEND = "10.9.0.2";
    private static final int MAX_IPV4 = 65_507;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int backendPort = Ports.free();
    private final Random random = new Random(9);
    private NetworkNamespace net;
    private NetworkNamespace outside;
    private NetworkNamespace inside;

    @BeforeEach
    void setUp() throws Exception {
        net = NetworkNamespace.create();
        outside = NetworkNamespace.create();
        inside = NetworkNamespace.create();
        net.join("out0", FORWARDER + "/24", outside, "pv0", CLIENT + "/24");
        net.join("in0", "10.9.0.1/24", inside, "pv0", BACKEND + "/24");
    }

    @AfterEach
    void tearDown() {
        inside.close();
        outside.close();
        net.close();
    }

    /** A wildcard, so that the kernel would answer from the address of the interface. */
    @Test
    void shouldAnswerFromTheVipOfTheLoopbackInterface() throws Exception {
        net.run("ip", "address", "add", "203.0.113.53/32", "dev", "lo");
        outside.run("ip", "route", "add", "203.0.113.53/32", "via", FORWARDER);
        try (UdpBackend backend = echo();
                ForwarderProcess forwarder = start(yaml("").listen("\"*:" + port + "\""));
                DatagramClient client = client("203.0.113.53")) {
            for (int i = 0; i < 100; i++) {
                client.assertEchoes(bytes(i));
            }
            InetSocketAddress interfaces = new InetSocketAddress(FORWARDER, port);
            client.sendTo(interfaces, bytes(7));
            assertEquals(7, client.receiveFrom(interfaces).length);
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("udp_sessions_opened"));
        }
    }

    @ParameterizedTest
    @CsvSource({"auto", "never"})
    void shouldCarryDatagramsThatNeedFragments(String fragments) throws Exception {
        try (UdpBackend backend = echo();
                ForwarderProcess forwarder = start(yaml("udp: { dont-fragment: " + fragments + " }"));
                DatagramClient client = client(FORWARDER)) {
            for (int size : new int[] {1_472, 1_473, 2_952, 9_000, 32_768, MAX_IPV4 - 1, MAX_IPV4}) {
                client.assertEchoes(bytes(size));
            }
            assertEquals(0, forwarder.stop());
        }
    }

    /** And what is not: it is dropped, counted, and the session goes on. */
    @Test
    void shouldNotFragmentWhereTheServiceForbidsIt() throws Exception {
        try (UdpBackend backend = echo();
                ForwarderProcess forwarder = start(yaml("udp: { dont-fragment: always }"));
                DatagramClient client = client(FORWARDER)) {
            client.assertEchoes(bytes(1_472));
            client.send(bytes(1_473));
            client.assertEchoes(bytes(1_471));
            assertEquals(2, backend.received());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("udp_to_backends_too_long"));
            assertEquals(3, forwarder.total("udp_datagrams_from_clients"));
            assertEquals(2, forwarder.total("udp_datagrams_to_backends"));
        }
    }

    /** Bursts that fit the wire, and from a wire with jumbo frames to one without: the kernel cuts those no more. */
    @ParameterizedTest
    @CsvSource({"1500, 1400", "9000, 1472", "9000, 1473", "9000, 8000"})
    void shouldCarryBurstsToAnotherWire(int mtu, int each) throws Exception {
        net.run("ip", "link", "set", "out0", "mtu", Integer.toString(mtu));
        outside.run("ip", "link", "set", "pv0", "mtu", Integer.toString(mtu));
        byte[] burst = bytes(60_000);
        int count = (burst.length + each - 1) / each;
        Endpoint service = new Endpoint(IpAddress.parse(FORWARDER).orElseThrow(), port);
        try (UdpBackend backend = echo();
                ForwarderProcess forwarder = start(yaml(""));
                UdpPeer client = outside.call(() -> new UdpPeer(CLIENT))) {
            for (int round = 0; round < 3; round++) {
                client.sendCut(burst, each, service);
                for (int at = 0; at < burst.length; at += each) {
                    byte[] expected = Arrays.copyOfRange(burst, at, Math.min(at + each, burst.length));
                    assertArrayEquals(expected, client.receive().payload(), "at " + at);
                }
            }
            assertEquals(3 * count, backend.received());
            assertEquals(0, forwarder.stop());
            assertEquals(3L * count, forwarder.total("udp_datagrams_to_backends"));
            assertEquals(3L * count, forwarder.total("udp_datagrams_to_clients"));
        }
    }

    /** The rules are those of docs/addresses.md, word for word; the client's port is kept, too. */
    @Test
    void shouldSendFromClientsAddressOverRulesOfTheDocumentation() throws Exception {
        inside.run("ip", "route", "add", "default", "via", "10.9.0.1");
        net.set("ipv4/ip_forward", 1);
        net.shell(documented("socket transparent"));
        try (UdpBackend backend = echo();
                ForwarderProcess forwarder = start(yaml("").pool("source: { transparent: true }"));
                DatagramClient client = client(FORWARDER);
                DatagramClient another = client(FORWARDER)) {
            for (int i = 0; i < 10; i++) {
                client.assertEchoes(bytes(100 + i));
                another.assertEchoes(bytes(200 + i));
            }
            assertEquals(
                    Set.of(new InetSocketAddress(CLIENT, client.port()), new InetSocketAddress(CLIENT, another.port())),
                    backend.sources());
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("udp_sessions_opened"));
        }
    }

    /** A backend's host that is there, with nobody at the port, then one that is gone; the client never notices. */
    @Test
    void shouldRehomeSessionWhenAnIcmpErrorComes() throws Exception {
        inside.run("ip", "address", "add", "10.9.0.3/24", "dev", "pv0");
        String yaml = ForwarderYaml.to(port, BACKEND + ":" + backendPort, "10.9.0.3:" + backendPort)
                .listen("\"" + FORWARDER + ":" + port + "\"")
                .service("protocol: udp")
                .text();
        try (UdpBackend first = inside.call(() -> UdpBackend.echoAt(BACKEND, backendPort));
                UdpBackend second = inside.call(() -> UdpBackend.echoAt("10.9.0.3", backendPort));
                ForwarderProcess forwarder = net.call(() -> ForwarderProcess.start(directory, yaml));
                DatagramClient client = client(FORWARDER)) {
            client.assertEchoes(bytes(10));
            UdpBackend own = first.received() > 0 ? first : second;
            own.close();
            // Lost with the backend, and what brings the ICMP error.
            client.send(bytes(11));
            Await.until("the ICMP error", () -> forwarder.askTotals().getOrDefault("udp_backends_unreachable", 0L) > 0);
            client.assertEchoes(bytes(12));
            assertTrue(first.received() > 0 && second.received() > 0);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("udp_rehomed"));
            assertEquals(1, forwarder.total("udp_sessions_opened"));
        }
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private UdpBackend echo() throws Exception {
        return inside.call(() -> UdpBackend.echoAt(BACKEND, backendPort));
    }

    private DatagramClient client(String server) throws Exception {
        return outside.call(() -> new DatagramClient(CLIENT, server, port));
    }

    /** @param line one more of the service */
    private ForwarderYaml yaml(String line) {
        return ForwarderYaml.to(port, BACKEND + ":" + backendPort)
                .listen("\"" + FORWARDER + ":" + port + "\"")
                .service("protocol: udp")
                .service(line);
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
}
