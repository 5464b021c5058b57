package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Sockets;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker on its thread, between real clients and a real backend. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class WorkerTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long WAIT_NS = 20 * SECOND_NS;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    @Test
    void shouldRelayBothWaysAndPassOnEachFin() throws Exception {
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            client.getOutputStream().write(new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {1, 2, 3}, backend.getInputStream().readNBytes(3));
            client.shutdownOutput();
            assertEquals(-1, backend.getInputStream().read());
            backend.getOutputStream().write(new byte[] {4, 5});
            backend.shutdownOutput();
            assertArrayEquals(new byte[] {4, 5}, client.getInputStream().readAllBytes());
            await(() -> running.counter(TcpCounter.CLOSED_COMPLETED) == 1);
        }
    }

    @Test
    void shouldDeliverLargeStreamsWholeWhenBothSidesAreSlow() throws Exception {
        byte[] up = random(5_000_011);
        byte[] down = random(7_000_003);
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            // Nobody reads before both have written until the kernel takes no more.
            CompletableFuture<Void> uploads = sending(client, up);
            CompletableFuture<Void> downloads = sending(backend, down);
            CompletableFuture<byte[]> atBackend = CompletableFuture.supplyAsync(() -> readAll(backend));
            assertArrayEquals(down, readAll(client));
            assertArrayEquals(up, atBackend.get(20, TimeUnit.SECONDS));
            CompletableFuture.allOf(uploads, downloads).get(20, TimeUnit.SECONDS);
            await(() -> running.counter(TcpCounter.CLOSED_COMPLETED) == 1);
            assertEquals(up.length, running.counter(TcpCounter.BYTES_TO_BACKENDS));
            assertEquals(down.length, running.counter(TcpCounter.BYTES_TO_CLIENTS));
        }
    }

    @Test
    void shouldPassOnResetAfterTheDataBeforeIt() throws Exception {
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            backend.getOutputStream().write(random(100_000));
            await(() -> running.counter(TcpCounter.BYTES_TO_CLIENTS) == 100_000);
            reset(backend);
            assertEquals(100_000, client.getInputStream().readNBytes(100_000).length);
            assertThrows(SocketException.class, () -> client.getInputStream().read());
            await(() -> running.counter(TcpCounter.CLOSED_BACKEND_RESET) == 1);
        }
    }

    /** Reads stop short at the mark, which must not be taken for the end; the urgent byte itself is not relayed. */
    @Test
    void shouldDeliverAllAroundUrgentData() throws Exception {
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            client.getOutputStream().write(new byte[] {1, 2, 3});
            client.sendUrgentData('!');
            client.getOutputStream().write(new byte[] {4, 5, 6});
            client.shutdownOutput();
            assertArrayEquals(
                    new byte[] {1, 2, 3, 4, 5, 6}, backend.getInputStream().readAllBytes());
            backend.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            await(() -> running.counter(TcpCounter.CLOSED_COMPLETED) == 1);
        }
    }

    @Test
    void shouldLetOpenConnectionsFinishWhenDraining() throws Exception {
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            assertTrue(running.worker.proxy().tryDrain());
            await(() -> !running.listens());
            client.getOutputStream().write(7);
            assertEquals(7, backend.getInputStream().read());
            assertTrue(running.thread.isAlive());
            client.shutdownOutput();
            backend.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            await(() -> !running.thread.isAlive());
        }
    }

    @Test
    void shouldServeClientsThatWereQueuedWhenDraining() throws Exception {
        try (Running running = new Running(false);
                Socket client = running.connect()) {
            assertTrue(running.worker.proxy().tryDrain());
            running.thread.start();
            try (Socket backend = running.accept()) {
                backend.getOutputStream().write(7);
                assertEquals(7, client.getInputStream().read());
            }
        }
    }

    @Test
    void shouldEndAtOnceWhenDrainedWithoutConnections() throws Exception {
        try (Running running = new Running()) {
            assertTrue(running.worker.proxy().tryDrain());
            await(() -> !running.thread.isAlive());
        }
    }

    @Test
    void shouldResetOpenConnectionsWhenStopped() throws Exception {
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            await(() -> running.worker.proxy().openConnections() == 1);
            assertTrue(running.worker.proxy().tryStop());
            assertThrows(SocketException.class, () -> client.getInputStream().read());
            assertThrows(SocketException.class, () -> backend.getInputStream().read());
            await(() -> !running.thread.isAlive());
            assertEquals(0, running.worker.proxy().openConnections());
            assertEquals(1, running.counter(TcpCounter.CLOSED_STOPPED));
        }
    }

    @Test
    void shouldAdoptPublishedTableForNewConnections() throws Exception {
        try (Running running = new Running();
                ServerSocket other = Running.listen()) {
            running.publication.publish(Running.table(2, other.getLocalPort()));
            running.worker.proxy().onTablePublished();
            await(() -> running.worker.proxy().counters().value(WorkerCounter.TABLES_ADOPTED) == 1);
            try (Socket client = running.connect();
                    Socket backend = other.accept()) {
                backend.getOutputStream().write(9);
                assertEquals(9, client.getInputStream().read());
            }
        }
    }

    @Test
    void shouldLeaveNothingOpenWhenNeverStarted() throws Exception {
        TablePublication publication = new TablePublication(Running.table(1, 1));
        Worker worker = new Worker("test-w0", new LinuxSyscalls(), publication, true);
        assertEquals(0, worker.listen(new ListenerSpec(0, new Endpoint(LOOPBACK, 0), false)));
        assertEquals(0, worker.startAccepting());
        worker.abandon();
    }

    @Test
    void shouldRefuseAndCountCommandsWhenQueueIsFull() throws Exception {
        Worker worker = new Worker("test-w0", new LinuxSyscalls(), new TablePublication(Running.table(1, 1)), true);
        WorkerProxy proxy = worker.proxy();
        int accepted = 0;
        while (proxy.tryDrain()) {
            accepted++;
        }
        assertEquals(64, accepted);
        assertEquals(1, proxy.refused());
        assertFalse(proxy.tryStop());
        assertEquals(2, proxy.refused());
        assertEquals("test-w0", proxy.name());
        worker.abandon();
    }

    /**
     * Relaying allocates nothing once the code is compiled. A round trip is two events at least and as many turns of the
     * loop; whatever is allocated for an event is allocated in every batch, what the JVM does on its own when it compiles
     * is not.
     */
    @Test
    void shouldAllocateNothingPerEvent() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Running running = new Running();
                Socket client = running.connect();
                Socket backend = running.accept()) {
            long fewest = Long.MAX_VALUE;
            for (int batch = 0; batch < 10 && fewest > 0; batch++) {
                long before = threads.getThreadAllocatedBytes(running.thread.getId());
                roundTrips(client, backend, 10_000);
                fewest = Math.min(fewest, threads.getThreadAllocatedBytes(running.thread.getId()) - before);
            }
            assertEquals(0, fewest, "bytes for 10,000 round trips in the best of ten batches");
        }
    }

    private static void roundTrips(Socket client, Socket backend, int count) throws IOException {
        client.setTcpNoDelay(true);
        backend.setTcpNoDelay(true);
        byte[] message = new byte[64];
        for (int i = 0; i < count; i++) {
            client.getOutputStream().write(message);
            backend.getInputStream().readNBytes(message, 0, message.length);
            backend.getOutputStream().write(message);
            client.getInputStream().readNBytes(message, 0, message.length);
        }
    }

    /** A worker that listens, its thread, and a backend that accepts by hand. */
    private static final class Running implements AutoCloseable {
        private final ServerSocket backend = listen();
        private final TablePublication publication = new TablePublication(table(1, backend.getLocalPort()));
        private final LinuxSyscalls syscalls = new LinuxSyscalls();
        private final Worker worker = new Worker(
                "test-w0",
                syscalls,
                publication,
                true,
                new SessionLimit(1),
                FlowObserver.NONE,
                new Measuring(true, Measuring.NEVER));
        private final Thread thread = new Thread(worker, "test-w0");
        private final int port;

        private Running() throws IOException {
            this(true);
        }

        private Running(boolean start) throws IOException {
            int bound = -1;
            // Port 0 would not say which port it became, so one that was free a moment ago.
            for (int tries = 0; bound < 0 && tries < 10; tries++) {
                try (ServerSocket free = listen()) {
                    bound = free.getLocalPort();
                }
                Endpoint endpoint = new Endpoint(LOOPBACK, bound);
                if (new Sockets(syscalls).probeFree(endpoint, false) < 0
                        || worker.listen(new ListenerSpec(0, endpoint, false)) < 0) {
                    bound = -1;
                }
            }
            port = bound;
            assertEquals(0, worker.startAccepting());
            if (start) {
                thread.start();
            }
        }

        static ServerSocket listen() throws IOException {
            return new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        }

        static ForwardingTable table(long version, int backendPort) {
            List<Backend> backends = List.of(Pools.backend("b", LOOPBACK, backendPort, 1));
            BackendPool pool = Pools.maglev(1009, backends);
            Service service = new Service(
                    "web",
                    pool,
                    1,
                    new Timeouts(SECOND_NS, 30 * SECOND_NS, 30 * SECOND_NS),
                    TcpOptions.KERNEL_DEFAULTS);
            return new ForwardingTable(version, List.of(service));
        }

        Socket connect() throws IOException {
            Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
            socket.setSoTimeout(20_000);
            return socket;
        }

        Socket accept() throws IOException {
            backend.setSoTimeout(20_000);
            Socket socket = backend.accept();
            socket.setSoTimeout(20_000);
            return socket;
        }

        /** Asked without connecting: that would be one more client. */
        boolean listens() {
            return new Sockets(syscalls).probeFree(new Endpoint(LOOPBACK, port), false) < 0;
        }

        long counter(TcpCounter counter) {
            return worker.proxy().tcpCounters().value(counter);
        }

        @Override
        public void close() throws IOException {
            worker.proxy().tryStop();
            await(() -> !thread.isAlive());
            worker.release();
            backend.close();
        }
    }

    private static CompletableFuture<Void> sending(Socket socket, byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, "did not happen");
            LockSupport.parkNanos(200_000);
        }
    }
}
