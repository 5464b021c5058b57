package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Sockets;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several workers before one backend with few places. A client that nobody calls waits until this fails. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class WorkerQueueTest {
    private static final int WORKERS = 3;
    private static final int PLACES = 2;
    private static final int CLIENTS = 12;
    private static final int CONNECTIONS_EACH = 100;
    private static final int ANSWER_MS = 20_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final BackendLoad load = new BackendLoad();
    private final PoolQueue queue = new PoolQueue(CLIENTS, 60 * SECOND_NS);
    private final List<Worker> workers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private final AtomicInteger atBackend = new AtomicInteger();
    private final AtomicInteger mostAtBackend = new AtomicInteger();
    private ServerSocket backend;

    @BeforeEach
    void start() throws IOException {
        backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        load.limit(PLACES, BackendLoad.UNLIMITED);
        Backend only = new Backend("b", LOOPBACK, backend.getLocalPort(), 1, load);
        BackendPool pool = Pools.maglev(1009, List.of(only), queue);
        Service service = new Service(
                "web", pool, 1, new Timeouts(SECOND_NS, 30 * SECOND_NS, 30 * SECOND_NS), TcpOptions.KERNEL_DEFAULTS);
        TablePublication publication = new TablePublication(new ForwardingTable(1, List.of(service)));
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = new Worker("test-w" + i, syscalls, publication, true);
            workers.add(worker);
            ports.add(listen(worker));
            assertEquals(0, worker.startAccepting());
            threads.add(new Thread(worker, "test-w" + i));
        }
        threads.forEach(Thread::start);
        serving.execute(this::serve);
    }

    @AfterEach
    void stop() throws Exception {
        workers.forEach(worker -> worker.proxy().tryStop());
        for (Thread thread : threads) {
            thread.join();
        }
        workers.forEach(Worker::release);
        backend.close();
        serving.shutdownNow();
        assertEquals(0, load.open());
        assertEquals(0, load.pending());
        assertEquals(0, queue.waiting());
    }

    /** A port of its own for each worker, so that every one has its clients. */
    private int listen(Worker worker) throws IOException {
        for (int tries = 0; tries < 10; tries++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Endpoint endpoint = new Endpoint(LOOPBACK, port);
            if (new Sockets(syscalls).probeFree(endpoint, false) >= 0
                    && worker.listen(new ListenerSpec(0, endpoint, false)) >= 0) {
                return port;
            }
        }
        throw new IOException("no free port");
    }

    private void serve() {
        try {
            while (true) {
                Socket connection = backend.accept();
                mostAtBackend.accumulateAndGet(atBackend.incrementAndGet(), Math::max);
                serving.execute(() -> answer(connection));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends first: the place is free when the forwarder has seen that, so the count must be down before. */
    private void answer(Socket connection) {
        try (connection) {
            int request = connection.getInputStream().read();
            atBackend.decrementAndGet();
            connection.getOutputStream().write(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MS);
            socket.getOutputStream().write(7);
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes().length;
        }
    }

    private long counter(TcpCounter counter) {
        return workers.stream()
                .mapToLong(worker -> worker.proxy().tcpCounters().value(counter))
                .sum();
    }

    @Test
    void shouldServeEveryClientOfEveryWorkerAndNeverExceedTheLimit() throws Exception {
        List<Future<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int port = ports.get(i % WORKERS);
            clients.add(serving.submit(() -> {
                int answered = 0;
                for (int n = 0; n < CONNECTIONS_EACH; n++) {
                    answered += ask(port);
                }
                return answered;
            }));
        }
        for (Future<Integer> client : clients) {
            assertEquals(CONNECTIONS_EACH, client.get());
        }
        assertTrue(mostAtBackend.get() <= PLACES, () -> mostAtBackend + " at once");
        assertEquals(0, counter(TcpCounter.CLOSED_QUEUE_TIMEOUT) + counter(TcpCounter.CLOSED_QUEUE_FULL));
        assertTrue(counter(TcpCounter.QUEUED) > CLIENTS, "or nothing was tested");
    }
}
