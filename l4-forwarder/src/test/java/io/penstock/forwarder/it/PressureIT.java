package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.Payload.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More of something than there is room for. */
@Timeout(120)
class PressureIT {
    private static final int STUFFED = 180;
    /** Far beyond what one connection strands in the forwarder; without a bound, autotuned buffers take gigabytes. */
    private static final long STUFFED_BYTES_MAX = 7L << 20;

    private static final long RESIDENT_GROWTH_MAX = 96L << 20;
    private static final int BURST = 10_000;
    /** Clients at one time; this process and the forwarder have descriptors for each. */
    private static final int BURST_OPEN_MAX = 4_000;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldBoundItsMemoryAndServeOthersWhilePeersDoNotReadAndLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Socket> servers = new ArrayList<>();
        List<Stuffer> stuffers = new ArrayList<>();
        int echoPort = Ports.free();
        try (TestBackend silent = TestBackend.byHand(32 << 10);
                TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, """
                        workers: 1
                        services:
                          silent: { listen: "127.0.0.1:%d" }
                          echo: { listen: "127.0.0.1:%d" }
                        pools:
                          silent: { health: none, backends: ["%s"] }
                          echo: { health: none, backends: ["%s"] }
                        """.formatted(port, echoPort, silent.address(), echo.address()));
                Socket other = Clients.connect("127.0.0.1", echoPort)) {
            Clients.assertEchoes(other, "warm");
            long residentBefore = forwarder.residentBytes();
            for (int i = 0; i < STUFFED; i++) {
                Stuffer stuffer = new Stuffer(port, i);
                stuffers.add(stuffer);
                servers.add(silent.next());
            }
            long slowestNs = 0;
            // Full is when a second pass over all of them finds no room: each pass also checks on the other connection.
            for (boolean progress = true; progress; ) {
                progress = false;
                for (Stuffer stuffer : stuffers) {
                    progress |= stuffer.writeUntilFull();
                }
                for (int i = 0; i < 50; i++) {
                    long startNs = System.nanoTime();
                    Clients.assertEchoes(other, "meanwhile " + i);
                    slowestNs = Math.max(slowestNs, System.nanoTime() - startNs);
                }
            }
            long growth = forwarder.residentBytes() - residentBefore;
            assertTrue(growth < RESIDENT_GROWTH_MAX, "grew by " + (growth >> 20) + " MiB");
            assertTrue(slowestNs < Duration.ofSeconds(1).toNanos(), "another client waited " + slowestNs + " ns");
            long ticks = forwarder.cpuTicks();
            long sinceNs = System.nanoTime();
            while (System.nanoTime() - sinceNs < Duration.ofMillis(500).toNanos()) {
                Clients.assertEchoes(other, "and after");
                Thread.sleep(10);
            }
            long used = forwarder.cpuTicks() - ticks;
            assertTrue(used < 25, () -> "spins: " + used + " ticks in half a second");

            List<Future<Digest>> reading = new ArrayList<>();
            for (int i = 0; i < STUFFED; i++) {
                stuffers.get(i).end();
                Socket server = servers.get(i);
                reading.add(threads.submit(() -> Payload.read(server.getInputStream(), 0)));
            }
            for (int i = 0; i < STUFFED; i++) {
                assertEquals(stuffers.get(i).digest(), reading.get(i).get(30, TimeUnit.SECONDS), "connection " + i);
            }
            for (int i = 0; i < STUFFED; i++) {
                servers.get(i).close();
                stuffers.get(i).close();
            }
            other.shutdownOutput();
            Clients.assertEnded(other);
            assertEquals(0, forwarder.stop());
            System.out.printf(
                    "PressureIT: %d MiB stuffed into %d connections, resident +%d MiB, slowest echo %d us, peeked %d%n",
                    stuffers.stream().mapToLong(one -> one.digest().length()).sum() >> 20,
                    STUFFED,
                    growth >> 20,
                    slowestNs / 1_000,
                    forwarder.total("peeked_reads"));
        } finally {
            threads.shutdownNow();
            for (Socket server : servers) {
                server.close();
            }
            for (Stuffer stuffer : stuffers) {
                stuffer.close();
            }
        }
    }

    /** Writes without ever waiting and remembers what was taken. */
    private static final class Stuffer implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open();
        private final CRC32 crc = new CRC32();
        private final byte[] pattern = new byte[61 << 10];
        private long written;

        Stuffer(int port, int number) throws Exception {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            for (int i = 0; i < pattern.length; i++) {
                pattern[i] = (byte) (i * 31 + (i >> 8) + number);
            }
        }

        /** True when anything was taken. */
        boolean writeUntilFull() throws Exception {
            long before = written;
            for (int taken = 1; taken > 0 && written < STUFFED_BYTES_MAX; ) {
                int at = (int) (written % pattern.length);
                taken = channel.write(ByteBuffer.wrap(pattern, at, pattern.length - at));
                crc.update(pattern, at, taken);
                written += taken;
            }
            return written > before;
        }

        Digest digest() {
            return new Digest(written, crc.getValue());
        }

        void end() throws Exception {
            channel.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void shouldServeAllOfABurstOfConnects() throws Exception {
        try (TestBackend one = TestBackend.running(TestBackend.saying("1"));
                TestBackend two = TestBackend.running(TestBackend.saying("2"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, one, two).text())) {
            int before = forwarder.openKernelObjects();
            int answered = burst();
            assertEquals(BURST, answered);
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(BURST, forwarder.total("closed_completed"));
        }
    }

    /** Connects as fast as the kernel takes it, reads one byte and the end from each; how many got both. */
    private int burst() throws Exception {
        int started = 0;
        int open = 0;
        int answered = 0;
        ByteBuffer buffer = ByteBuffer.allocate(16);
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (Selector selector = Selector.open()) {
            while (started < BURST || open > 0) {
                assertTrue(System.nanoTime() < deadlineNs, "answered " + answered);
                for (; started < BURST && open < BURST_OPEN_MAX; started++, open++) {
                    SocketChannel channel = SocketChannel.open();
                    channel.configureBlocking(false);
                    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    channel.register(selector, SelectionKey.OP_CONNECT, new int[1]);
                }
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    SocketChannel channel = (SocketChannel) key.channel();
                    if (key.isConnectable() && channel.finishConnect()) {
                        key.interestOps(SelectionKey.OP_READ);
                    }
                    if (key.isReadable()) {
                        int[] bytes = (int[]) key.attachment();
                        int length = channel.read(buffer.clear());
                        bytes[0] += Math.max(length, 0);
                        if (length < 0) {
                            answered += bytes[0] == 1 ? 1 : 0;
                            open--;
                            channel.close();
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        return answered;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "{ tcp: { port: %d }, interval: 50ms, rise: 2, fall: 2 }"})
    void shouldMakeClientsWaitWithoutSpinningWhenDescriptorsRunOutAndServeThemLater(String health) throws Exception {
        // The JVM raises the soft limit to the hard one.
        List<String> limited = List.of("sh", "-c", "ulimit -S -n 200 && ulimit -H -n 200 && exec \"$@\"", "sh");
        Socket[] clients = new Socket[150];
        try (TestBackend echo = TestBackend.echo();
                TestBackend probed = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo)
                                .health(health.formatted(probed.port()))
                                .text(),
                        limited,
                        Map.of())) {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = Clients.connect(port);
                Clients.write(clients[i], "hello");
            }
            long settledAt = settle(echo);
            assertTrue(settledAt > 20 && settledAt < clients.length, () -> "settled at " + settledAt);
            long ticks = forwarder.cpuTicks();
            Thread.sleep(1_000);
            long used = forwarder.cpuTicks() - ticks;
            assertTrue(used < 30, () -> "spins: " + used + " ticks in a second");
            // Each that ends makes room for one that waits; none was turned away.
            for (Socket client : clients) {
                assertEquals("hello", Clients.read(client, 5));
                client.shutdownOutput();
                Clients.assertEnded(client);
                client.close();
            }
            assertEquals(clients.length, echo.accepted());
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("accept_paused") > 0);
            assertEquals(0, forwarder.total("closed_no_resources"));
            // A probe that got no descriptor says nothing about its backend.
            assertEquals(0, forwarder.logged("event=backend"), forwarder.log());
        } finally {
            for (Socket client : Arrays.asList(clients)) {
                if (client != null) {
                    client.close();
                }
            }
        }
    }

    /** How many connections the backend has when it gets no more for a while. */
    private static int settle(TestBackend backend) throws Exception {
        int[] last = {-1};
        long[] sinceNs = {System.nanoTime()};
        Await.until("no more connections for half a second", () -> {
            int now = backend.accepted();
            if (now != last[0]) {
                last[0] = now;
                sinceNs[0] = System.nanoTime();
            }
            return System.nanoTime() - sinceNs[0] > 500_000_000;
        });
        return last[0];
    }
}
