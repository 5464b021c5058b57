package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.FcntlConstants.EFD_CLOEXEC;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.event.TimerWheel;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.linux.EphemeralPorts;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntArrayQueue;

/**
 * One worker's TCP: its listeners, its connections in slots, and what they share. Owns every socket it accepts or
 * connects; {@link #close} ends them all. NOT thread safe, but for {@link #counters()} being readable anywhere.
 */
public final class TcpForwarder implements Flows, AutoCloseable {
    /** Why connections end, as logs and metrics call it. */
    public static final List<String> REASONS = ServiceCounts.names(CloseReason.values());

    /** Measured: 64 KiB is the slowest size, 256 to 512 KiB the fastest, and 256 stays within the second-level cache. */
    static final int COPY_BUFFER_BYTES = 256 << 10;

    /** That a worker has open at once, at most. */
    public static final int MAX_PIPES = PipePool.MAX_PIPES;

    /** Of each, where the kernel gives so much. */
    public static final int PIPE_BYTES = PipePool.PIPE_BYTES;

    /** Everything that can happen to a socket, edge-triggered: as a rule added once and never modified. */
    private static final int SOCKET_EVENTS = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;

    /** Without what arriving data wakes; a FIN, a failure and room for writing are still told. */
    private static final int MUTED_EVENTS = EPOLLOUT | EPOLLRDHUP | EPOLLET;

    /** How long accepting rests after descriptors or memory ran out. */
    private static final long ACCEPT_PAUSE_NS = 100_000_000;

    private static final long NOT_PAUSED = Long.MAX_VALUE;
    private static final int NO_FD = -1;

    private final Syscalls syscalls;
    private final Sockets sockets;
    private final Epoll epoll;
    private final BackendConnector connector;
    private final ConnectAttempts connectAttempts = new ConnectAttempts(this);
    private final TimerWheel timers;
    /** Held, because a method reference is a new object each time it is taken. */
    private final TimerWheel.Handler timerHandler = this::onTimer;

    private final FlowObserver observer;
    private final Counters<TcpCounter> counters = new Counters<>(TcpCounter.class);
    private final Counters<TcpGauge> gauges = new Counters<>(TcpGauge.class);
    private final ServiceCounts services = new ServiceCounts();
    private final FlowLatencies latencies;
    private final EphemeralPorts ephemeralPorts = EphemeralPorts.read();
    private final RemainderPool remainders = new RemainderPool(COPY_BUFFER_BYTES, RemainderPool.MAX_BYTES);
    private final PipePool pipes;
    private final ByteBuffer copyBuffer = BufferUtil.allocateDirectAligned(COPY_BUFFER_BYTES, 4096);
    private final long copyBufferAddress = BufferUtil.address(copyBuffer);
    private final ProxyHeaderInput proxyHeaderInput;
    private final ProxyHeaderOutput proxyHeaderOutput = new ProxyHeaderOutput(copyBufferAddress, COPY_BUFFER_BYTES);
    private final Selection selection = new Selection(System.identityHashCode(this));

    private final TcpListeners listeners = new TcpListeners(this);
    private final Arrival arrival = new Arrival();
    private final List<Connection> slots = new ArrayList<>();
    private final IntArrayList freeSlots = new IntArrayList();
    private final IntArrayQueue runQueue = new IntArrayQueue();
    private final WaitingLines waitingLines;
    private final AcceptRests rests = new AcceptRests();
    private final NetworkSampler sampler;

    private ForwardingTable table;
    private long nowNs;
    private long turn;
    private long acceptResumeNs = NOT_PAUSED;
    /**
     * An eventfd held for nothing but its number: a client that took the last descriptor needs one more for its
     * backend. While it is not held, no client is accepted.
     */
    private int spareFd = NO_FD;

    private int nextGeneration = 1;
    private int open;

    /**
     * Listens to nothing yet.
     *
     * @param wake ends this worker's wait for events, from any thread, without blocking
     * @param splice whether bulky directions are spliced, or everything is copied
     */
    public TcpForwarder(
            Syscalls syscalls, Epoll epoll, Runnable wake, ForwardingTable table, boolean splice, long nowNs) {
        this(
                syscalls,
                epoll,
                wake,
                table,
                splice,
                FlowObserver.NONE,
                new FlowLatencies(false),
                Measuring.NOTHING,
                nowNs);
    }

