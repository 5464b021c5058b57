package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps clients out or holds them back, over two workers; sources are addresses of the loopback. */
@Timeout(60)
class ProtectionIT {
    private static final int FLOODERS = 2;
    private static final int GOOD_SOURCES = 5;
    private static final int ASKED_BY_EACH = 40;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldRefuseExactlyWhatASourceHasTooManyOf() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(backend, "limits: { per-source: { connections: 5 } }")) {
            List<Socket> open = new ArrayList<>();
            for (String source : List.of("127.0.0.2", "127.0.0.3")) {
                List<Socket> served = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    tryServed(source, served);
                }
                assertEquals(5, served.size(), source);
                open.addAll(served);
            }
            assertEquals(30, forwarder.askTotals().get("closed_source_connections"));
            open.remove(0).close();
            awaitTotal(forwarder, "closed_completed", 1);
            try (Socket again = Clients.connectFrom("127.0.0.2", port)) {
                Clients.assertEchoes(again, "room again");
            }
            for (Socket client : open) {
                Clients.assertEchoes(client, "not touched");
                client.close();
            }
            backend.assertNoFailures();
        }
    }

    @Test
    void shouldLetInABurstAndThenWhatTheRateSays() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(backend, "limits: { per-source: { rate: 1/h, burst: 7 } }")) {
            List<Socket> served = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tryServed("127.0.0.2", served);
            }
            assertEquals(7, served.size());
            assertEquals(13, forwarder.askTotals().get("closed_source_rate"));
            try (Socket other = Clients.connectFrom("127.0.0.3", port)) {
                Clients.assertEchoes(other, "another source");
            }
        }
    }

    @Test
    void shouldServeGoodSourcesWhileOneFloods() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(
                        backend,
                        "limits: { rate: 2000/s, connections: 100, per-source: { connections: 10, rate: 500/s } }")) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger floods = new AtomicInteger();
            ExecutorService threads = Executors.newFixedThreadPool(FLOODERS + GOOD_SOURCES);
            List<Future<?>> flooding = new ArrayList<>();
            for (int i = 0; i < FLOODERS; i++) {
                flooding.add(threads.submit(() -> {
                    while (!over.get()) {
                        flood(floods);
                    }
                }));
            }
            Await.until("the flood is refused", () -> refused(forwarder) > 100);
            List<Future<Integer>> good = new ArrayList<>();
            for (int i = 0; i < GOOD_SOURCES; i++) {
                String source = "127.0.1." + (i + 1);
                good.add(threads.submit(() -> askOften(source)));
            }
            for (Future<Integer> one : good) {
                assertEquals(ASKED_BY_EACH, one.get());
            }
            over.set(true);
            for (Future<?> one : flooding) {
                one.get();
            }
            threads.shutdown();
            assertTrue(floods.get() > 100, "floods: " + floods);
        }
    }

    private static long refused(ForwarderProcess forwarder) throws Exception {
        return forwarder.askTotals().getOrDefault("closed_source_rate", 0L)
                + forwarder.askTotals().getOrDefault("closed_source_connections", 0L);
    }

    /** Opens connections as fast as it can, and keeps some of them for a moment. */
    private void flood(AtomicInteger floods) {
        List<Socket> kept = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            try {
                kept.add(Clients.connectFrom("127.0.0.66", port));
                floods.incrementAndGet();
            } catch (IOException refused) {
                // What it is for: the next one.
            }
        }
        for (Socket socket : kept) {
            try {
                Clients.reset(socket);
            } catch (IOException gone) {
                // Reset already.
            }
        }
    }

    private int askOften(String source) throws IOException {
        int answered = 0;
        for (int i = 0; i < ASKED_BY_EACH; i++) {
            try (Socket client = Clients.connectFrom(source, port)) {
                Clients.assertEchoes(client, "hello");
                answered++;
            }
        }
        return answered;
    }

    @Test
    void shouldHoldBackBeyondTheServicesConnectionsAndServeAllWhenThereIsRoom() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(backend, "limits: { connections: 4 }")) {
            assertHeldAndServed(backend, forwarder, 4, "held_by_service");
        }
    }

    @Test
    void shouldHoldBackBeyondTheConnectionsOfTheProcess() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.of(port, backend).top("workers: 2").top("limits: { connections: 3 }"))) {
            assertHeldAndServed(backend, forwarder, 3, "held_by_process");
        }
    }

    private void assertHeldAndServed(TestBackend backend, ForwarderProcess forwarder, int limit, String counter)
            throws Exception {
        int clients = 24;
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            waiting.add(Clients.connect(port));
        }
        for (int served = 0; served < clients; served++) {
            Socket connection = backend.next();
            assertTrue(backend.accepted() <= served + limit, () -> backend.accepted() + " at the backend");
            Clients.write(connection, "served");
            connection.close();
            Socket client = servedOne(waiting);
            assertEquals("served", Clients.readToEnd(client));
            client.close();
        }
        assertEquals(clients, backend.accepted());
        assertTrue(forwarder.askTotals().get(counter) > 0, forwarder.log());
    }

    /** The one that has something to read. */
    private static Socket servedOne(List<Socket> waiting) throws Exception {
        List<Socket> found = new ArrayList<>();
        Await.until("a client is served", () -> {
            for (Socket client : waiting) {
                if (found.isEmpty() && client.getInputStream().available() > 0) {
                    found.add(client);
                }
            }
            return !found.isEmpty();
        });
        waiting.remove(found.get(0));
        return found.get(0);
    }

    @Test
    void shouldPaceClientsByTheServicesRate() throws Exception {
        try (TestBackend backend = TestBackend.running(TestBackend.saying("one"));
                ForwarderProcess forwarder = start(backend, "limits: { rate: 20/s }")) {
            long beginNs = System.nanoTime();
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 22; i++) {
                clients.add(Clients.connect(port));
            }
            for (Socket client : clients) {
                assertEquals("one", Clients.readToEnd(client));
                client.close();
            }
            // Two at once, and twenty more of which each takes 50 ms.
            long tookMs = (System.nanoTime() - beginNs) / 1_000_000;
            assertTrue(tookMs >= 1000, () -> "after " + tookMs + " ms");
            assertTrue(forwarder.askTotals().get("held_by_rate") > 0, forwarder.log());
        }
    }

    @Test
    void shouldResetClientsThatSayNothing() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(backend, "timeouts: { first-byte: 300ms }");
                Socket talker = Clients.connect(port)) {
            Clients.assertEchoes(talker, "first");
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                silent.add(Clients.connect(port));
            }
            for (Socket client : silent) {
                Clients.assertReset(client);
                client.close();
            }
            Clients.assertEchoes(talker, "goes on");
            assertEquals(50, forwarder.askTotals().get("closed_first_byte_timeout"));
        }
    }

    @Test
    void shouldGoByTheLongestPrefixOfTheLists() throws Exception {
        Path blocked = directory.resolve("blocked.txt");
        Files.writeString(blocked, "127.0.0.0/29 # eight\n127.0.9.0/24\n");
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                        .top("workers: 2")
                        .service("allow: [\"127.0.0.0/16\", \"127.0.0.3\"]")
                        .service("deny: { file: \"" + blocked + "\" }"))) {
            assertTrue(serves("127.0.0.9"));
            assertTrue(serves("127.0.0.3"));
            assertTrue(!serves("127.0.0.4"));
            assertTrue(!serves("127.0.9.1"));
            assertTrue(!serves("127.1.0.1"));
            assertEquals(3, forwarder.askTotals().get("closed_denied"));
            assertEquals(2, backend.accepted());
        }
    }

    @Test
    void shouldCountAnIpv6PrefixAsOneSource() throws Exception {
        assumeTrue(hasIpv6(), "skipped: no IPv6 here");
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                        .listen("\"[::1]:" + port + "\"")
                        .service("limits: { per-source: { connections: 1 } }"));
                Socket first = Clients.connect("::1", port)) {
            Clients.assertEchoes(first, "one");
            try (Socket second = Clients.connect("::1", port)) {
                assertTrue(!isServed(second));
            }
            assertEquals(1, forwarder.askTotals().get("closed_source_connections"));
        }
    }

    private static boolean hasIpv6() throws IOException {
        Path addresses = Path.of("/proc/net/if_inet6");
        return Files.exists(addresses) && Files.readString(addresses).contains(" lo");
    }

    private boolean serves(String source) throws IOException {
        List<Socket> served = new ArrayList<>();
        tryServed(source, served);
        return !served.isEmpty();
    }

    /** A client that is refused may learn it from its connect already. */
    private void tryServed(String source, List<Socket> served) throws IOException {
        try {
            Socket client = Clients.connectFrom(source, port);
            if (isServed(client)) {
                served.add(client);
            }
        } catch (SocketException reset) {
            assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
        }
    }

    /** By an echo; else it must be reset. */
    private static boolean isServed(Socket client) throws IOException {
        try {
            Clients.write(client, "?");
            return client.getInputStream().read() == '?';
        } catch (SocketException reset) {
            return false;
        }
    }

    private static void awaitTotal(ForwarderProcess forwarder, String counter, long value) throws Exception {
        Await.until(counter + " of " + value, () -> forwarder.askTotals().getOrDefault(counter, 0L) == value);
    }

    private ForwarderProcess start(TestBackend backend, String service) throws Exception {
        return start(ForwarderYaml.of(port, backend).top("workers: 2").service(service));
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }
}
