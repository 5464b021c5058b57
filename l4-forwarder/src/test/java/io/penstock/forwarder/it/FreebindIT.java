package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services of addresses that come and go while the forwarder runs, in a network namespace of the test's own. */
@Timeout(90)
class FreebindIT {
    private static final String VIP = "192.0.2.10";

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

    @ParameterizedTest
    @CsvSource({"192.0.2.10, 192.0.2.10/32", "[2001:db8::10], 2001:db8::10/128"})
    void shouldServeAnAddressOnceThisHostHasIt(String vip, String prefix) throws Exception {
        try (TestBackend backend = echo();
                ForwarderProcess forwarder = start(freebind(vip, backend.address()))) {
            assertThrows(IOException.class, () -> net.call(() -> connect(vip)).close());
            add(prefix);
            try (Socket client = net.call(() -> connect(vip))) {
                Clients.assertEchoes(client, "here");
            }
            assertEquals(0, forwarder.stop());
        }
    }

    /** Nothing is sent meanwhile; afterwards neither side has noticed. */
    @Test
    void shouldGoOnWithAConnectionWhoseAddressWasAwayForAMoment() throws Exception {
        add(VIP + "/32");
        try (TestBackend backend = echo();
                ForwarderProcess forwarder = start(freebind(VIP, backend.address()));
                Socket client = net.call(() -> connect(VIP))) {
            Clients.assertEchoes(client, "before");
            net.run("ip", "address", "del", VIP + "/32", "dev", "lo");
            assertThrows(IOException.class, () -> net.call(() -> connect(VIP)).close());
            add(VIP + "/32");
            Clients.assertEchoes(client, "after");
            try (Socket another = net.call(() -> connect(VIP))) {
                Clients.assertEchoes(another, "another");
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldAnswerDatagramsFromTheAddress() throws Exception {
        try (UdpBackend backend = net.call(UdpBackend::echo);
                ForwarderProcess forwarder =
                        start(freebind(VIP, backend.address()).service("protocol: udp"))) {
            add(VIP + "/32");
            try (DatagramClient client = net.call(() -> new DatagramClient("127.0.0.1", VIP, port))) {
                client.assertEchoes(new byte[] {1, 2, 3});
            }
            assertEquals(0, forwarder.stop());
        }
    }

    /** The sockets are the same ones whether or not the new file says freebind. */
    @Test
    void shouldHandOverListenersWhoseAddressIsAway() throws Exception {
        String meet = "take-over: { socket: " + directory.resolve("take-over.sock") + " }";
        try (TestBackend backend = echo();
                ForwarderProcess old =
                        start(freebind(VIP, backend.address()).top(meet).top("workers: 2"));
                ForwarderProcess next = net.call(() -> ForwarderProcess.takeOver(
                        directory,
                        to(VIP, backend.address()).top(meet).top("workers: 2").text()))) {
            assertEquals(0, old.awaitExit(), old::log);
            add(VIP + "/32");
            try (Socket client = net.call(() -> connect(VIP))) {
                Clients.assertEchoes(client, "here");
            }
            assertEquals(0, next.stop());
        }
    }

    @Test
    void shouldSayWhatHelpsWhenItCannotStart() throws Exception {
        String yaml = to(VIP, "127.0.0.1:9").text();
        try (ForwarderProcess forwarder =
                net.call(() -> ForwarderProcess.launch(directory, yaml, List.of(), Map.of()))) {
            assertTrue(forwarder.awaitEnd(Duration.ofSeconds(30)));
            assertEquals(1, forwarder.awaitExit());
            assertTrue(forwarder.log().contains("freebind: true"), forwarder::log);
        }
    }

    private void add(String prefix) throws Exception {
        if (prefix.contains(":")) {
            net.run("ip", "address", "add", prefix, "dev", "lo", "nodad");
            // The kernel makes the address's route a little later, on a thread of its own, also without duplicate
            // address detection.
            String address = prefix.substring(0, prefix.indexOf('/'));
            net.run("timeout", "10", "sh", "-c", "until ip -6 route get " + address + "; do sleep 0.01; done");
        } else {
            net.run("ip", "address", "add", prefix, "dev", "lo");
        }
    }

    private Socket connect(String vip) throws IOException {
        Socket client = new Socket();
        String source = vip.startsWith("[") ? "::1" : "127.0.0.1";
        client.bind(new InetSocketAddress(source, 0));
        return Clients.connect(client, vip.replace("[", "").replace("]", ""), port);
    }

    private TestBackend echo() throws Exception {
        return net.call(() -> TestBackend.at("127.0.0.1", Ports.free(), TestBackend::echo));
    }

    private ForwarderYaml freebind(String vip, String backend) {
        return to(vip, backend).service("freebind: true");
    }

    private ForwarderYaml to(String vip, String backend) {
        return ForwarderYaml.to(port, backend).listen("\"" + vip + ":" + port + "\"");
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return net.call(() -> ForwarderProcess.start(directory, yaml.text()));
    }
}
