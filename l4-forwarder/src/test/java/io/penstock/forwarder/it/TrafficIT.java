package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.it.Payload.Digest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many connections and many bytes: nothing corrupted, nothing lost, nothing left. */
@Timeout(120)
class TrafficIT {
    private static final int SEQUENTIAL = 10_000;
    private static final int CONCURRENT = 2_000;
    private static final int[] SIZES = {
        1, 2, 1_459, 1_460, 1_461, 16_383, 16_384, 16_385, 65_536, 262_143, 262_144, 262_145, 1 << 20, 4 << 20, 64 << 20
    };
    private static final long SLOW_PAUSE_NS = 500_000;

    /** Who ends its direction first. */
    private enum Order {
        CLIENT_FIRST,
        BACKEND_FIRST,
        BOTH_AT_ONCE
    }

    private enum Pace {
        FULL,
        SLOW_CLIENT,
        SLOW_BACKEND
    }

    private static final Order[] ORDERS = Order.values();

    @TempDir
    Path directory;

    private final AtomicLong nextSeed = new AtomicLong();
    private final Map<Long, Exchange> exchanges = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<TestBackend> backends = new ArrayList<>();
    private int port;
    private ForwarderProcess forwarder;
    private int before;

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            backends.add(TestBackend.running(this::serve));
        }
        port = Ports.free();
        forwarder = ForwarderProcess.start(
                directory,
                ForwarderYaml.of(port, backends.toArray(TestBackend[]::new)).text());
        before = forwarder.openKernelObjects();
    }

    @AfterEach
    void stop() {
        forwarder.close();
        backends.forEach(TestBackend::close);
        threads.shutdownNow();
    }

    @Test
    void shouldDeliverEverySizeWhicheverSideEndsFirst() throws Exception {
        for (Order order : ORDERS) {
            for (int size : SIZES) {
                exchange(open(order, Pace.FULL, size, size));
            }
        }
        assertNothingLeft(ORDERS.length * SIZES.length);
    }

    @Test
    void shouldDeliverEverythingToSlowReaders() throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (Order order : ORDERS) {
            for (Pace pace : Pace.values()) {
                running.add(threads.submit(() -> {
                    exchange(open(order, pace, 16 << 20, 16 << 20));
                    return null;
                }));
            }
        }
        join(running);
        assertNothingLeft(ORDERS.length * Pace.values().length);
    }

    @Test
    void shouldServeTenThousandConnectionsOneAfterTheOther() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < SEQUENTIAL; i++) {
            exchange(open(ORDERS[i % ORDERS.length], Pace.FULL, 1 + random.nextInt(4_096), 1 + random.nextInt(4_096)));
        }
        assertNothingLeft(SEQUENTIAL);
    }

    @Test
    void shouldServeTwoThousandConnectionsAtOnce() throws Exception {
        List<Exchange> opened = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < CONCURRENT; i++) {
            opened.add(
                    open(ORDERS[i % ORDERS.length], Pace.FULL, 1 + random.nextInt(65_536), 1 + random.nextInt(65_536)));
        }
        // All of them are open on both sides now: none has sent more than its header, none ends before this.
        Await.until("every connection at a backend", () -> accepted() == CONCURRENT);
        assertEquals(before + 2 * CONCURRENT, forwarder.openKernelObjects());
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 16; thread++) {
            int first = thread;
            running.add(threads.submit(() -> {
                for (int i = first; i < CONCURRENT; i += 16) {
                    exchange(opened.get(i));
                }
                return null;
            }));
        }
        join(running);
        assertNothingLeft(CONCURRENT);
    }

    private static void join(List<Future<?>> running)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private int accepted() {
        return backends.stream().mapToInt(TestBackend::accepted).sum();
    }

    private void assertNothingLeft(int connections) throws Exception {
        assertEquals(connections, accepted());
        backends.forEach(TestBackend::assertNoFailures);
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(connections, forwarder.total("accepted"));
        assertEquals(connections, forwarder.total("closed_completed"));
    }

    /** What both ends of one connection are to do; the client says over the connection which one it is. */
    private record Exchange(
            Socket client, Order order, Pace pace, Payload up, Payload down, CompletableFuture<Digest> arrivedUp) {}

    private Exchange open(Order order, Pace pace, int upLength, int downLength) throws IOException {
        Socket client = new Socket();
        if (pace == Pace.SLOW_CLIENT) {
            client.setReceiveBufferSize(64 << 10);
        }
        Clients.connect(client, "127.0.0.1", port);
        long seed = nextSeed.incrementAndGet();
        Exchange exchange = new Exchange(
                client,
                order,
                pace,
                new Payload(seed, upLength),
                new Payload(-seed, downLength),
                new CompletableFuture<>());
        exchanges.put(seed, exchange);
        return exchange;
    }

    private void exchange(Exchange exchange) throws Exception {
        Digest arrivedDown;
        try (Socket socket = exchange.client()) {
            new DataOutputStream(socket.getOutputStream())
                    .writeLong(exchange.up().seed());
            arrivedDown = run(
                    socket,
                    exchange.order(),
                    Order.CLIENT_FIRST,
                    exchange.up(),
                    exchange.pace() == Pace.SLOW_CLIENT ? SLOW_PAUSE_NS : 0);
        }
        assertEquals(exchange.down().digest(), arrivedDown, exchange::toString);
        assertEquals(exchange.up().digest(), exchange.arrivedUp().get(30, TimeUnit.SECONDS), exchange::toString);
    }

    private void serve(Socket socket) throws Exception {
        long seed = new DataInputStream(socket.getInputStream()).readLong();
        Exchange exchange = exchanges.remove(seed);
        try {
            exchange.arrivedUp()
                    .complete(run(
                            socket,
                            exchange.order(),
                            Order.BACKEND_FIRST,
                            exchange.down(),
                            exchange.pace() == Pace.SLOW_BACKEND ? SLOW_PAUSE_NS : 0));
        } catch (IOException e) {
            exchange.arrivedUp().completeExceptionally(e);
            throw e;
        }
    }

    /** One side's part: sends its payload and half-closes, and reads the other's to its end. */
    private Digest run(Socket socket, Order order, Order mySendFirst, Payload payload, long pauseNs) throws Exception {
        if (order == Order.BOTH_AT_ONCE) {
            Future<?> sending = threads.submit(() -> {
                send(socket, payload);
                return null;
            });
            Digest arrived = Payload.read(socket.getInputStream(), pauseNs);
            sending.get(60, TimeUnit.SECONDS);
            return arrived;
        }
        if (order == mySendFirst) {
            send(socket, payload);
            return Payload.read(socket.getInputStream(), pauseNs);
        }
        Digest arrived = Payload.read(socket.getInputStream(), pauseNs);
        send(socket, payload);
        return arrived;
    }

    private static void send(Socket socket, Payload payload) throws IOException {
        payload.writeTo(socket.getOutputStream());
        socket.shutdownOutput();
    }
}
