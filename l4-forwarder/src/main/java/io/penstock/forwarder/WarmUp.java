package io.penstock.forwarder;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.Spread;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.worker.Worker;
import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traffic of the forwarder with itself, before it takes over or beside its first clients: so that the JVM has soon loaded
 * and compiled what a connection runs through. A worker of its own relays over loopback what this thread sends and
 * receives; nothing of it is counted or kept. Whatever goes wrong only ends it.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** Enough for the JVM's last stage of compilation on a slow core; on a fast one the work is done before. */
    private static final Duration LIMIT = Duration.ofMillis(1_500);

    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(0x7f000001);
    private static final long SECOND_NS = 1_000_000_000;
    private static final int SOCKET_TIMEOUT_MS = 1_000;

    /** At the same time, so that one wait of the worker brings several events. */
    private static final int CONNECTIONS = 16;

    private static final int MESSAGE_BYTES = 64;

    /** A chunk is bulky, and fits into the sockets on the way without a reader. */
    private static final int CHUNK_BYTES = 48 << 10;

    /** In each: three round trips a connection, four bulky ones, and as many connections that open and end. */
    private static final int CYCLES = 250;

    private static final int ROUND_TRIPS_PER_CYCLE = 3;
    private static final int CHUNKS_PER_CYCLE = 4;

    private record Pair(Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private final ServerSocket backend;
    private final InetSocketAddress forwarder;
    private final long deadlineNs;

    private WarmUp(ServerSocket backend, InetSocketAddress forwarder, long deadlineNs) {
        this.backend = backend;
        this.forwarder = forwarder;
        this.deadlineNs = deadlineNs;
    }

    static void run(Syscalls syscalls, boolean splice) throws InterruptedException {
        long startNs = System.nanoTime();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket backend = new ServerSocket(0, CONNECTIONS, loopback)) {
            backend.setSoTimeout(SOCKET_TIMEOUT_MS);
            int port = freePort(loopback);
            Worker worker =
                    new Worker("fwd-warm-up", syscalls, new TablePublication(table(backend.getLocalPort())), splice);
            if (worker.listen(new ListenerSpec(0, new Endpoint(LOOPBACK, port), false)) < 0
                    || worker.startAccepting() < 0) {
                worker.abandon();
                return;
            }
            Thread thread = new Thread(worker, worker.proxy().name());
            thread.setDaemon(true);
            thread.start();
            try {
                new WarmUp(backend, new InetSocketAddress(loopback, port), startNs + LIMIT.toNanos()).traffic();
            } finally {
                worker.proxy().tryStop();
                thread.join();
                worker.release();
            }
            LOG.info("event=warmed-up duration={}ms", (System.nanoTime() - startNs) / 1_000_000);
        } catch (IOException | IllegalStateException e) {
            LOG.info("event=warm-up-ended cause=\"{}\" effect=\"the first clients may wait a little\"", e.getMessage());
        }
    }

    private static int freePort(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    private static ForwardingTable table(int backendPort) {
        Backend backend = new Backend("warm-up", LOOPBACK, backendPort, 1, new BackendLoad());
        FlowHash hash = new FlowHash(0, 0);
        BackendPool pool = new BackendPool(
                "warm-up",
                hash,
                HashInput.FLOW,
                Spread.of(new BackendGroup(PolicySpec.maglev(3), RingScale.NONE, hash, List.of(backend))));
        return new ForwardingTable(
                1,
                List.of(new Service(
                        "warm-up",
                        pool,
                        1,
                        new Timeouts(SECOND_NS, SECOND_NS, SECOND_NS),
                        TcpOptions.KERNEL_DEFAULTS)));
    }

    private void traffic() throws IOException {
        List<Pair> pairs = new ArrayList<>();
        byte[] message = new byte[MESSAGE_BYTES];
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                pairs.add(open(new byte[0]));
            }
            for (int cycle = 0; cycle < CYCLES && System.nanoTime() < deadlineNs; cycle++) {
                for (int i = 0; i < ROUND_TRIPS_PER_CYCLE; i++) {
                    roundTrips(pairs, message);
                }
                for (int i = 0; i < CHUNKS_PER_CYCLE; i++) {
                    Pair pair = pairs.get(i % 2);
                    pass(pair.client(), pair.server(), chunk);
                    pass(pair.server(), pair.client(), chunk);
                }
                for (int i = 0; i < CONNECTIONS; i++) {
                    shortConnection(message);
                }
            }
        } finally {
            for (Pair pair : pairs) {
                pair.close();
            }
        }
    }

    private static void pass(Socket from, Socket to, byte[] message) throws IOException {
        from.getOutputStream().write(message);
        to.getInputStream().readNBytes(message, 0, message.length);
    }

    /** All requests at once, then all answers. */
    private static void roundTrips(List<Pair> pairs, byte[] message) throws IOException {
        for (Pair pair : pairs) {
            pair.client().getOutputStream().write(message);
        }
        for (Pair pair : pairs) {
            pair.server().getInputStream().readNBytes(message, 0, message.length);
            pair.server().getOutputStream().write(message);
        }
        for (Pair pair : pairs) {
            pair.client().getInputStream().readNBytes(message, 0, message.length);
        }
    }

    /** A request that is there before the accept, an answer, and the end of both sides. */
    private void shortConnection(byte[] message) throws IOException {
        try (Pair pair = open(message)) {
            pair.server().getInputStream().readNBytes(message, 0, message.length);
            pair.server().getOutputStream().write(message);
            pair.server().shutdownOutput();
            pair.client().getInputStream().readNBytes(message, 0, message.length);
        }
    }

    private Pair open(byte[] request) throws IOException {
        Socket client = new Socket();
        try {
            client.setSoTimeout(SOCKET_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            client.connect(forwarder, SOCKET_TIMEOUT_MS);
            client.getOutputStream().write(request);
            Socket server = backend.accept();
            server.setSoTimeout(SOCKET_TIMEOUT_MS);
            server.setTcpNoDelay(true);
            return new Pair(client, server);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }
}
