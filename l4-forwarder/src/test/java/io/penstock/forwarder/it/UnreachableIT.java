package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.Payload.Digest;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way in which a connect fails, in a network namespace: another backend gets all that the client sent meanwhile. */
@Timeout(60)
class UnreachableIT {
    private static final int CLIENTS = 6;
    private static final int EARLY_BYTES = 200_003;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NetworkNamespace net;
    private TestBackend living;

    private enum Failure {
        /** connect(2) itself fails: there is no route. */
        NO_ROUTE("192.0.2.1:80"),
        /** A router says so. */
        HOST_UNREACHABLE("127.0.0.5:80"),
        /** Nobody says anything. */
        SILENT("127.0.0.4:80"),
        REFUSED("127.0.0.6:80");

        private final String address;

        Failure(String address) {
            this.address = address;
        }

        /** Long, where it is not what ends the attempt. */
        String connectTimeout() {
            return this == SILENT ? "100ms" : "1h";
        }
    }

    @BeforeEach
    void start() throws Exception {
        net = NetworkNamespace.create();
        net.vanish("127.0.0.4");
        net.makeUnreachable("127.0.0.5");
        living = net.call(TestBackend::echo);
    }

    @AfterEach
    void stop() {
        if (living != null) {
            living.close();
        }
        net.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAnotherBackendAllThatTheClientSentWhenOneFails(Failure failure) throws Exception {
        try (ForwarderProcess forwarder = start(failure.connectTimeout(), failure.address, living.address())) {
            int before = forwarder.openKernelObjects();
            assertAllEcho();
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(CLIENTS, forwarder.total("closed_completed"));
            assertEquals(CLIENTS, living.accepted());
            assertEquals(forwarder.total("connect_failed"), forwarder.total("connect_retried"));
            assertTrue(forwarder.total("connect_failed") > 0, "no client met it: " + forwarder.log());
        }
    }

    @Test
    void shouldTryBackendsUpToTheAttemptsAndThenResetTheClient() throws Exception {
        try (ForwarderProcess forwarder = start(
                "100ms",
                Failure.NO_ROUTE.address,
                Failure.HOST_UNREACHABLE.address,
                Failure.SILENT.address,
                Failure.REFUSED.address)) {
            int before = forwarder.openKernelObjects();
            for (int i = 0; i < CLIENTS; i++) {
                // As early as in the client's connect, as late as in its read.
                assertThrows(SocketException.class, () -> net.call(() -> Clients.ask(port)));
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(CLIENTS, forwarder.total("closed_connect_failed"));
            assertEquals(CLIENTS * 3, forwarder.total("connect_failed"));
            assertEquals(CLIENTS * 2, forwarder.total("connect_retried"));
        }
    }

    /** Established, answered and ended while the forwarder looked away: one event for all of it. */
    @Test
    void shouldTakeConnectAnswerAndEndOfABackendInOneEvent() throws Exception {
        try (TestBackend brief = net.call(() -> TestBackend.at("127.0.0.7", 0, TestBackend.saying("brief")));
                ForwarderProcess forwarder = start("1h", brief.address())) {
            int before = forwarder.openKernelObjects();
            net.vanish("127.0.0.7");
            try (Socket client = net.call(() -> Clients.connect(port))) {
                Await.until("connecting", () -> forwarder.openKernelObjects() == before + 2);
                forwarder.freeze();
                net.restore();
                // By the next retransmission of the SYN; the backend has closed when its accept loop has no more of it.
                Await.until("accepted, answered and closed", () -> brief.accepted() == 1 && brief.open() == 0);
                forwarder.thaw();
                assertEquals("brief", Clients.readToEnd(client));
                client.shutdownOutput();
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_completed"));
        }
    }

    private void assertAllEcho() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(net.call(() -> Clients.connect(port)));
            }
            for (int i = 0; i < CLIENTS; i++) {
                Payload early = new Payload(i, EARLY_BYTES);
                early.writeTo(clients.get(i).getOutputStream());
                clients.get(i).shutdownOutput();
            }
            for (int i = 0; i < CLIENTS; i++) {
                Digest echoed = Payload.read(clients.get(i).getInputStream(), 0);
                assertEquals(new Payload(i, EARLY_BYTES).digest(), echoed);
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private ForwarderProcess start(String connectTimeout, String... backends) throws Exception {
        String yaml = ForwarderYaml.to(port, backends)
                .service("timeouts: { connect: " + connectTimeout + " }")
                // So that some client meets the one that fails.
                .pool("balance: { policy: round-robin }")
                .text();
        return net.call(() -> ForwarderProcess.start(directory, yaml));
    }
}
