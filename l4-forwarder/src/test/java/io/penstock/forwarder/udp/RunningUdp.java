package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.worker.ResetCause;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A worker that forwards UDP on its thread, with the sockets of clients and backends that a test plays. */
final class RunningUdp implements AutoCloseable {
    static final long SECOND_NS = 1_000_000_000L;
    static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    private static final long WAIT_NS = 20 * SECOND_NS;
    private static final int TIMEOUT_MS = 20_000;

    final TablePublication publication;
    final Worker worker;
    final Listening listening;
    final int port;

    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final Thread thread;

    private RunningUdp(Worker worker, TablePublication publication, Listening listening) {
        this.worker = worker;
        this.publication = publication;
        this.listening = listening;
        port = listening.spec().endpoint().port();
        thread = new Thread(worker, "test-w0");
    }

    /** Listens at 127.0.0.1. */
    static RunningUdp start(Service service) throws IOException {
        return start(new LinuxSyscalls(), service, LOOPBACK, false, new SessionLimit(1000));
    }

    static RunningUdp start(Service service, SessionLimit limit) throws IOException {
        return start(new LinuxSyscalls(), service, LOOPBACK, false, limit);
    }

    /** Tells this one of the sessions that end, on the worker's thread. */
    static RunningUdp start(Service service, FlowObserver observer) throws IOException {
        Endpoint endpoint = new Endpoint(LOOPBACK, freePort());
        return start(new LinuxSyscalls(), service, endpoint, false, new SessionLimit(1000), observer);
    }

    /** At a port of 127.0.0.1 that must be free. */
    static RunningUdp startAt(int port, Service service) {
        return start(new LinuxSyscalls(), service, new Endpoint(LOOPBACK, port), false, new SessionLimit(1000));
    }

    /** At a port that was free a moment ago: port 0 would not say which one it became. */
    static RunningUdp start(
            Syscalls syscalls, Service service, IpAddress address, boolean dualStack, SessionLimit limit)
            throws IOException {
        return start(syscalls, service, new Endpoint(address, freePort()), dualStack, limit);
    }

    private static RunningUdp start(
            Syscalls syscalls, Service service, Endpoint endpoint, boolean dualStack, SessionLimit limit) {
        return start(syscalls, service, endpoint, dualStack, limit, FlowObserver.NONE);
    }

    private static RunningUdp start(
            Syscalls syscalls,
            Service service,
            Endpoint endpoint,
            boolean dualStack,
            SessionLimit limit,
            FlowObserver observer) {
        TablePublication publication = new TablePublication(new ForwardingTable(1, List.of(service)));
        Worker worker = new Worker(
                "test-w0", syscalls, publication, true, limit, observer, new Measuring(true, Measuring.NEVER));
        ListenerSpec spec = new ListenerSpec(0, endpoint, dualStack, BindOptions.NONE, service.udp());
        int fd = UdpListenerSocket.bind(syscalls, new DatagramSockets(syscalls), spec);
        assertTrue(fd >= 0, () -> spec + ": " + Errno.describe(-fd));
        Listening listening = new Listening(fd, spec, false);
        worker.proxy().changeListeners(new ListenerChange(List.of(listening), List.of(), List.of()));
        assertEquals(0, worker.startAccepting());
        RunningUdp running = new RunningUdp(worker, publication, listening);
        running.thread.start();
        return running;
    }