    /**
     * As the other, and somebody is told of each connection that ends.
     *
     * @param latencies what is recorded of each service's connections
     * @param measuring what is sampled of them
     */
    public TcpForwarder(
            Syscalls syscalls,
            Epoll epoll,
            Runnable wake,
            ForwardingTable table,
            boolean splice,
            FlowObserver observer,
            FlowLatencies latencies,
            Measuring measuring,
            long nowNs) {
        this.observer = observer;
        this.latencies = latencies;
        this.syscalls = syscalls;
        this.epoll = epoll;
        this.table = table;
        this.nowNs = nowNs;
        sockets = new Sockets(syscalls);
        connector = new BackendConnector(syscalls, sockets);
        pipes = new PipePool(syscalls, splice ? PipePool.MAX_PIPES : 0, counters);
        timers = new TimerWheel(nowNs);
        sampler = new NetworkSampler(measuring.tcpInfoNs(), nowNs);
        waitingLines = new WaitingLines(wake);
        proxyHeaderInput = new ProxyHeaderInput(syscalls, copyBufferAddress);
    }

    /** Binds and listens; connections stay in the kernel's queue until {@link #startAccepting}. 0 or {@code -errno}. */
    public int listen(ListenerSpec spec) {
        int fd = TcpListener.bind(syscalls, sockets, spec);
        if (fd < 0) {
            return fd;
        }
        listeners.add(new Listening(fd, spec, false));
        return 0;
    }

    /** Takes clients from now on. 0 or {@code -errno}. */
    public int startAccepting() {
        int spare = holdSpare();
        return spare < 0 ? spare : listeners.resume();
    }

    /** Other sockets from now on; of those that are closed, what the kernel has queued is taken first. */
    public void changeListeners(ListenerChange change) {
        listeners.change(change);
    }

    /** Takes the clients that the kernel has queued already, then closes the listeners. */
    public void stopAccepting() {
        listeners.stop();
        acceptResumeNs = NOT_PAUSED;
        releaseSpare();
    }

    /** The table and the time that this turn of the loop goes by. */
    public void onTurn(ForwardingTable table, long nowNs) {
        if (table != this.table) {
            this.table = table;
            waitingLines.onNewTable();
            rests.onNewTable();
        }
        this.nowNs = nowNs;
        turn++;
    }

    /** One event of a socket of this module. */
    public void onEvent(long token, int events) {
        int kind = EventToken.kind(token);
        int slot = EventToken.slot(token);
        if (kind == EventKind.TCP_LISTENER) {
            if (!isAcceptingPaused()) {
                listeners.onReadable(slot);
            }
            return;
        }
        Connection connection = slots.get(slot);
        if (!connection.isCurrent(kind, EventToken.generation(token))) {
            counters.increment(TcpCounter.STALE_EVENTS);
        } else {
            connection.onEvent(kind, events);
        }
    }

    /** Gives the first connections of the queue, which have more to move, one turn each. */
    public void runQueued(int count) {
        for (int turns = count; turns > 0; turns--) {
            slots.get(runQueue.pollInt()).onQueueTurn();
        }
    }

    public boolean hasQueued() {
        return !runQueue.isEmpty();
    }

    /** How many connections wait for a turn. */
    public int queued() {
        return runQueue.size();
    }

    /** Deadlines that have come, and samples that are due. */
    public void expire() {
        timers.expire(nowNs, timerHandler);
        if (nowNs >= acceptResumeNs) {
            resumeAccepting();
        }
        rests.expire(nowNs);
        sampler.onTurn(this);
    }

    /** Those that wait for room at a backend, if there may be some; last in a turn, which may have made it. */
    public void serveWaiting() {
        waitingLines.serve();
    }

    /** How long the worker may sleep: negative for ever. */
    public long waitNs() {
        if (waitingLines.isCalled()) {
            return 0;
        }
        long untilTimer = earlier(earlier(timers.waitNs(nowNs), rests.waitNs(nowNs)), sampler.waitNs(nowNs));
        if (!isAcceptingPaused()) {
            return untilTimer;
        }
        long untilResume = Math.max(0, acceptResumeNs - nowNs);
        return earlier(untilTimer, untilResume);
    }

    /** Of two waits, negative for ever. */
    private static long earlier(long waitNs, long otherNs) {
        return waitNs < 0 || (otherNs >= 0 && otherNs < waitNs) ? otherNs : waitNs;
    }

