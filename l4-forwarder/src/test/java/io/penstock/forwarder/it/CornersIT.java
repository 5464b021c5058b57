package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.Payload.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends that are not the usual ones: resets, half-closes, silence, urgent data. */
@Timeout(60)
class CornersIT {
    private static final int SMALL_BUFFER = 32 << 10;
    private static final Duration IDLE = Duration.ofMillis(400);
    private static final Duration FIN = Duration.ofMillis(700);

    private enum Side {
        CLIENT,
        BACKEND
    }

    @TempDir
    Path directory;

    private TestBackend backend;
    private ForwarderProcess forwarder;
    private int port;
    private int idlePort;
    private int finPort;
    private int before;

    @BeforeEach
    void start() throws Exception {
        backend = TestBackend.byHand(SMALL_BUFFER);
        port = Ports.free();
        idlePort = Ports.free();
        finPort = Ports.free();
        forwarder = ForwarderProcess.start(directory, """
                services:
                  test: { listen: "127.0.0.1:%d" }
                  idle: { listen: "127.0.0.1:%d", pool: test, timeouts: { idle: %dms, fin: %dms } }
                  fin: { listen: "127.0.0.1:%d", pool: test, timeouts: { fin: %dms } }
                pools:
                  test: { health: none, backends: ["%s"] }
                """.formatted(
                        port, idlePort, IDLE.toMillis(), FIN.toMillis(), finPort, FIN.toMillis(), backend.address()));
        before = forwarder.openKernelObjects();
    }

    @AfterEach
    void stop() {
        forwarder.close();
        backend.close();
    }

    private record Pair(Socket client, Socket server) implements AutoCloseable {
        Socket of(Side side) {
            return side == Side.CLIENT ? client : server;
        }