    /** One more service, with index 1, at a port of its own: which is returned. */
    int add(Service second) throws IOException {
        ForwardingTable before = publication.current();
        publication.publish(new ForwardingTable(before.version() + 1, List.of(before.service(0), second)));
        worker.proxy().onTablePublished();
        ListenerSpec spec =
                new ListenerSpec(1, new Endpoint(LOOPBACK, freePort()), false, BindOptions.NONE, second.udp());
        Syscalls syscalls = new LinuxSyscalls();
        int fd = UdpListenerSocket.bind(syscalls, new DatagramSockets(syscalls), spec);
        assertTrue(fd >= 0, () -> spec + ": " + Errno.describe(-fd));
        Listening socket = new Listening(fd, spec, false);
        worker.proxy().changeListeners(new ListenerChange(List.of(socket), List.of(), List.of()));
        await(worker.proxy()::hasSettledListeners, () -> "not listening");
        return spec.endpoint().port();
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(atLoopback(0))) {
            return socket.getLocalPort();
        }
    }

    static Service service(UdpOptions options, Backend... backends) {
        return service(options, Admission.OPEN, Pools.maglev(1009, List.of(backends)));
    }

    static Service service(UdpOptions options, Admission admission, BackendPool pool) {
        return new Service(
                "dns",
                Pools.undivided(pool),
                1,
                new Timeouts(SECOND_NS, SECOND_NS, SECOND_NS),
                TcpOptions.KERNEL_DEFAULTS,
                admission,
                ProxyInput.NONE,
                options);
    }

    static UdpOptions options(boolean perPacket, int responses, long idleNs, long rehomeNs) {
        return new UdpOptions(perPacket, responses, idleNs, rehomeNs, UdpOptions.Fragmentation.AUTO, 4 << 20, 4 << 20);
    }

    /** A backend that is this socket. */
    static Backend backend(DatagramSocket socket) {
        IpAddress address = IpAddress.of(socket.getLocalAddress());
        return Pools.backend("b" + socket.getLocalPort(), address, socket.getLocalPort(), 1);
    }

    void publish(Service service) {
        long version = publication.current().version() + 1;
        publication.publish(new ForwardingTable(version, List.of(service)));
        worker.proxy().onTablePublished();
        await(() -> worker.proxy().counters().value(WorkerCounter.TABLES_ADOPTED) == version - 1, () -> "not adopted");
    }

    /** A port of 127.0.0.1. */
    static SocketAddress atLoopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    /** A client's socket, which is closed with this. Not connected: so it sends empty datagrams, which the JDK skips else. */
    DatagramSocket client() throws IOException {
        return client("127.0.0.1");
    }

    DatagramSocket client(String from) throws IOException {
        DatagramSocket socket = bound(from);
        sockets.add(socket);
        return socket;
    }

    static DatagramSocket bound(String address) throws IOException {
        return bound(address, 0);
    }

    static DatagramSocket bound(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    /** To the listener at 127.0.0.1. */
    void send(DatagramSocket client, byte... payload) throws IOException {
        sendTo("127.0.0.1", client, payload);
    }

    void sendTo(String address, DatagramSocket client, byte... payload) throws IOException {
        reply(client, new InetSocketAddress(address, port), payload);
    }

    static void reply(DatagramSocket socket, SocketAddress to, byte... payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, to));
    }

    static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.receive(packet);
        return packet;
    }

    static byte[] payload(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    long threadId() {
        return thread.getId();
    }

    long counter(UdpCounter counter) {
        return worker.proxy().udpCounters().value(counter);
    }

    void awaitCounter(UdpCounter counter, long value) {
        await(() -> counter(counter) == value, () -> counter + " is " + counter(counter) + ", not " + value);
    }

    void awaitSessions(int count) {
        await(
                () -> worker.proxy().openSessions() == count,
                () -> worker.proxy().openSessions() + " sessions, not " + count);
    }

    /** How many sessions were told to end. */
    int endAll(ResetCause cause) {
        CompletableFuture<Integer> told = new CompletableFuture<>();
        assertTrue(worker.proxy().tryFind((list, index) -> true, found -> {
            long[] tokens = new long[found.size()];
            Arrays.setAll(tokens, found::token);
            assertTrue(worker.proxy().tryReset(tokens, cause, told::complete));
        }));
        return told.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Until the worker has obeyed what it was told before. */
    void awaitObeyed() throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        assertTrue(worker.proxy().tryFind((list, index) -> false, found -> answered.countDown()));
        assertTrue(answered.await(WAIT_NS, TimeUnit.NANOSECONDS));
    }

    void awaitEnd() {
        await(() -> !thread.isAlive(), () -> "the worker goes on");
    }

    static void await(BooleanSupplier condition, Supplier<String> message) {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, message);
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        worker.proxy().tryStop();
        awaitEnd();
        worker.release();
        sockets.forEach(DatagramSocket::close);
    }
}
