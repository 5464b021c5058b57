package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that send many datagrams a second, to their own servers, unchanged. */
@Timeout(90)
class UdpToolsIT {
    private static final Pattern LOST = Pattern.compile("\"lost_packets\":\\s*(\\d+)");
    private static final Pattern SENT = Pattern.compile("\"packets\":\\s*(\\d+)");

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int serverPort = Ports.free();
    private Programs programs;

    @BeforeEach
    void setUp() {
        programs = new Programs(directory);
    }

    @AfterEach
    void tearDown() throws Exception {
        programs.close();
    }

    /**
     * Its control connection is TCP, to the same port. The longest datagrams are those of WireGuard at an MTU of 1500. In a
     * namespace of its own, whose counters tell whose buffer was full when a busy host let iperf3 itself wait too long.
     */
    @ParameterizedTest
    @CsvSource({"64, ''", "1372, ''", "1372, -R", "1372, --bidir", "1420, ''", "1420, -R", "1452, --bidir"})
    void shouldServeIperf3WithoutLoss(int length, String direction) throws Exception {
        Tools.assume("iperf3");
        String yaml = """
                services:
                  control: { listen: "127.0.0.1:%1$d", pool: iperf }
                  data: { listen: "127.0.0.1:%1$d", protocol: udp, pool: iperf }
                pools:
                  iperf: { health: none, backends: ["127.0.0.1:%2$d"] }
                """.formatted(port, serverPort);
        try (NetworkNamespace net = NetworkNamespace.create();
                ForwarderProcess forwarder = net.call(() -> ForwarderProcess.start(directory, yaml))) {
            Programs.Program server = net.call(() -> programs.launch(
                    "iperf3", "-s", "-1", "--forceflush", "-B", "127.0.0.1", "-p", Integer.toString(serverPort)));
            server.awaitSaid("listening");
            String rate = length < 100 ? "1M" : "10M";
            String json = net.call(() -> programs.run(
                    "iperf3",
                    "-c",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(port),
                    "-u",
                    "-b",
                    rate,
                    "-l",
                    Integer.toString(length),
                    "-t",
                    "2",
                    "-J",
                    direction));
            assertEquals(0L, net.call(() -> KernelSockets.dropped(port, serverPort)), "at the forwarder's sockets");
            assertTrue(largest(SENT, json) > 0, json);
            assertEquals(net.call(() -> KernelSockets.dropped()), largest(LOST, json), json);
            assertPassed(forwarder);
        }
    }

    /** Each figure stands there several times: of intervals, of streams, and of all. */
    private static long largest(Pattern figure, String json) {
        return figure.matcher(json)
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElseThrow(() -> new AssertionError(json));
    }

    private static void assertPassed(ForwarderProcess forwarder) throws Exception {
        assertEquals(0, forwarder.stop());
        assertEquals(forwarder.total("udp_datagrams_from_clients"), forwarder.total("udp_datagrams_to_backends"));
        assertEquals(forwarder.total("udp_datagrams_from_backends"), forwarder.total("udp_datagrams_to_clients"));
    }

    /** A tunnel whose ends know each other by the forwarder's address only, and 20 MB through it in each direction. */
    @Test
    void shouldCarryWireguardTunnel() throws Exception {
        Tools.assume("iperf3", "ip", "wg");
        try (NetworkNamespace net = NetworkNamespace.create();
                NetworkNamespace outside = NetworkNamespace.create();
                NetworkNamespace inside = NetworkNamespace.create()) {
            net.join("out0", "198.51.100.1/24", outside, "pv0", "198.51.100.7/24");
            net.join("in0", "10.9.0.1/24", inside, "pv0", "10.9.0.2/24");
            String clientKey = key("client");
            String serverKey = key("server");
            // One directory holds the control sockets of all namespaces.
            String clientDevice = "wgc" + port;
            String serverDevice = "wgs" + port;
            addTunnel(outside, clientDevice, "10.77.0.2/24");
            addTunnel(inside, serverDevice, "10.77.0.1/24");
            wg(inside, serverDevice, "server", "listen-port 51820 peer " + clientKey + " allowed-ips 10.77.0.2/32");
            wg(
                    outside,
                    clientDevice,
                    "client",
                    "peer " + serverKey + " allowed-ips 10.77.0.1/32 endpoint 198.51.100.1:" + port);
            String yaml = ForwarderYaml.to(port, "10.9.0.2:51820")
                    .listen("\"198.51.100.1:" + port + "\"")
                    .service("protocol: udp")
                    .text();
            try (ForwarderProcess forwarder = net.call(() -> ForwarderProcess.start(directory, yaml))) {
                Programs.Program server =
                        inside.call(() -> programs.launch("iperf3", "-s", "-1", "--forceflush", "-B", "10.77.0.1"));
                server.awaitSaid("listening");
                String json =
                        outside.call(() -> programs.run("iperf3", "-c", "10.77.0.1", "-n", "20M", "--bidir", "-J"));
                assertTrue(json.contains("\"sum_received\"") && !json.contains("\"error\""), json);
                assertPassed(forwarder);
                assertEquals(1, forwarder.total("udp_sessions_opened"));
                // iperf3 ends both directions when one has had its 20 MiB.
                long toBackends = forwarder.total("udp_bytes_to_backends");
                long toClients = forwarder.total("udp_bytes_to_clients");
                assertTrue(Math.max(toBackends, toClients) > 20_000_000, forwarder.log());
                assertTrue(Math.min(toBackends, toClients) > 1_000_000, forwarder.log());
            }
        }
    }

    /** The public half; the private one is in a file of this name. */
    private String key(String name) throws Exception {
        Path file = directory.resolve(name);
        return programs.run("sh", "-ec", "umask 077; wg genkey > " + file + "; wg pubkey < " + file)
                .trim();
    }

    /** By the kernel, or else by wireguard-go. */
    private void addTunnel(NetworkNamespace where, String device, String address) throws Exception {
        Programs.Program kernels = where.call(() -> programs.launch("ip", "link", "add", device, "type", "wireguard"));
        if (kernels.awaitEnd() != 0) {
            Tools.assume("wireguard-go");
            where.call(() -> programs.launch("wireguard-go", "-f", device));
            Path control = Path.of("/var/run/wireguard", device + ".sock");
            Await.until("a tunnel by wireguard-go", () -> Files.exists(control));
        }
        where.run("ip", "address", "add", address, "dev", device);
    }

    private void wg(NetworkNamespace where, String device, String key, String words) throws Exception {
        where.shell("wg set " + device + " private-key " + directory.resolve(key) + " " + words);
        where.run("ip", "link", "set", device, "up");
    }
}
