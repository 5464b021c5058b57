package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where clients can connect. */
@Timeout(60)
class ListenersIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldTakeBothFamiliesOnAStarAndOnlyItsOwnOnAFamilysWildcard() throws Exception {
        int ipv4 = Ports.free();
        int ipv6 = Ports.free();
        String listen = "[\"*:%d\", \"0.0.0.0:%d\", \"[::]:%d\"]".formatted(port, ipv4, ipv6);
        try (TestBackend backend = TestBackend.running(TestBackend.saying("here"));
                ForwarderProcess forwarder = start(ForwarderYaml.of(0, backend).listen(listen))) {
            assertEquals("here", ask("127.0.0.1", port));
            assertEquals("here", ask("127.0.0.77", port));
            assertEquals("here", ask("::1", port));
            assertEquals("here", ask("127.0.0.1", ipv4));
            assertThrows(ConnectException.class, () -> ask("::1", ipv4));
            assertEquals("here", ask("::1", ipv6));
            assertThrows(ConnectException.class, () -> ask("127.0.0.1", ipv6));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldListenOnExactlyTheAddressesOfAService() throws Exception {
        String listen = "[\"127.0.0.2:%d\", \"127.0.0.3:%d\", \"[::1]:%d\"]".formatted(port, port, port);
        try (TestBackend backend = TestBackend.running(TestBackend.saying("here"));
                ForwarderProcess forwarder = start(ForwarderYaml.of(0, backend).listen(listen))) {
            assertEquals("here", ask("127.0.0.2", port));
            assertEquals("here", ask("127.0.0.3", port));
            assertEquals("here", ask("::1", port));
            assertThrows(ConnectException.class, () -> ask("127.0.0.1", port));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldReachBackendsOverIpv6() throws Exception {
        try (TestBackend backend = TestBackend.at("::1", 0, TestBackend.saying("six"));
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend))) {
            assertEquals("six", ask("127.0.0.1", port));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldReachTheBackendAtTheClientsPortThroughARange() throws Exception {
        int count = 8;
        int first = Ports.free(count);
        List<TestBackend> backends = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                backends.add(TestBackend.at("127.0.0.9", first + i, TestBackend.saying("port " + (first + i))));
            }
            String listen = "\"127.0.0.1:%d-%d\"".formatted(first, first + count - 1);
            try (ForwarderProcess forwarder =
                    start(ForwarderYaml.to(0, "127.0.0.9").listen(listen))) {
                for (int i = 0; i < count; i++) {
                    assertEquals("port " + (first + i), ask("127.0.0.1", first + i));
                }
                assertThrows(ConnectException.class, () -> ask("127.0.0.1", first + count));
                assertEquals(0, forwarder.stop());
            }
        } finally {
            backends.forEach(TestBackend::close);
        }
    }

    @Test
    void shouldKeepServicesApart() throws Exception {
        int other = Ports.free();
        try (TestBackend red = TestBackend.running(TestBackend.saying("red"));
                TestBackend blue = TestBackend.running(TestBackend.saying("blue"))) {
            String yaml = """
                    services:
                      red: { listen: "127.0.0.1:%d" }
                      blue: { listen: ["*:%d"] }
                      again: { listen: "127.0.0.2:%d", pool: red }
                    pools:
                      red: { health: none, backends: ["%s"] }
                      blue: { health: { interval: 100ms }, backends: ["%s"] }
                    """.formatted(port, other, port, red.address(), blue.address());
            try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml)) {
                for (int i = 0; i < 20; i++) {
                    assertEquals("red", ask("127.0.0.1", port));
                    assertEquals("blue", ask("127.0.0.1", other));
                    assertEquals("blue", ask("::1", other));
                    assertEquals("red", ask("127.0.0.2", port));
                }
                assertEquals(0, forwarder.stop());
                assertEquals(80, forwarder.total("closed_completed"));
            }
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    private static String ask(String host, int port) throws IOException {
        try (Socket socket = Clients.connect(host, port)) {
            return Clients.readToEnd(socket);
        }
    }
}
