package io.penstock.forwarder.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The workers of one process, with a UDP service over backends at ports of this host. */
final class UdpWorkers implements AutoCloseable {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final long SECOND_NS = 1_000_000_000L;

    final LinuxSyscalls syscalls = new LinuxSyscalls();
    final SessionLimit limit = new SessionLimit(1000);
    final Map<Backend.Key, Backend> backends = new HashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** @param heir whether its workers read nothing of UDP before they are told to */
    UdpWorkers(int count, boolean heir, int... backendPorts) {
        for (int port : backendPorts) {
            Backend backend = Pools.backend("b" + port, LOOPBACK, port, 1);
            backends.put(backend.key(), backend);
        }
        Service service = new Service(
                "dns",
                Pools.undivided(Pools.maglev(1009, List.copyOf(backends.values()))),
                1,
                new Timeouts(SECOND_NS, SECOND_NS, SECOND_NS),
                TcpOptions.KERNEL_DEFAULTS,
                Admission.OPEN,
                ProxyInput.NONE,
                UdpOptions.DEFAULT);
        TablePublication publication = new TablePublication(new ForwardingTable(1, List.of(service)));
        for (int i = 0; i < count; i++) {
            Worker worker = new Worker("test-w" + i, syscalls, publication, true, limit);
            workers.add(worker);
            assertEquals(0, heir ? worker.startAcceptingTcp() : worker.startAccepting());
            Thread thread = new Thread(worker, "test-w" + i);
            threads.add(thread);
            thread.start();
        }
    }

    static ListenerSpec spec(int port) {
        return new ListenerSpec(0, new Endpoint(LOOPBACK, port), false, BindOptions.NONE, UdpOptions.DEFAULT);
    }

    ListenerSet listeners(InheritedSockets inherited) {
        return new ListenerSet(syscalls, proxies(), inherited);
    }

    SessionHeir heir(ListenerSet listeners) {
        return new SessionHeir(syscalls, listeners, proxies(), backends);
    }

    List<WorkerProxy> proxies() {
        return workers.stream().map(Worker::proxy).toList();
    }

    int openSessions() {
        return proxies().stream().mapToInt(WorkerProxy::openSessions).sum();
    }

    /** Connections that the backends are counted to have. */
    int load() {
        return backends.values().stream()
                .mapToInt(backend -> backend.load().open())
                .sum();
    }

    long counter(UdpCounter counter) {
        return proxies().stream()
                .mapToLong(proxy -> proxy.udpCounters().value(counter))
                .sum();
    }

    @Override
    public void close() {
        proxies().forEach(WorkerProxy::tryStop);
        threads.forEach(thread -> RunningWorkers.await(() -> !thread.isAlive()));
        workers.forEach(Worker::release);
    }
}
