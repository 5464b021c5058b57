package io.penstock.forwarder.client.xdp;

import static io.penstock.forwarder.client.xdp.PlaneFixture.IPIP;
import static io.penstock.forwarder.client.xdp.PlaneFixture.L2;
import static io.penstock.forwarder.client.xdp.PlaneFixture.NO_MAC;
import static io.penstock.forwarder.client.xdp.PlaneFixture.UP;
import static io.penstock.forwarder.client.xdp.PlaneFixture.VXLAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.TcFilter;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Probes to a VIP that is on no way: a forwarder and a backend that {@code xdp backend} has prepared, two cables between them. What is
 * marked arrives in the backend's encapsulation; to everything else there is no way at all.
 */
@Timeout(120)
class HealthProgramIT {
    private static final String VIP4 = "192.0.2.10";
    private static final String VIP6 = "2001:db8:9::10";
    private static final int PORT = 8_080;
    private static final int ID = 5;
    private static final int PATIENCE_MS = 5_000;
    private static final int IMPATIENCE_MS = 400;
    private static final String ANSWER = "served".repeat(2_000);

    private final String name = "test-h-" + ProcessHandle.current().pid();
    private NetworkNamespace forwarder;
    private NetworkNamespace backend;
    private PlaneFixture plane;
    private ServerSocket server;

    @BeforeEach
    void make() throws Exception {
        BpfRig.assumeLoadable();
        Tools.assume("ethtool", "nft");
        forwarder = NetworkNamespace.create();
        backend = NetworkNamespace.create();
        cable("eth0", "10.0.0", "2001:db8::");
        cable("eth1", "10.0.1", "2001:db8:1::");
        // A gateway that is not there: what is not taken up on its way out is lost.
        forwarder.ip("neighbour add 10.0.0.254 lladdr 02:00:00:00:00:fe dev eth0");
        forwarder.ip("neighbour add 2001:db8::fe lladdr 02:00:00:00:00:fe dev eth0");
        forwarder.ip("route add 192.0.2.0/24 via 10.0.0.254");
        forwarder.ip("-6 route add 2001:db8:9::/64 via 2001:db8::fe");
        plane = new PlaneFixture();
        plane.config(2, 1, "10.0.0.1", "2001:db8::1");
        for (String device : List.of("eth0", "eth1")) {
            forwarder.call(() -> TcFilter.attachEgress(
                    plane.health().program("health"), NetworkInterfaces.index(device), 1, 0x7073));
        }
        server = backend.call(() -> new ServerSocket(PORT));
        Thread serving = new Thread(this::serve, "test-server");
        serving.setDaemon(true);
        serving.start();
    }

