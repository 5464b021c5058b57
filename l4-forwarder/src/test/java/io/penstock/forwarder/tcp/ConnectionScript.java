package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Outgoing;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * One worker's TCP over a scripted kernel and a clock that the test sets: what the tests of connections have in common,
 * and the proof after each that nothing is left behind.
 */
abstract class ConnectionScript {
    static final long MS = 1_000_000;
    static final long TICK_NS = 1 << 20;
    static final long CONNECT_NS = 2_000 * MS;
    static final long IDLE_NS = 60_000 * MS;
    static final long FIN_NS = 5_000 * MS;
    static final int FAILED = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDHUP;
    static final int FIN = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
    static final int BUFFER = TcpForwarder.COPY_BUFFER_BYTES;

    final ScriptedSyscalls kernel = new ScriptedSyscalls();
    /** Of every backend of every table. */
    final List<BackendLoad> loads = new ArrayList<>();
    /** Of the table that was made last. */
    List<Backend> backends = List.of();

    long nowNs = 1_000 * MS;
    ForwardingTable table = table(3, 3, IDLE_NS);
    FlowObserver observer = FlowObserver.NONE;
    final FlowLatencies latencies = new FlowLatencies(true);
    TcpForwarder tcp;
    final List<Long> held = new ArrayList<>();
    Fd listener;
    Fd client;
    Fd backend;

    @BeforeEach
    void listen() {
        tcp = new TcpForwarder(
                kernel, new Epoll(kernel), () -> {}, table, true, observer, latencies, Measuring.NOTHING, nowNs);
        Endpoint endpoint = new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), 80);
        assertEquals(0, tcp.listen(new ListenerSpec(0, endpoint, false)));
        listener = kernel.last();
        assertFalse(listener.registered, "clients wait in the kernel until accepting starts");
        assertEquals(0, tcp.startAccepting());
        assertTrue(listener.registered);
    }

    /** Whatever a test did: nothing is open, no place at a backend is held, no deadline waits, all memory is back, all slots are free. */
    @AfterEach
    void shouldHaveReleasedEverything() {
        tcp.close();
        held.forEach(block -> tcp.remainders().release(block, 1));
        assertEquals(0, kernel.openFds());
        assertEquals(0, tcp.openConnections());
        for (BackendLoad load : loads) {
            assertEquals(0, load.open());
            assertEquals(0, load.pending());
        }
        assertEquals(0, tcp.timers().size());
        assertEquals(0, tcp.remainders().inUse());
        assertEquals(0, tcp.pipes().inUse());
        tcp.runQueued(tcp.queued());
        assertFalse(tcp.hasQueued());
    }

    private static Backend backend(int number, SourceAddresses from) {
        IpAddress address = IpAddress.ofIpv4(0x0a000001 + number);
        SourcePorts ports = SourcePorts.towards(address, from.addresses());
        return new Backend("pool", "b" + number, address, 8080, 1, new BackendLoad(), Backend.NO_SERIAL, ports);
    }

    void accept() {
        at(0);
        kernel.clientsWaiting = 1;
        int before = kernel.made.size();
        event(listener, EPOLLIN);
        client = kernel.made.get(before);
        backend = kernel.last();
    }

    void relaying() {
        accept();
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
    }

    void refuse() {
        backend.error = Errno.ECONNREFUSED;
        event(backend, FAILED);
    }

    void event(Fd fd, int events) {
        tcp.onEvent(fd.token, events);
    }

    /** Lets time pass, then has a turn of the loop. */
    void at(long laterNs) {
        nowNs += laterNs;
        tcp.onTurn(table, nowNs);
        tcp.expire();
        tcp.serveWaiting();
    }

    long counter(TcpCounter counter) {
        return tcp.counters().value(counter);
    }

    void exhaustRemainders() {
        while (tcp.remainders().readRoom(BUFFER) > 0) {
            held.add(tcp.remainders().acquire(1));
        }
    }

    ForwardingTable table(int backends, int attempts, long idleNs) {
        return table(backends, attempts, idleNs, PoolQueue.NONE);
    }

    ForwardingTable table(int backends, int attempts, long idleNs, PoolQueue queue) {
        return table(backends, attempts, idleNs, queue, SourceAddresses.KERNELS_CHOICE);
    }

    ForwardingTable table(int backends, int attempts, long idleNs, PoolQueue queue, SourceAddresses from) {
        List<Backend> all =
                IntStream.range(0, backends).mapToObj(i -> backend(i, from)).toList();
        all.forEach(one -> loads.add(one.load()));
        this.backends = all;
        BackendPool pool = Pools.maglev(1009, all, queue, new Outgoing(from, ProxyHeader.NONE));
        return new ForwardingTable(
                1,
                List.of(new Service(
                        "web", pool, attempts, new Timeouts(CONNECT_NS, idleNs, FIN_NS), TcpOptions.KERNEL_DEFAULTS)));
    }

    /** Three backends for clients that may come with PROXY protocol headers, and that get such. */
    ForwardingTable table(ProxyInput input, ProxyHeader header) {
        List<Backend> all = IntStream.range(0, 3)
                .mapToObj(i -> Pools.backend("b" + i, IpAddress.ofIpv4(0x0a000001 + i), 8080, 1))
                .toList();
        all.forEach(one -> loads.add(one.load()));
        Service service = new Service(
                "web",
                Pools.undivided(Pools.maglev(1009, all, header)),
                3,
                new Timeouts(CONNECT_NS, IDLE_NS, FIN_NS),
                TcpOptions.KERNEL_DEFAULTS,
                Admission.OPEN,
                input);
        return new ForwardingTable(1, List.of(service));
    }
}
