package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come by UNIX sockets, to real processes. */
@Timeout(180)
class UnixListenerIT {
    private static final long BULK = 64L << 20;
    private static final int CLIENTS = 4;
    private static final int SHORT_CONNECTIONS = 500;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    private Path socket() {
        return directory.resolve("web.sock");
    }

    private ForwarderYaml yaml(TestBackend backend) {
        return ForwarderYaml.of(port, backend)
                .listen("[\"127.0.0.1:" + port + "\", \"unix:" + socket() + "\"]")
                .top("workers: 2");
    }

    @Test
    void shouldCarryEverythingAndBothEnds() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            int idle = forwarder.openKernelObjects();
            UnixPeers.assertServed(socket());
            try (SocketChannel client = UnixPeers.connect(socket())) {
                UnixPeers.assertEchoes(client, new Payload(1, BULK));
            }
            forwarder.awaitKernelObjects(idle);
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("closed_completed"), forwarder::log);
            assertEquals(0, forwarder.total("bytes_spliced"), forwarder::log);
            backend.assertNoFailures();
        }
    }

    @Test
    void shouldShareShortConnectionsAmongWorkers() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            List<CompletableFuture<Void>> clients = Stream.generate(
                            () -> CompletableFuture.runAsync(this::connectOften))
                    .limit(CLIENTS)
                    .toList();
            clients.forEach(CompletableFuture::join);
            assertEquals(0, forwarder.stop());
            assertEquals(CLIENTS * SHORT_CONNECTIONS, forwarder.total("closed_completed"), forwarder::log);
        }
    }

    private void connectOften() {
        try {
            for (int i = 0; i < SHORT_CONNECTIONS; i++) {
                UnixPeers.assertServed(socket());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldOwnItsFileFromStartToStop() throws Exception {
        UnixPeers.listen(socket()).close();
        assertTrue(Files.exists(socket()), "stale");
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            UnixPeers.assertServed(socket());
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));

            String second = ForwarderYaml.of(Ports.free(), backend)
                    .listen("\"unix:" + socket() + "\"")
                    .text();
            assertRefused(second, "cannot listen on unix:" + socket() + ": another process listens there");
            UnixPeers.assertServed(socket());

            assertEquals(0, forwarder.stop());
            assertFalse(Files.exists(socket()), "removed");
        }
    }

    @Test
    void shouldRefuseWhatIsNoPlaceForASocket() throws Exception {
        try (TestBackend backend = TestBackend.echo()) {
            Path missing = directory.resolve("missing/web.sock");
            assertRefused(
                    ForwarderYaml.of(port, backend)
                            .listen("\"unix:" + missing + "\"")
                            .text(),
                    "there is no directory " + missing.getParent());
            Files.writeString(socket(), "precious");
            assertRefused(yaml(backend).text(), "there is a file that is no socket");
            assertEquals("precious", Files.readString(socket()));
        }
    }

    private void assertRefused(String yaml, String why) throws Exception {
        try (ForwarderProcess refused = ForwarderProcess.launch(directory, yaml, List.of(), Map.of())) {
            assertEquals(1, refused.awaitExit(), refused::log);
            assertTrue(refused.log().contains(why), refused::log);
        }
    }

    @Test
    void shouldComeAndGoWithReloads() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, backend).top("workers: 2").text())) {
            for (int i = 1; i <= 3; i++) {
                forwarder.offer(yaml(backend).text());
                Await.until(
                        () -> "it listens\n" + forwarder.log(), Duration.ofSeconds(15), () -> Files.exists(socket()));
                SocketChannel held = awaitConnected();
                UnixPeers.write(held, "before");
                assertEquals("before", UnixPeers.read(held, 6));
                forwarder.offer(
                        ForwarderYaml.of(port, backend).top("workers: 2").text());
                Await.until("its file is gone", () -> !Files.exists(socket()));
                UnixPeers.write(held, "after");
                assertEquals("after", UnixPeers.read(held, 5));
                held.close();
            }
            try (ServerSocketChannel other = UnixPeers.listen(socket())) {
                assertTrue(other.isOpen());
                assertEquals(0, forwarder.stop());
                assertTrue(Files.exists(socket()), "another's by now");
            }
        }
    }

    /** Between its bind and its listen a connect is refused. */
    private SocketChannel awaitConnected() throws Exception {
        SocketChannel[] connected = new SocketChannel[1];
        Await.until("it accepts", () -> {
            try {
                connected[0] = UnixPeers.connect(socket());
            } catch (IOException e) {
                return false;
            }
            return true;
        });
        return connected[0];
    }

    @Test
    void shouldStayWhenItIsHandedOver() throws Exception {
        String meeting = "take-over: { socket: " + directory.resolve("meet.sock") + " }";
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(
                        directory, yaml(backend).top(meeting).text())) {
            SocketChannel held = UnixPeers.connect(socket());
            UnixPeers.write(held, "one");
            assertEquals("one", UnixPeers.read(held, 3));
            try (ForwarderProcess next = ForwarderProcess.takeOver(
                    directory, yaml(backend).top(meeting).text().replace("workers: 2", "workers: 3"))) {
                old.awaitLog("event=take-over", "role=running", "step=done");
                for (int i = 0; i < 20; i++) {
                    UnixPeers.assertServed(socket());
                }
                UnixPeers.write(held, "two");
                assertEquals("two", UnixPeers.read(held, 3));
                held.close();
                assertEquals(0, old.awaitExit(), old::log);
                UnixPeers.assertServed(socket());
                assertEquals(0, next.stop());
                assertFalse(Files.exists(socket()), "removed by the last");
            }
        }
    }

    @Test
    void shouldEndAClientWhoseBackendIsGone() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                SocketChannel client = UnixPeers.connect(socket());
                Socket served = backend.next()) {
            UnixPeers.write(client, "question");
            assertEquals("question", Clients.read(served, 8));
            Clients.write(served, "half an ans");
            Clients.reset(served);
            assertEquals("half an ans", UnixPeers.read(client, 11));
            // What nobody reads any more turns the close into an error.
            Await.until("the end", () -> {
                try {
                    UnixPeers.write(client, "more");
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_backend_reset"), forwarder::log);
        }
        assertThrows(IOException.class, () -> UnixPeers.connect(socket()));
    }
}
