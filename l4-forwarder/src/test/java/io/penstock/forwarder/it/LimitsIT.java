package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of connections, the queue of those that wait for a place, and the pause before a backend is tried again. */
@Timeout(60)
class LimitsIT {
    private static final int CLIENTS = 24;
    private static final int CONNECTIONS_EACH = 25;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    /** Counts its connections from their first byte to just before it ends them: a place is free only after that. */
    private static final class CountingBackend implements AutoCloseable {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final TestBackend backend = TestBackend.running(this::serve);

        CountingBackend() throws IOException {}

        private void serve(Socket socket) throws IOException {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            int request = socket.getInputStream().read();
            now.decrementAndGet();
            socket.getOutputStream().write(request);
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    @Test
    void shouldNeverExceedALimitAndServeEveryClientOfTwoWorkers() throws Exception {
        try (CountingBackend one = new CountingBackend();
                CountingBackend other = new CountingBackend();
                ForwarderProcess forwarder = start(ForwarderYaml.to(
                                port,
                                "{ address: \"" + one.backend.address() + "\", max-connections: 1 }",
                                other.backend.address())
                        .top("workers: 2")
                        .pool("limits: { connections: 3, queue: 100, queue-timeout: 30s }"))) {
            ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(this::askOften));
            }
            for (Future<Integer> client : clients) {
                assertEquals(CONNECTIONS_EACH, client.get());
            }
            threads.shutdown();
            assertEquals(1, one.most.get());
            assertTrue(other.most.get() <= 3, () -> other.most + " at once");
            one.backend.assertNoFailures();
            other.backend.assertNoFailures();
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("queued") > CLIENTS, forwarder.log());
            assertEquals(CLIENTS * CONNECTIONS_EACH, forwarder.total("closed_completed"));
        }
    }

    private int askOften() throws IOException {
        int answered = 0;
        for (int i = 0; i < CONNECTIONS_EACH; i++) {
            try (Socket client = Clients.connect(port)) {
                client.getOutputStream().write(7);
                client.shutdownOutput();
                answered += client.getInputStream().readAllBytes().length;
            }
        }
        return answered;
    }

    @Test
    void shouldServeThoseThatWaitInTheirOrder() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, "queue: 10"))) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket client = Clients.connect(port);
                clients.add(client);
                Clients.write(client, Integer.toString(i));
                awaitTotal(forwarder, "queued", i);
            }
            assertEquals(1, backend.accepted());
            for (int i = 0; i < 4; i++) {
                try (Socket client = clients.get(i);
                        Socket connection = backend.next()) {
                    assertEquals(Integer.toString(i), Clients.read(connection, 1));
                    assertEquals(i + 1, backend.accepted());
                    Clients.write(connection, "yes");
                    assertEquals("yes", Clients.read(client, 3));
                }
            }
        }
    }

    @Test
    void shouldResetAClientThatWaitsTooLong() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, "queue: 10, queue-timeout: 200ms"));
                Socket first = Clients.connect(port);
                Socket connection = backend.next();
                Socket waiting = Clients.connect(port)) {
            Clients.assertReset(waiting);
            assertRelays(first, connection);
            forwarder.awaitLog("event=trouble", "counter=closed_queue_timeout");
            assertEquals(1, backend.accepted());
            assertEquals(0, forwarder.askTotals().getOrDefault("connect_failed", 0L));
        }
    }

    @Test
    void shouldResetAClientForWhomTheQueueHasNoRoom() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, "queue: 1"));
                Socket first = Clients.connect(port);
                Socket connection = backend.next();
                Socket waiting = Clients.connect(port)) {
            awaitTotal(forwarder, "queued", 1);
            Clients.assertResetOnArrival(port);
            awaitTotal(forwarder, "closed_queue_full", 1);
            assertRelays(first, connection);
            Clients.reset(first);
            try (Socket next = backend.next()) {
                Clients.write(next, "served");
                assertEquals("served", Clients.read(waiting, 6));
            }
        }
    }

    @Test
    void shouldResetAClientWhenBackendsAreFullAndThereIsNoQueue() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, ""));
                Socket first = Clients.connect(port);
                Socket connection = backend.next()) {
            Clients.assertResetOnArrival(port);
            assertRelays(first, connection);
            awaitTotal(forwarder, "closed_queue_full", 1);
        }
    }

    @Test
    void shouldForgetAClientThatLeavesTheQueue() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, "queue: 10"));
                Socket first = Clients.connect(port);
                Socket connection = backend.next()) {
            Socket leaving = Clients.connect(port);
            awaitTotal(forwarder, "queued", 1);
            try (Socket staying = Clients.connect(port)) {
                awaitTotal(forwarder, "queued", 2);
                Clients.reset(leaving);
                awaitTotal(forwarder, "closed_client_gone", 1);
                assertRelays(first, connection);
                Clients.reset(first);
                try (Socket next = backend.next()) {
                    Clients.write(next, "served");
                    assertEquals("served", Clients.read(staying, 6));
                }
            }
            assertEquals(2, backend.accepted());
        }
    }

    @Test
    void shouldServeThoseThatWaitWhileItDrains() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = start(onePlace(backend, "queue: 10"));
                Socket first = Clients.connect(port);
                Socket connection = backend.next();
                Socket waiting = Clients.connect(port)) {
            awaitTotal(forwarder, "queued", 1);
            forwarder.terminate();
            forwarder.awaitLog("state=draining");
            assertRelays(first, connection);
            Clients.reset(first);
            try (Socket next = backend.next()) {
                Clients.write(next, "served");
                assertEquals("served", Clients.read(waiting, 6));
            }
            Clients.reset(waiting);
            assertEquals(0, forwarder.awaitExit());
        }
    }

    /** Its only backend refuses at first, as one that restarts does. */
    @Test
    void shouldTryABackendAgainThatRefusedAMomentAgo() throws Exception {
        int backendPort = Ports.free();
        try (ForwarderProcess forwarder =
                        start(ForwarderYaml.to(port, "127.0.0.1:" + backendPort).service("connect-attempts: 8"));
                Socket client = Clients.connect(port)) {
            awaitTotal(forwarder, "retries_delayed", 1);
            try (TestBackend backend = TestBackend.at("127.0.0.1", backendPort, TestBackend.saying("alive"))) {
                assertEquals("alive", Clients.readToEnd(client));
                backend.assertNoFailures();
            }
        }
    }

    private ForwarderYaml onePlace(TestBackend backend, String queue) {
        return ForwarderYaml.of(port, backend)
                .top("workers: 1")
                .pool("limits: { connections: 1" + (queue.isEmpty() ? "" : ", " + queue) + " }");
    }

    private static void assertRelays(Socket client, Socket connection) throws IOException {
        Clients.write(client, "still");
        assertEquals("still", Clients.read(connection, 5));
    }

    private static void awaitTotal(ForwarderProcess forwarder, String counter, long value) throws Exception {
        Await.until(counter + "=" + value, () -> forwarder.askTotals().getOrDefault(counter, 0L) >= value);
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }
}
