package io.penstock.forwarder;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.PoolSplit;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.Spread;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.worker.Worker;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link WarmUp} is to connections, for sessions: datagrams of the forwarder with itself, singly and in bursts, of
 * clients that stay and of clients that pass by.
 */
final class UdpWarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UdpWarmUp.class);

    /** Enough for the JVM's last stage of compilation on a slow core; on a fast one the work is done before. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(0x7f000001);
    private static final int SOCKET_TIMEOUT_MS = 200;

    /** At the same time, so that one wait of the worker brings several events. */
    private static final int CLIENTS = 16;

    /** Who passes by asks once, so that soon the oldest of them yields to the next. */
    private static final int SESSIONS = 2 * CLIENTS;

    private static final int CYCLES = 400;
    private static final int BURST = 8;
    private static final int MESSAGE_BYTES = 64;

    private final DatagramSocket backend;
    private final List<DatagramSocket> clients = new ArrayList<>();
    private final InetSocketAddress forwarder;
    private final DatagramPacket packet = new DatagramPacket(new byte[MESSAGE_BYTES], MESSAGE_BYTES);

    private UdpWarmUp(InetSocketAddress forwarder, DatagramSocket backend) throws IOException {
        this.forwarder = forwarder;
        this.backend = backend;
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(socket());
        }
    }

    static void run(Syscalls syscalls) throws InterruptedException {
        long startNs = System.nanoTime();
        try (DatagramSocket backend = socket()) {
            int port = freePort();
            UdpOptions options = UdpOptions.DEFAULT;
            Worker worker = new Worker(
                    "fwd-warm-up",
                    syscalls,
                    new TablePublication(table(backend.getLocalPort(), options)),
                    false,
                    new SessionLimit(SESSIONS));
            ListenerSpec spec = new ListenerSpec(0, new Endpoint(LOOPBACK, port), false, BindOptions.NONE, options);
            if (worker.listen(spec) < 0 || worker.startAccepting() < 0) {
                worker.abandon();
                return;
            }
            Thread thread = new Thread(worker, worker.proxy().name());
            thread.setDaemon(true);
            thread.start();
            InetSocketAddress forwarder = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (UdpWarmUp traffic = new UdpWarmUp(forwarder, backend)) {
                traffic.exchange(startNs + LIMIT.toNanos());
            } finally {
                worker.proxy().tryStop();
                thread.join();
                worker.release();
            }
            LOG.info("event=warmed-up protocol=udp duration={}ms", (System.nanoTime() - startNs) / 1_000_000);
        } catch (IOException | IllegalStateException e) {
            LOG.info(
                    "event=warm-up-ended protocol=udp cause=\"{}\" effect=\"the first clients may wait a little\"",
                    e.getMessage());
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(SOCKET_TIMEOUT_MS);
        return socket;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = socket()) {
            return socket.getLocalPort();
        }
    }

    private static ForwardingTable table(int backendPort, UdpOptions options) {
        Backend backend = new Backend("warm-up", LOOPBACK, backendPort, 1, new BackendLoad());
        FlowHash hash = new FlowHash(0, 0);
        BackendPool pool = new BackendPool(
                "warm-up",
                hash,
                HashInput.FLOW,
                Spread.of(new BackendGroup(PolicySpec.maglev(3), RingScale.NONE, hash, List.of(backend))));
        long idleNs = options.idleNs();
        return new ForwardingTable(
                1,
                List.of(new Service(
                        "warm-up",
                        PoolSplit.undivided(pool),
                        1,
                        new Timeouts(idleNs, idleNs, idleNs),
                        TcpOptions.KERNEL_DEFAULTS,
                        Admission.OPEN,
                        ProxyInput.NONE,
                        options)));
    }

    private void exchange(long deadlineNs) throws IOException {
        for (int cycle = 0; cycle < CYCLES && System.nanoTime() < deadlineNs; cycle++) {
            exchange(clients, cycle % 4 == 0 ? BURST : 1);
            try (DatagramSocket passer = socket()) {
                exchange(List.of(passer), 1);
            }
        }
    }

    /** All queries at once, then all answers. */
    private void exchange(List<DatagramSocket> from, int each) throws IOException {
        for (DatagramSocket client : from) {
            for (int i = 0; i < each; i++) {
                packet.setSocketAddress(forwarder);
                client.send(packet);
            }
        }
        for (int i = 0; i < from.size() * each; i++) {
            backend.receive(packet);
            backend.send(packet);
        }
        for (DatagramSocket client : from) {
            for (int i = 0; i < each; i++) {
                client.receive(packet);
            }
        }
    }

    @Override
    public void close() {
        clients.forEach(DatagramSocket::close);
    }
}