    public int openConnections() {
        return open;
    }

    public Counters<TcpCounter> counters() {
        return counters;
    }

    public Counters<TcpGauge> gauges() {
        return gauges;
    }

    /** Last in a turn, so that others see what the worker goes to sleep with. */
    public void updateGauges() {
        gauges.set(TcpGauge.RUN_QUEUE, runQueue.size());
        gauges.set(TcpGauge.TIMERS, timers.size());
        gauges.set(TcpGauge.PIPES_IN_USE, pipes.inUse());
        gauges.set(TcpGauge.PIPES_FREE, pipes.free());
        gauges.set(TcpGauge.REMAINDERS_IN_USE, remainders.inUse());
        gauges.set(TcpGauge.REMAINDER_BYTES, remainders.allocatedBytes());
    }

    /** Every connection stands in a slot below this, and some slots are free. */
    @Override
    public int slots() {
        return slots.size();
    }

    /** What there is to know of the connection in a slot; false when it is free. */
    @Override
    public boolean tryDescribe(int slot, ConnectionDetails details) {
        Connection connection = slots.get(slot);
        if (connection.isFree()) {
            return false;
        }
        connection.describe(details);
        return true;
    }

    /** Resets a connection for a drain; false when the one that had this token is gone. */
    @Override
    public boolean tryDrain(long token) {
        return tryClose(token, CloseReason.DRAINED);
    }

    /** Resets a connection at the operator's word; false when the one that had this token is gone. */
    @Override
    public boolean tryKill(long token) {
        return tryClose(token, CloseReason.KILLED);
    }

    private boolean tryClose(long token, CloseReason reason) {
        int slot = EventToken.slot(token);
        if (slot >= slots.size() || !slots.get(slot).isOf(EventToken.generation(token))) {
            return false;
        }
        slots.get(slot).close(reason);
        return true;
    }

    public ServiceCounts services() {
        return services;
    }

    /** Resets whatever is still open. */
    public void closeConnections() {
        for (int i = 0; i < slots.size(); i++) {
            if (!slots.get(i).isFree()) {
                slots.get(i).close(CloseReason.STOPPED);
            }
        }
    }

    @Override
    public void close() {
        listeners.close();
        releaseSpare();
        closeConnections();
        waitingLines.close();
        pipes.close();
    }

    /** To be filled in by a listener for {@link #open} or {@link #openProxied}. */
    Arrival arrival() {
        return arrival;
    }

    /** @param entered gives back what the listener took of the service's limits */
    void open(Arrival arrival, Admission entered) {
        Connection connection = acquire(arrival, entered);
        if (connection != null) {
            connection.open(arrival, entered);
        }
    }

    /** As {@link #open}, for a client that is to say first whom it speaks for. */
    void openProxied(Arrival arrival, Admission entered) {
        Connection connection = acquire(arrival, entered);
        if (connection != null) {
            connection.openProxied(arrival, entered);
        }
    }

    /** Null when there are too many, and the client is reset. */
    private Connection acquire(Arrival arrival, Admission entered) {
        services.onAccepted(arrival.serviceIndex);
        Connection connection = acquire();
        if (connection == null) {
            Admittance.giveBack(this, entered);
            counters.increment(CloseReason.NO_RESOURCES.counter());
            services.onRefused(arrival.serviceIndex, CloseReason.NO_RESOURCES);
            sockets.reset(arrival.fd);
        } else {
            open++;
            services.onOpened(arrival.serviceIndex);
        }
        return connection;
    }

    private Connection acquire() {
        if (!freeSlots.isEmpty()) {
            return slots.get(freeSlots.popInt());
        }
        int slot = slots.size();
        if (slot == EventToken.MAX_SLOTS) {
            return null;
        }
        Connection connection = new Connection(this, slot);
        slots.add(connection);
        return connection;
    }

    void release(Connection connection, CloseReason reason) {
        open--;
        services.onClosed(connection.serviceIndex(), reason);
        freeSlots.pushInt(connection.slot());
    }

    void enqueue(int slot) {
        runQueue.offerInt(slot);
    }

    /** Stops taking clients for a while: without descriptors, a listener would be readable for ever. */
    void pauseAccepting() {
        if (isAcceptingPaused()) {
            return;
        }
        counters.increment(TcpCounter.ACCEPT_PAUSED);
        acceptResumeNs = nowNs + ACCEPT_PAUSE_NS;
        listeners.pause();
    }

