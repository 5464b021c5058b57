package io.penstock.forwarder.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.it.Ports;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Sockets;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Workers without a socket yet, and two services with a backend each that says its own number. */
final class RunningWorkers implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    final LinuxSyscalls syscalls = new LinuxSyscalls();
    final Sockets sockets = new Sockets(syscalls);
    private final List<ServerSocket> backends = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    RunningWorkers(int count) throws IOException {
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ServerSocket backend = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
            backend.setSoTimeout(TIMEOUT_MS);
            backends.add(backend);
            services.add(new Service(
                    "service-" + i,
                    Pools.maglev(1009, List.of(Pools.backend("b" + i, LOOPBACK, backend.getLocalPort(), 1))),
                    1,
                    new Timeouts(10 * SECOND_NS, 30 * SECOND_NS, 30 * SECOND_NS),
                    TcpOptions.KERNEL_DEFAULTS));
        }
        TablePublication publication = new TablePublication(new ForwardingTable(1, services));
        for (int i = 0; i < count; i++) {
            Worker worker = new Worker("test-w" + i, syscalls, publication, true);
            workers.add(worker);
            assertEquals(0, worker.startAccepting());
            threads.add(new Thread(worker, "test-w" + i));
        }
    }

    RunningWorkers start() {
        threads.forEach(Thread::start);
        return this;
    }

    List<WorkerProxy> proxies() {
        return workers.stream().map(Worker::proxy).toList();
    }

    ListenerSet listeners(InheritedSockets inherited) {
        return new ListenerSet(syscalls, proxies(), inherited);
    }

    /** Below the ephemeral range, and free at every address. */
    static int freePort() {
        return Ports.free(1);
    }

    static ListenerSpec spec(int service, int port) {
        return new ListenerSpec(service, new Endpoint(LOOPBACK, port), false);
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        return socket;
    }

    /** The client gets through to the backend of this service. */
    void assertServed(Socket client, int service) throws IOException {
        try (Socket backend = backends.get(service).accept()) {
            backend.getOutputStream().write(service);
            assertEquals(service, client.getInputStream().read());
        }
    }

    /** All of them, in whatever order, and closes them. */
    void assertServed(List<Socket> clients, int service) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            try (Socket backend = backends.get(service).accept()) {
                backend.getOutputStream().write(service);
            }
        }
        for (Socket client : clients) {
            assertEquals(service, client.getInputStream().read());
            client.close();
        }
    }

    /** Asked without connecting: that would be one more client. */
    boolean listens(int port) {
        return sockets.probeFree(spec(0, port).endpoint(), false) < 0;
    }

    void settle() {
        await(() -> proxies().stream().allMatch(WorkerProxy::hasSettledListeners));
    }

    static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TIMEOUT_MS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("never came true");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        proxies().forEach(WorkerProxy::tryStop);
        for (Thread thread : threads) {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
            await(() -> !thread.isAlive());
        }
        workers.forEach(Worker::release);
        for (ServerSocket backend : backends) {
            backend.close();
        }
    }
}
