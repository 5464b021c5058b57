package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.Payload.Digest;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bulky transfers through kernel pipes, and what happens around them. */
@Timeout(120)
class SpliceIT {
    private static final int MIB = 1 << 20;
    /** Copied before a direction counts as bulky, with room to spare. */
    private static final int WARM = 4 * MIB;

    private static final int SMALL_BUFFER = 32 << 10;

    private enum Sender {
        CLIENT,
        BACKEND
    }

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private ForwarderProcess start(TestBackend backend) throws Exception {
        return ForwarderProcess.start(
                directory, ForwarderYaml.of(port, backend).top("workers: 1").text());
    }

    private record Pair(Socket sender, Socket receiver) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            sender.close();
            receiver.close();
        }
    }

    private Pair open(TestBackend backend, Sender sender) throws Exception {
        Socket client = Clients.connect(port);
        Socket server = backend.next();
        return sender == Sender.CLIENT ? new Pair(client, server) : new Pair(server, client);
    }

    private Future<?> write(Payload payload, Socket socket) {
        return threads.submit(() -> {
            payload.writeTo(socket.getOutputStream());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryBulkyTransfersWithoutCopyingThemAndUnchanged(Sender sender) throws Exception {
        Payload payload = new Payload(1, 128L * MIB);
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(backend)) {
            int before = forwarder.openKernelObjects();
            for (long pauseNs : new long[] {0, 200_000}) {
                try (Pair pair = open(backend, sender)) {
                    Future<?> writing = write(payload, pair.sender());
                    Future<Digest> reading =
                            threads.submit(() -> Payload.read(pair.receiver().getInputStream(), pauseNs));
                    writing.get(60, TimeUnit.SECONDS);
                    pair.sender().shutdownOutput();
                    assertEquals(payload.digest(), reading.get(60, TimeUnit.SECONDS));
                    // The other direction was not touched by it.
                    Clients.write(pair.receiver(), "thanks");
                    assertEquals("thanks", Clients.read(pair.sender(), 6));
                }
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            long moved = forwarder.total("bytes_to_clients") + forwarder.total("bytes_to_backends");
            assertEquals(2 * payload.length() + 12, moved);
            long spliced = forwarder.total("bytes_spliced");
            assertTrue(spliced > moved * 8 / 10, () -> spliced + " of " + moved + " bytes spliced");
        }
    }

    /** More transfers at once than there are pipes, both ways, some readers slow: what gets no pipe is copied. */
    @Test
    void shouldShareFewPipesAmongManyTransfersAndKeepThemApart() throws Exception {
        int transfers = 80;
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(backend)) {
            int before = forwarder.openKernelObjects();
            int pipeEndsBefore = forwarder.openPipeEnds();
            int pipeEnds = 0;
            for (int round = 0; round < 2; round++) {
                List<Pair> pairs = new ArrayList<>();
                List<Payload> payloads = new ArrayList<>();
                List<Future<?>> writings = new ArrayList<>();
                List<Future<Digest>> readings = new ArrayList<>();
                for (int i = 0; i < transfers; i++) {
                    Pair pair = open(backend, i % 2 == 0 ? Sender.CLIENT : Sender.BACKEND);
                    Payload payload = new Payload(round * 1_000L + i, 6L * MIB + i);
                    pairs.add(pair);
                    payloads.add(payload);
                    writings.add(threads.submit(() -> {
                        payload.writeTo(pair.sender().getOutputStream());
                        pair.sender().shutdownOutput();
                        return null;
                    }));
                }
                // Every reader begins late, so that all sinks are full at the same time.
                for (int i = 0; i < transfers; i++) {
                    Pair pair = pairs.get(i);
                    long pauseNs = i % 5 == 0 ? 1_000_000 : 0;
                    readings.add(
                            threads.submit(() -> Payload.read(pair.receiver().getInputStream(), pauseNs)));
                }
                for (int i = 0; i < transfers; i++) {
                    assertEquals(payloads.get(i).digest(), readings.get(i).get(60, TimeUnit.SECONDS), "transfer " + i);
                    writings.get(i).get(1, TimeUnit.SECONDS);
                    pairs.get(i).close();
                }
                forwarder.awaitKernelObjects(before);
                int now = forwarder.openPipeEnds() - pipeEndsBefore;
                assertTrue(now > 0 && now <= 64, () -> now + " pipe ends");
                assertTrue(round == 0 || now >= pipeEnds, "those of the first round are used again");
                pipeEnds = now;
            }
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("bytes_spliced") > 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatIsInThePipeBeforeTheFin(Sender sender) throws Exception {
        Payload payload = new Payload(3, 48L * MIB);
        try (TestBackend backend = TestBackend.byHand(SMALL_BUFFER);
                ForwarderProcess forwarder = start(backend);
                Pair pair = open(backend, sender)) {
            Future<?> writing = threads.submit(() -> {
                payload.writeTo(pair.sender().getOutputStream());
                pair.sender().shutdownOutput();
                return null;
            });
            Received received = new Received(pair.receiver());
            received.read(WARM);
            awaitStandstill(pair.sender(), () -> KernelSockets.unacknowledged(pair.sender()));
            received.readToEnd();
            writing.get(60, TimeUnit.SECONDS);
            assertEquals(payload.digest(), received.digest());
            pair.receiver().shutdownOutput();
            Clients.assertEnded(pair.sender());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_completed"));
        }
    }

    /** Whatever the sender's kernel saw acknowledged before the reset arrives, and then the reset, not an end. */
    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatIsInThePipeBeforeTheReset(Sender sender) throws Exception {
        try (TestBackend backend = TestBackend.byHand(SMALL_BUFFER);
                ForwarderProcess forwarder = start(backend);
                Pair pair = open(backend, sender)) {
            AtomicLong taken = new AtomicLong();
            Future<?> writing = threads.submit(() -> {
                Payload chunk = new Payload(4, MIB);
                OutputStream out = pair.sender().getOutputStream();
                while (true) {
                    chunk.writeTo(out);
                    taken.addAndGet(MIB);
                }
            });
            Received received = new Received(pair.receiver());
            received.read(WARM);
            awaitStandstill(pair.sender(), taken::get);
            long acknowledged = taken.get() - KernelSockets.unacknowledged(pair.sender());
            Clients.reset(pair.sender());
            assertThrows(ExecutionException.class, () -> writing.get(15, TimeUnit.SECONDS));
            received.readToReset();
            long arrived = received.digest().length();
            assertTrue(arrived >= acknowledged, () -> arrived + " of " + acknowledged + " bytes");
            assertEquals(repeated(new Payload(4, MIB), arrived), received.digest());
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("bytes_spliced") > 0);
        }
    }

    /** Nobody reads, so every buffer on the way fills up, a pipe among them, until nothing moves any more. */
    private static void awaitStandstill(Socket sender, Progress progress) throws Exception {
        long[] last = {-1};
        long[] sinceNs = {System.nanoTime()};
        Await.until("the sender waits", () -> {
            long now = progress.made();
            if (now != last[0]) {
                last[0] = now;
                sinceNs[0] = System.nanoTime();
            }
            return KernelSockets.unacknowledged(sender) > 0 && System.nanoTime() - sinceNs[0] > 100_000_000;
        });
    }

    private interface Progress {
        long made() throws Exception;
    }

    /** What a stream of the same payload again and again has in its first bytes. */
    private static Digest repeated(Payload payload, long length) throws IOException {
        CRC32 crc = new CRC32();
        CheckedOutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), crc);
        long left = length;
        for (; left >= payload.length(); left -= payload.length()) {
            payload.writeTo(out);
        }
        new Payload(payload.seed(), left).writeTo(out);
        return new Digest(length, crc.getValue());
    }

    private static final class Received {
        private final InputStream in;
        private final CRC32 crc = new CRC32();
        private final byte[] buffer = new byte[64 << 10];
        private long total;

        private Received(Socket socket) throws IOException {
            in = socket.getInputStream();
        }

        private int readOnce(int limit) throws IOException {
            int length = in.read(buffer, 0, limit);
            if (length > 0) {
                crc.update(buffer, 0, length);
                total += length;
            }
            return length;
        }

        void read(long bytes) throws IOException {
            while (total < bytes) {
                assertTrue(readOnce((int) Math.min(buffer.length, bytes - total)) > 0);
            }
        }

        void readToEnd() throws IOException {
            while (readOnce(buffer.length) > 0) {}
        }

        void readToReset() {
            SocketException end = assertThrows(SocketException.class, this::readToEnd);
            assertTrue(String.valueOf(end.getMessage()).contains("reset"), end.toString());
        }

        Digest digest() {
            return new Digest(total, crc.getValue());
        }
    }

    @Test
    void shouldCopyEverythingWhenSplicingIsSwitchedOff() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo).top("splice: none").text())) {
            echoBulk();
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("bytes_spliced"));
        }
    }

    /** As under a seccomp filter or in a sandbox: the kernel really refuses, and the forwarder says so once. */
    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS", "EINVAL"})
    void shouldSayOnceThatSpliceIsRefusedAndCopy(String errno) throws Exception {
        Tools.assume("strace");
        // -D: the tracer is nobody's parent, so what is started, and ended by the test, is the forwarder itself.
        List<String> refusing = List.of(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=splice",
                "-e",
                "inject=splice:error=" + errno);
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo).top("workers: 2").text(),
                        refusing,
                        Map.of())) {
            echoBulk();
            assertEquals(1, forwarder.logged("event=splice-unavailable", errno));
        }
    }

    /** Unprivileged users have 64 MiB of pipes in all; beyond, new ones hold a page or two. */
    @Test
    void shouldCopyWhenTheUsersPipesAreUsedUp() throws Exception {
        Tools.assume("setpriv", "perl");
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        List<String> version = new ArrayList<>(nobody);
        version.addAll(List.of(ForwarderProcess.launcher().toString(), "--version"));
        Tools.assumeRuns("root, and a build that other users may read", version.toArray(String[]::new));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> hog = new ArrayList<>(nobody);
        hog.addAll(List.of("perl", "-e", "$|=1; for (1..1100) { pipe($r[$_], $w[$_]) } print \"held\\n\"; <STDIN>"));
        Process hogging = new ProcessBuilder(hog).redirectErrorStream(true).start();
        try (TestBackend echo = TestBackend.echo()) {
            assertEquals("held", hogging.inputReader().readLine());
            try (ForwarderProcess forwarder = ForwarderProcess.start(
                    directory, ForwarderYaml.of(port, echo).top("workers: 1").text(), nobody, Map.of())) {
                echoBulk();
                assertEquals(0, forwarder.stop());
                assertEquals(0, forwarder.total("bytes_spliced"));
                assertTrue(forwarder.total("pipe_shortfalls") > 0);
            }
        } finally {
            hogging.destroyForcibly();
        }
    }

    private void echoBulk() throws Exception {
        Payload payload = new Payload(5, 16L * MIB);
        try (Socket client = Clients.connect(port)) {
            Future<?> writing = threads.submit(() -> {
                payload.writeTo(client.getOutputStream());
                client.shutdownOutput();
                return null;
            });
            assertEquals(payload.digest(), Payload.read(client.getInputStream(), 0));
            writing.get(15, TimeUnit.SECONDS);
        }
    }
}