        Socket opposite(Side side) {
            return side == Side.CLIENT ? server : client;
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Pair open(int port) throws Exception {
        Socket client = new Socket();
        client.setReceiveBufferSize(SMALL_BUFFER);
        Clients.connect(client, "127.0.0.1", port);
        return new Pair(client, backend.next());
    }

    @ParameterizedTest
    @EnumSource
    void shouldResetTheOtherSideWhenOneResets(Side dying) throws Exception {
        try (Pair pair = open(port)) {
            Clients.write(pair.client(), "hello");
            assertEquals("hello", Clients.read(pair.server(), 5));
            Clients.reset(pair.of(dying));
            Clients.assertReset(pair.opposite(dying));
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(1, forwarder.total(dying == Side.CLIENT ? "closed_client_reset" : "closed_backend_reset"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldResetASideThatHadEndedAndStillReads(Side dying) throws Exception {
        try (Pair pair = open(port)) {
            Socket survivor = pair.opposite(dying);
            survivor.shutdownOutput();
            Clients.assertEnded(pair.of(dying));
            Clients.reset(pair.of(dying));
            Clients.assertReset(survivor);
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatCameBeforeAResetToASideThatHadEnded(Side dying) throws Exception {
        Payload payload = new Payload(10, 16L * SMALL_BUFFER);
        try (Pair pair = open(port)) {
            Socket sender = pair.of(dying);
            Socket survivor = pair.opposite(dying);
            survivor.shutdownOutput();
            Clients.assertEnded(sender);
            payload.writeTo(sender.getOutputStream());
            Await.until("everything acknowledged", () -> KernelSockets.unacknowledged(sender) == 0);
            Clients.reset(sender);
            assertEquals(payload.digest(), readToReset(survivor));
        }
        forwarder.awaitKernelObjects(before);
    }

    /** Its kernel answers what comes after the close with a reset. */
    @ParameterizedTest
    @EnumSource
    void shouldStopTheWriterWhenItsReaderHasClosed(Side closing) throws Exception {
        try (Pair pair = open(port)) {
            Socket writer = pair.opposite(closing);
            Clients.write(pair.of(closing), "goodbye");
            pair.of(closing).close();
            assertEquals("goodbye", Clients.readToEnd(writer));
            byte[] some = new byte[SMALL_BUFFER];
            assertThrows(SocketException.class, () -> {
                while (true) {
                    writer.getOutputStream().write(some);
                }
            });
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEverythingToAPeerThatNeverWrites(Side silent) throws Exception {
        Payload payload = new Payload(11, 64L * SMALL_BUFFER);
        try (Pair pair = open(port)) {
            Socket sender = pair.opposite(silent);
            Thread writing = new Thread(() -> {
                try {
                    payload.writeTo(sender.getOutputStream());
                    sender.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writing.start();
            assertEquals(payload.digest(), Payload.read(pair.of(silent).getInputStream(), 0));
            writing.join();
            pair.of(silent).close();
            Clients.assertEnded(sender);
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(1, forwarder.total("closed_completed"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldResetTheOtherSideWhenOneResetsAfterItsFin(Side dying) throws Exception {
        try (Pair pair = open(port)) {
            Socket survivor = pair.opposite(dying);
            pair.of(dying).shutdownOutput();
            Clients.assertEnded(survivor);
            Clients.reset(pair.of(dying));
            // The survivor's receiving direction has ended already, so it is its writes that fail.
            Await.until("writes fail", () -> {
                try {
                    survivor.getOutputStream().write(1);
                    return false;
                } catch (SocketException broken) {
                    return true;
                }
            });
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatCameBeforeAResetToAReaderThatBeginsLate(Side dying) throws Exception {
        // Many times what the reader's socket takes, so that most of it is still in the forwarder when the reset comes.
        Payload payload = new Payload(7, 16L * SMALL_BUFFER);
        try (Pair pair = open(port)) {
            Socket sender = pair.of(dying);
            payload.writeTo(sender.getOutputStream());
            // What its own kernel still holds would be dropped by the reset: that is no loss of the forwarder's.
            Await.until("everything acknowledged", () -> KernelSockets.unacknowledged(sender) == 0);
            int localPort = sender.getLocalPort();
            int remotePort = sender.getPort();
            Clients.reset(sender);
            Await.until("the reset has arrived", () -> !KernelSockets.hasPeer(localPort, remotePort));
            assertEquals(payload.digest(), readToReset(pair.opposite(dying)));
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatCameBeforeAResetWhenTheReaderWasWritingItself(Side dying) throws Exception {
        Payload payload = new Payload(8, 16L * SMALL_BUFFER);
        try (Pair pair = open(port)) {
            Socket sender = pair.of(dying);
            Socket survivor = pair.opposite(dying);
            // Fills the direction towards the side that dies, which never reads it.
            survivor.getOutputStream().write(new byte[SMALL_BUFFER * 8]);
            payload.writeTo(sender.getOutputStream());
            Await.until("everything acknowledged", () -> KernelSockets.unacknowledged(sender) == 0);
            Clients.reset(sender);
            assertEquals(payload.digest(), readToReset(survivor));
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheOtherDirectionGoingWhenOneIsHalfClosed(Side first) throws Exception {
        try (Pair pair = open(port)) {
            Socket ended = pair.of(first);
            Socket going = pair.opposite(first);
            Clients.write(ended, "last words");
            ended.shutdownOutput();
            assertEquals("last words", Clients.readToEnd(going));
            for (int i = 0; i < 100; i++) {
                Clients.write(going, "still here");
                assertEquals("still here", Clients.read(ended, 10));
            }
            going.shutdownOutput();
            Clients.assertEnded(ended);
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(1, forwarder.total("closed_completed"));
    }

    @Test
    void shouldEndTheClientCleanlyWhenTheBackendClosesAtOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Socket client = Clients.connect(port)) {
                backend.next().close();
                Clients.assertEnded(client);
            }
        }
        forwarder.awaitKernelObjects(before);
    }

    @Test
    void shouldResetBothSidesWhenNothingMovesForTheIdleTimeout() throws Exception {
        try (Pair pair = open(idlePort)) {
            long startNs = System.nanoTime();
            // Four times the timeout in all, but never idle for as long as one.
            while (System.nanoTime() - startNs < IDLE.toNanos() * 4) {
                Clients.write(pair.client(), "x");
                assertEquals("x", Clients.read(pair.server(), 1));
                Thread.sleep(IDLE.toMillis() / 4);
            }
            long idleSinceNs = System.nanoTime();
            Clients.assertReset(pair.client());
            long idleNs = System.nanoTime() - idleSinceNs;
            assertTrue(idleNs > IDLE.toNanos() / 2, () -> "reset after " + idleNs + " ns");
            Clients.assertReset(pair.server());
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(1, forwarder.total("closed_idle_timeout"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldResetWhenAHalfClosedConnectionIsSilentForTheFinTimeout(Side first) throws Exception {
        try (Pair pair = open(idlePort)) {
            long startNs = System.nanoTime();
            pair.of(first).shutdownOutput();
            Clients.assertEnded(pair.opposite(first));
            Clients.assertReset(pair.of(first));
            long afterNs = System.nanoTime() - startNs;
            assertTrue(afterNs > FIN.toNanos() * 9 / 10, () -> "reset after " + afterNs + " ns");
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(1, forwarder.total("closed_fin_timeout"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveUpFlushingAResetToAPeerThatNeverReads(Side dying) throws Exception {
        try (Pair pair = open(finPort)) {
            Socket sender = pair.of(dying);
            new Payload(9, 16L * SMALL_BUFFER).writeTo(sender.getOutputStream());
            Await.until("everything acknowledged", () -> KernelSockets.unacknowledged(sender) == 0);
            Clients.reset(sender);
            forwarder.awaitKernelObjects(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassTheNormalStreamOnWhenUrgentDataComesBetween(Side urgent) throws Exception {
        try (Pair pair = open(port)) {
            Socket sender = pair.of(urgent);
            Socket receiver = pair.opposite(urgent);
            for (int i = 0; i < 200; i++) {
                Clients.write(sender, "before");
                sender.sendUrgentData('!');
                Clients.write(sender, "after");
                // Without SO_OOBINLINE the urgent byte is not part of the stream; nothing else is missing, nothing
                // waits.
                assertEquals("beforeafter", Clients.read(receiver, 11));
                Clients.write(receiver, "ok");
                assertEquals("ok", Clients.read(sender, 2));
            }
            Clients.write(sender, "end");
            sender.sendUrgentData('!');
            sender.shutdownOutput();
            assertEquals("end", Clients.readToEnd(receiver));
            receiver.shutdownOutput();
            Clients.assertEnded(sender);
        }
        forwarder.awaitKernelObjects(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void shouldEndAsEitherSideDoesWhenBothEndAtTheSameTime(int bytes) throws Exception {
        String text = "x".repeat(bytes);
        for (int i = 0; i < 100; i++) {
            try (Pair pair = open(port)) {
                Clients.write(pair.client(), text);
                Clients.write(pair.server(), text);
                pair.client().shutdownOutput();
                pair.server().shutdownOutput();
                assertEquals(text, Clients.readToEnd(pair.client()));
                assertEquals(text, Clients.readToEnd(pair.server()));
            }
        }
        forwarder.awaitKernelObjects(before);
    }

    /** Everything up to a reset; the end of the stream instead would be a lie. */
    private static Digest readToReset(Socket socket) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[8 << 10];
        InputStream in = socket.getInputStream();
        long[] total = new long[1];
        SocketException end = assertThrows(SocketException.class, () -> {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                crc.update(buffer, 0, length);
                total[0] += length;
            }
        });
        assertTrue(String.valueOf(end.getMessage()).contains("reset"), end.toString());
        return new Digest(total[0], crc.getValue());
    }
}