    /** What passes through XDP at its end has its checksums made by the sender. */
    private void cable(String device, String network4, String network6) throws Exception {
        String thread = backend.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        forwarder.ip("link add " + device + " type veth peer name " + device + " netns " + thread);
        int host = 1;
        for (NetworkNamespace end : List.of(forwarder, backend)) {
            end.ip("address add " + network4 + "." + host + "/24 dev " + device);
            end.ip("address add " + network6 + host + "/64 dev " + device + " nodad");
            end.ip("link set " + device + " up");
            end.run("ethtool", "-K", device, "tx", "off");
            host += 10;
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException ended) {
                // The client has gone, or the test is over.
            }
        }
    }

    @AfterEach
    void remove() throws Exception {
        if (plane != null) {
            server.close();
            plane.close();
            forwarder.close();
            XdpRun.forget(backend);
            backend.close();
            BpfPins.remove(BackendHost.PINS.resolve(name));
        }
    }

    private void prepare(String device, String... encapsulation) throws Exception {
        String[] words = {
            "backend", "--vip", VIP4, "--vip", VIP6, "--interface", device, "--name", name, "--encapsulation"
        };
        String[] all = Arrays.copyOf(words, words.length + encapsulation.length);
        System.arraycopy(encapsulation, 0, all, words.length, encapsulation.length);
        XdpRun run = XdpRun.in(backend, all);
        assertEquals(0, run.exitCode(), run.err() + run.out());
    }

    private String mac(NetworkNamespace end, String device) throws Exception {
        return Words.text(end.ipJson("link show dev " + device).get(0).getAsJsonObject(), "address");
    }

    private String macs(String device) throws Exception {
        return mac(backend, device) + " " + mac(forwarder, device);
    }

    private void mark(int mark) throws Exception {
        forwarder.run("nft", "add table inet test");
        forwarder.run("nft", "flush table inet test");
        forwarder.run("nft", "add chain inet test out { type filter hook output priority 0; }");
        // The kernel's own neighbour messages have no socket, whose mark they would bear.
        forwarder.run("nft", "add rule inet test out meta l4proto tcp meta mark set 0x" + Integer.toHexString(mark));
    }

    private String ask(String address, int timeoutMs) throws Exception {
        return forwarder.call(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getByName(address), PORT), timeoutMs);
                socket.setSoTimeout(timeoutMs);
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            }
        });
    }

    private long count(ProbeCounter counter) throws PlaneException {
        try (PinnedPlane pinned = PinnedPlane.open(plane.name())) {
            return pinned.sums("probes", counter.index(), 1)[0];
        }
    }

    @ParameterizedTest
    @CsvSource({
        "l2, 10.0.0.11, 192.0.2.10",
        "l2, 2001:db8::11, 2001:db8:9::10",
        "ipip, 10.0.0.11, 192.0.2.10",
        "ipip, 10.0.0.11, 2001:db8:9::10",
        "ipip, 2001:db8::11, 192.0.2.10",
        "ipip, 2001:db8::11, 2001:db8:9::10",
        "vxlan, 10.0.0.11, 192.0.2.10",
        "vxlan, 10.0.0.11, 2001:db8:9::10",
        "vxlan, 2001:db8::11, 192.0.2.10",
        "vxlan, 2001:db8::11, 2001:db8:9::10"
    })
    void shouldReachTheBackendOfTheMark(String encapsulation, String address, String vip) throws Exception {
        if (encapsulation.equals("l2")) {
            prepare("eth0", "l2");
        } else {
            prepare("eth0", encapsulation, "--forwarder", address.contains(":") ? "2001:db8::1" : "10.0.0.1");
        }
        int code = encapsulation.equals("l2") ? L2 : encapsulation.equals("ipip") ? IPIP : VXLAN;
        plane.real(ID, address, code, UP, macs("eth0"), 0);
        assertThrows(SocketTimeoutException.class, () -> ask(vip, IMPATIENCE_MS));
        assertEquals(0, count(ProbeCounter.SENT));
        mark(0x7000_0000 | ID);
        assertEquals(ANSWER, ask(vip, PATIENCE_MS));
        assertEquals(0, count(ProbeCounter.NO_REAL) + count(ProbeCounter.NO_MAC) + count(ProbeCounter.NO_ROOM));
        if (code == IPIP) {
            assertTrue(decapsulated(address, vip) >= 3);
        }
    }

    /** By what the backend's own check says. */
    private long decapsulated(String outer, String vip) throws Exception {
        XdpRun check = XdpRun.in(
                backend,
                "backend",
                "--vip",
                VIP4,
                "--vip",
                VIP6,
                "--interface",
                "eth0",
                "--name",
                name,
                "--encapsulation",
                "ipip",
                "--check",
                "--json");
        String counter = "decapsulated_" + (vip.contains(":") ? 6 : 4) + "in" + (outer.contains(":") ? 6 : 4);
        return Words.number(Words.object(check.json().getAsJsonObject(), "packets"), counter);
    }

    @ParameterizedTest
    @CsvSource({"l2, 192.0.2.10", "ipip, 192.0.2.10", "ipip, 2001:db8:9::10"})
    void shouldLeaveByTheInterfaceOfTheBackend(String encapsulation, String vip) throws Exception {
        prepare("eth1", encapsulation);
        int ifindex = forwarder.call(() -> NetworkInterfaces.index("eth1"));
        plane.real(ID, "10.0.1.11", encapsulation.equals("l2") ? L2 : IPIP, UP, macs("eth1"), ifindex);
        mark(0x7000_0000 | ID);
        assertEquals(ANSWER, ask(vip, PATIENCE_MS));
    }

    @Test
    void shouldReachNobodyWhenTheBackendIsNotThere() throws Exception {
        prepare("eth0", "l2");
        mark(0x7000_0000 | ID);
        assertThrows(IOException.class, () -> ask(VIP4, IMPATIENCE_MS));
        assertTrue(count(ProbeCounter.NO_REAL) > 0);
        plane.real(ID, "10.0.0.11", L2, UP, NO_MAC, 0);
        assertThrows(IOException.class, () -> ask(VIP4, IMPATIENCE_MS));
        assertTrue(count(ProbeCounter.NO_MAC) > 0);
        // A number that no map has.
        mark(0x7fff_ffff);
        assertThrows(IOException.class, () -> ask(VIP6, IMPATIENCE_MS));
        assertEquals(0, count(ProbeCounter.SENT));
    }

    @Test
    void shouldLeaveOtherMarksAlone() throws Exception {
        plane.real(ID, "10.0.0.11", L2, UP, NO_MAC, 0);
        for (int mark : List.of(0, ID, 0x6000_0000 | ID, 0xf000_0000 | ID)) {
            mark(mark);
            assertEquals(ANSWER, ask("10.0.0.11", PATIENCE_MS));
        }
        assertEquals(0, count(ProbeCounter.NO_MAC) + count(ProbeCounter.NO_REAL));
    }
}
