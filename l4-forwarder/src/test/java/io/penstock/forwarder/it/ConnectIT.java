package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends that refuse, that do not answer, and clients that do not wait. */
@Timeout(60)
class ConnectIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    /** A listener whose queue is full: the kernel drops what else would connect, which so hangs. */
    private static final class Hanging implements AutoCloseable {
        private static final int FILL_MAX = 16;
        private static final int PROBE_MS = 100;

        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> fillers = new ArrayList<>();

        Hanging() throws IOException {
            for (int i = 0; i < FILL_MAX; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(server.getLocalSocketAddress(), PROBE_MS);
                } catch (SocketTimeoutException full) {
                    return;
                }
            }
            throw new IOException("the queue does not fill");
        }

        String address() {
            return "127.0.0.1:" + server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket filler : fillers) {
                filler.close();
            }
            server.close();
        }
    }

    @Test
    void shouldUseAnotherBackendWhenOneRefuses() throws Exception {
        try (TestBackend living = TestBackend.running(TestBackend.saying("alive"));
                ForwarderProcess forwarder = start(ForwarderYaml.to(port, refusing(), living.address(), refusing()))) {
            for (int i = 0; i < 300; i++) {
                assertEquals("alive", Clients.ask(port));
            }
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("connect_retried") > 100, forwarder.log());
            assertEquals(300, forwarder.total("closed_completed"));
        }
    }

    @Test
    void shouldResetTheClientWhenAllBackendsRefuse() throws Exception {
        try (ForwarderProcess forwarder =
                start(ForwarderYaml.to(port, refusing(), refusing()).service("connect-attempts: 2"))) {
            int before = forwarder.openKernelObjects();
            for (int i = 0; i < 50; i++) {
                // The reset may come while the client's connect has not yet returned.
                SocketException reset = assertThrows(SocketException.class, () -> Clients.ask(port));
                assertTrue(reset.getMessage().contains("reset"), reset.toString());
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(50, forwarder.total("closed_connect_failed"));
        }
    }

    @Test
    void shouldUseAnotherBackendWhenOneDoesNotAnswerInTime() throws Exception {
        Duration connectTimeout = Duration.ofMillis(150);
        try (Hanging hanging = new Hanging();
                TestBackend living = TestBackend.running(TestBackend.saying("alive"));
                ForwarderProcess forwarder = start(ForwarderYaml.to(port, hanging.address(), living.address())
                        .service("timeouts: { connect: " + connectTimeout.toMillis() + "ms }"))) {
            int before = forwarder.openKernelObjects();
            int waited = 0;
            for (int i = 0; i < 20; i++) {
                long startNs = System.nanoTime();
                assertEquals("alive", Clients.ask(port));
                waited += System.nanoTime() - startNs >= connectTimeout.toNanos() ? 1 : 0;
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(waited, forwarder.total("connect_retried"));
            assertTrue(waited > 0);
        }
    }

    @Test
    void shouldResetTheClientWhenNoBackendAnswersInTime() throws Exception {
        try (Hanging hanging = new Hanging();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.to(port, hanging.address()).service("timeouts: { connect: 200ms }"));
                Socket client = Clients.connect(port)) {
            Clients.assertReset(client);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_connect_failed"));
        }
    }

    @Test
    void shouldGiveUpConnectingWhenTheClientIsGone() throws Exception {
        try (Hanging hanging = new Hanging();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.to(port, hanging.address()).service("timeouts: { connect: 1h }"))) {
            int before = forwarder.openKernelObjects();
            Socket client = Clients.connect(port);
            Await.until("connecting", () -> forwarder.openKernelObjects() == before + 2);
            Clients.reset(client);
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_client_gone"));
        }
    }

    @Test
    void shouldDeliverWhatTheClientSentAndEndedBeforeABackendAnswered() throws Exception {
        try (Hanging hanging = new Hanging();
                TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.to(port, hanging.address(), echo.address())
                        .service("timeouts: { connect: 100ms }"))) {
            for (int i = 0; i < 20; i++) {
                try (Socket client = Clients.connect(port)) {
                    Clients.write(client, "early");
                    client.shutdownOutput();
                    assertEquals("early", Clients.readToEnd(client));
                }
            }
            assertEquals(0, forwarder.stop());
            assertEquals(20, forwarder.total("closed_completed"));
        }
    }

    @Test
    void shouldResetAClientThatHadEndedWhenNoBackendAnswers() throws Exception {
        try (Hanging hanging = new Hanging();
                ForwarderProcess forwarder = start(ForwarderYaml.to(port, hanging.address(), refusing())
                        .service("timeouts: { connect: 100ms }"))) {
            for (int i = 0; i < 10; i++) {
                // As early as in the client's connect, as late as in its read; never an end of the stream.
                assertThrows(SocketException.class, () -> {
                    try (Socket client = Clients.connect(port)) {
                        client.shutdownOutput();
                        Clients.assertEnded(client);
                    }
                });
            }
            assertEquals(0, forwarder.stop());
            assertEquals(10, forwarder.total("closed_connect_failed"));
        }
    }

    /** Comes with the connect, which then has failed and is tried again, or just after it. */
    @Test
    void shouldResetTheClientWhenBackendsResetAtOnce() throws Exception {
        try (TestBackend resetting = TestBackend.running(Clients::reset);
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, resetting))) {
            int before = forwarder.openKernelObjects();
            for (int i = 0; i < 100; i++) {
                SocketException reset = assertThrows(SocketException.class, () -> Clients.ask(port));
                assertTrue(reset.getMessage().contains("reset"), reset.toString());
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(100, forwarder.total("closed_backend_reset") + forwarder.total("closed_connect_failed"));
        }
    }

    /** The address of a port where nobody listens. */
    private static String refusing() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }
}