    private void resumeAccepting() {
        if (holdSpare() < 0) {
            acceptResumeNs = nowNs + ACCEPT_PAUSE_NS;
            return;
        }
        acceptResumeNs = NOT_PAUSED;
        if (startAccepting() < 0) {
            pauseAccepting();
        }
    }

    boolean isAcceptingPaused() {
        return acceptResumeNs != NOT_PAUSED;
    }

    /** As {@link BackendConnector#connect}. When the descriptors have run out, it takes the spare one and pauses accepting. */
    int connect(SourceAddresses from, Backend backend, int port, boolean dataFollows, long clientHigh, long clientLow) {
        int fd = connector.connect(from, backend, port, dataFollows, clientHigh, clientLow, nowNs);
        if (isExhaustion(fd)) {
            pauseAccepting();
            if (releaseSpare()) {
                fd = connector.connect(from, backend, port, dataFollows, clientHigh, clientLow, nowNs);
            }
        }
        return fd;
    }

    FlowLatencies latencies() {
        return latencies;
    }

    FlowObserver observer() {
        return observer;
    }

    ConnectAttempts connectAttempts() {
        return connectAttempts;
    }

    /** Of the last {@link #connect}. */
    BackendConnector connector() {
        return connector;
    }

    /**
     * Whether a connect may have ended at its own socket, for which the kernel has to have chosen the very port that it was
     * to connect to. Goes by the range of such ports at the start.
     */
    boolean isSelfConnected(Backend backend, int fd, int port) {
        return backend.isLoopback()
                && ephemeralPorts.contains(port)
                && sockets.isSelfConnected(fd, backend.address(), port);
    }

    private int holdSpare() {
        if (spareFd == NO_FD) {
            int fd = syscalls.eventfd(0, EFD_CLOEXEC);
            if (fd < 0) {
                return fd;
            }
            spareFd = fd;
        }
        return 0;
    }

    /** Whether there was one. */
    private boolean releaseSpare() {
        if (spareFd == NO_FD) {
            return false;
        }
        syscalls.close(spareFd);
        spareFd = NO_FD;
        return true;
    }

    static boolean isExhaustion(int result) {
        return result == -Errno.EMFILE
                || result == -Errno.ENFILE
                || result == -Errno.ENOBUFS
                || result == -Errno.ENOMEM;
    }

    int register(int fd, int generation, int slot, int kind) {
        return epoll.add(fd, SOCKET_EVENTS, EventToken.of(generation, slot, kind));
    }

    /** Whether arriving data is to wake this socket's owner. */
    void mute(int fd, int generation, int slot, int kind, boolean muted) {
        epoll.modify(fd, muted ? MUTED_EVENTS : SOCKET_EVENTS, EventToken.of(generation, slot, kind));
    }

    int nextGeneration() {
        return nextGeneration++;
    }

    Service service(int index) {
        return table.service(index);
    }

    /** What a connection goes by that has its backend: it keeps no table's pools for as long as it is open. */
    Service established(int index) {
        return table.established(index);
    }

    int clientZone(long sourceHigh, long sourceLow) {
        return table.clientZone(sourceHigh, sourceLow);
    }

    /** Whichever is in a slot. */
    Connection connection(int slot) {
        return slots.get(slot);
    }

    TcpListeners listeners() {
        return listeners;
    }

    Syscalls syscalls() {
        return syscalls;
    }

    Sockets sockets() {
        return sockets;
    }

    Epoll epoll() {
        return epoll;
    }

    TimerWheel timers() {
        return timers;
    }

    WaitingLines waitingLines() {
        return waitingLines;
    }

    AcceptRests rests() {
        return rests;
    }

    RemainderPool remainders() {
        return remainders;
    }

    PipePool pipes() {
        return pipes;
    }

    long copyBufferAddress() {
        return copyBufferAddress;
    }

    ProxyHeaderInput proxyHeaderInput() {
        return proxyHeaderInput;
    }

    ProxyHeaderOutput proxyHeaderOutput() {
        return proxyHeaderOutput;
    }

    Selection selection() {
        return selection;
    }

    long nowNs() {
        return nowNs;
    }

    /** Turns of the loop so far. */
    long turn() {
        return turn;
    }

    private void onTimer(int id, long now) {
        slots.get(id).onTimer(now);
    }
}
