package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.tcp.WaitingLine.Waiter;
import io.penstock.linux.Errno;
import io.penstock.linux.SocketAddress;
import io.penstock.net.AddressPair;
import java.util.Locale;

/**
 * A client's connection and its backend's. Lives in a slot that is used again; {@link #close} is its only exit.
 *
 * <pre>
 *      openProxied ──▶ AWAITING_HEADER
 *                         │ who the client is is known
 *                         ▼
 *   FREE ──open──▶ CONNECTING ──backend connected──▶ RELAYING ──one side failed──▶ RESETTING
 *                   │  ▲   │ ▲                          │                             │
 *                   └──┘   │ │ there is room, or        │ both ended                  │ what the living side was
 *     refused or late:     ▼ │ the pause is over        │                             │ sent is acknowledged
 *     the next backend   QUEUED: all are full           │                             │
 *                        PAUSED: all have failed,       │                             │
 *                          or no descriptor or port      ▼                             ▼
 *                          is left
 *                                      close(reason) ──▶ FREE
 * </pre>
 *
 * NOT thread safe: the worker's own.
 */
final class Connection implements WaitingLine.Customer, Preface {
    enum State {
        FREE,
        AWAITING_HEADER,
        CONNECTING,
        QUEUED,
        PAUSED,
        RELAYING,
        RESETTING;

        /** For operators. */
        private final String text = name().toLowerCase(Locale.ROOT);
    }

    private static final int NO_FD = -1;

    /** How soon a side that is to be reset is asked again whether it has acknowledged what it was sent. */
    private static final long FIRST_RESET_POLL_NS = 2_000_000;

    private static final long MAX_RESET_POLL_NS = 100_000_000;

    /** From a failed attempt to the next at the same backend, which may be restarting; HAProxy's turn-around timer. */
    private static final long RETRY_AFTER_NS = 1_000_000_000;

    /** From an attempt without a descriptor to the next: as long as accepting rests. */
    private static final long STARVED_RETRY_NS = 100_000_000;

    private static final long NOT_STARVING = Long.MAX_VALUE;

    /** One of the two sockets, with the relay that reads from it and the one that writes to it. */
    private static final class Side {
        private final int kind;
        private final CloseReason whenReset;
        private final CloseReason whenTimedOut;
        private final Relay from;
        private final Relay to;
        private int fd = NO_FD;
        private int generation;

        private boolean timedOut;

        private Side(int kind, CloseReason whenReset, CloseReason whenTimedOut, Relay from, Relay to) {
            this.kind = kind;
            this.whenReset = whenReset;
            this.whenTimedOut = whenTimedOut;
            this.from = from;
            this.to = to;
        }

        /** Dead, and everything it had delivered is with the other side's socket. */
        private boolean isGone() {
            return from.isFailed() || (to.isSevered() && from.isOver());
        }

        private boolean isDead() {
            return to.isSevered() || from.isSourceFailed();
        }

        private CloseReason whenDead() {
            return timedOut ? whenTimedOut : whenReset;
        }
    }

    private final TcpForwarder tcp;
    private final int slot;
    private final Relay toBackend = new Relay();
    private final Relay toClient = new Relay();
    private final Side clientSide =
            new Side(EventKind.TCP_CLIENT, CloseReason.CLIENT_RESET, CloseReason.CLIENT_TIMED_OUT, toBackend, toClient);
    private final Side backendSide = new Side(
            EventKind.TCP_BACKEND, CloseReason.BACKEND_RESET, CloseReason.BACKEND_TIMED_OUT, toClient, toBackend);

    private State state = State.FREE;
    private int serviceIndex;
    private Service service;
    private final Placement placement = new Placement();
    private final Admittance admittance = new Admittance();
    /** Made when it first has to wait. */
    private Waiter waiter;

    private int clientsPort;
    /** Of the client's own end. Sixteen bits, which the padding of this object has room for. */
    private char sourcePort;

    private long openedNs;
    private boolean hasHeader;
    /** Made when the slot first has a client that comes with a header. */
    private ReceivedHeader received;
    /** Of the pool whose backend is being connected. */
    private ProxyHeader header = ProxyHeader.NONE;

    private long sourceHigh;
    private long sourceLow;
    private long flowHash;
    /** What {@link #isIntact} was after the last relaying: the deadline that the timer knows of is by this. */
    private boolean intact;

    private long lastActivityNs;
    private long resetPollNs;
    private int resetUnacknowledged;
    private CloseReason resetReason;
    /** When it gives up, if there was no descriptor or port for its backend's socket. */
    private long starvingUntilNs;

    /** The backend was connected to for its first write: see {@link io.penstock.linux.Sockets#connect}. */
    private boolean sinkDelays;

    private boolean awaitsTurn;
    /** Or there is nothing to set: UNIX sockets need none. */
    private boolean detecting;
    /** Whether the client came by a UNIX socket. */
    private boolean unixClient;

    Connection(TcpForwarder tcp, int slot) {
        this.tcp = tcp;
        this.slot = slot;
    }

    int slot() {
        return slot;
    }

    boolean isFree() {
        return state == State.FREE;
    }

    /** Whether an event's generation is of the socket that now has this kind, not of an earlier one. */
    boolean isCurrent(int kind, int generation) {
        Side side = side(kind);
        return side.fd != NO_FD && side.generation == generation;
    }

    @Override
    public int compose(TcpForwarder tcp) {
        return tcp.proxyHeaderOutput().compose(header, this);
    }

    /** Whether the client came with a header, which is then {@link #received}. */
    boolean hasHeader() {
        return hasHeader;
    }

    ReceivedHeader received() {
        return received;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    int sourcePort() {
        return sourcePort;
    }

    /** What the client's socket is connected to here, until the next call to the kernel's sockets; null if that is no address of IP. */
    SocketAddress clientsDestination() {
        return unixClient ? null : tcp.sockets().local(clientSide.fd);
    }

    int serviceIndex() {
        return serviceIndex;
    }

    private Side side(int kind) {
        return kind == EventKind.TCP_CLIENT ? clientSide : backendSide;
    }

    /** Whether it is the one whose client's socket has, or had, this generation. */
    boolean isOf(int generation) {
        return state != State.FREE && clientSide.generation == generation;
    }

    /** What an operator may want to know. */
    void describe(ConnectionDetails details) {
        details.identify(
                        EventToken.of(clientSide.generation, slot, EventKind.TCP_CLIENT),
                        tcp.service(serviceIndex).name(),
                        placement.backend(),
                        state == State.RELAYING && !intact ? "half-closed" : state.text)
                .client(sourceHigh, sourceLow, sourcePort)
                .times(openedNs, lastActivityNs)
                .bytes(toBackend.bytes(), toClient.bytes());
    }

    /**
     * Takes an accepted client and starts connecting a backend for it.
     *
     * @param sourcePort of the client's own end
     * @param clientsPort the one that it connected to
     * @param entered gives back what the listener took of the service's limits
     */
    void open(
            int serviceIndex,
            int clientFd,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            int clientsPort,
            long flowHash,
            Admission entered) {
        begin(serviceIndex, clientFd, sourceHigh, sourceLow, sourcePort, clientsPort, entered);
        this.flowHash = flowHash;
        transitionTo(State.CONNECTING);
        CloseReason refusal = judge();
        if (refusal != null) {
            clientSide.fd = clientFd;
            close(refusal);
            return;
        }
        // Before epoll knows of the socket, which would report what is read here.
        toBackend.readAhead(tcp);
        if (tryAdopt(clientSide, clientFd)) {
            findBackend();
        }
    }

    /** Takes an accepted client that is to say first whom it speaks for. */
    void openProxied(
            int serviceIndex,
            int clientFd,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            int clientsPort,
            Admission entered) {
        begin(serviceIndex, clientFd, sourceHigh, sourceLow, sourcePort, clientsPort, entered);
        clientSide.fd = clientFd;
        transitionTo(State.AWAITING_HEADER);
        ProxyInput expected = tcp.service(serviceIndex).proxyInput();
        ProxyHeaderInput.Outcome outcome = tcp.proxyHeaderInput().look(clientFd, expected, false);
        if (outcome == ProxyHeaderInput.Outcome.AWAITED) {
            if (tryAdopt(clientSide, clientFd)) {
                tcp.timers().schedule(slot, tcp.nowNs() + expected.timeoutNs());
            }
        } else if (tryIdentify(outcome, CloseReason.PROXY_HEADER_INVALID) && tryAdopt(clientSide, clientFd)) {
            findBackend();
        }
    }

    /** @param last whether nothing more will come, or will not be waited for: then the reason says so */
    private void awaitHeader(boolean last, CloseReason ifMissing) {
        ProxyInput expected = tcp.service(serviceIndex).proxyInput();
        ProxyHeaderInput.Outcome outcome = tcp.proxyHeaderInput().look(clientSide.fd, expected, last);
        if (outcome != ProxyHeaderInput.Outcome.AWAITED && tryIdentify(outcome, ifMissing)) {
            tcp.timers().cancel(slot);
            findBackend();
        }
    }

    /** Reads what says who the client is, and what has come behind that; or closes. */
    private boolean tryIdentify(ProxyHeaderInput.Outcome outcome, CloseReason ifMissing) {
        switch (outcome) {
            case WHOLE -> {
                takeHeader();
                toBackend.readAhead(tcp, tcp.proxyHeaderInput().length());
            }
            case PLAIN -> toBackend.readAhead(tcp);
            default -> {
                close(
                        switch (outcome) {
                            case GONE -> CloseReason.CLIENT_GONE;
                            case MISSING -> ifMissing;
                            default -> CloseReason.PROXY_HEADER_INVALID;
                        });
                return false;
            }
        }
        CloseReason refusal = judge();
        if (refusal != null) {
            close(refusal);
            return false;
        }
        flowHash = hash();
        transitionTo(State.CONNECTING);
        return true;
    }

    /** A client without an address is on no list and no source; its service's limits held it back already. */
    private CloseReason judge() {
        boolean anonymous = unixClient && !(hasHeader && received.isStated());
        return anonymous ? null : admittance.judge(tcp, sourceHigh, sourceLow);
    }

    private void takeHeader() {
        tcp.counters().increment(TcpCounter.PROXY_HEADERS);
        if (received == null) {
            received = new ReceivedHeader();
        }
        hasHeader = true;
        tcp.proxyHeaderInput().keep(received);
        if (received.isStated()) {
            AddressPair stated = received.addresses();
            sourceHigh = stated.sourceHigh();
            sourceLow = stated.sourceLow();
            sourcePort = (char) stated.sourcePort();
        }
    }

    /** As the listener's, of what the header states. */
    private long hash() {
        BackendPool pool = tcp.service(serviceIndex).poolFor(sourceHigh, sourceLow);
        if (pool.hashInput().source()) {
            return pool.sourceHash(sourceHigh, sourceLow);
        }
        if (hasHeader && received.isStated()) {
            AddressPair stated = received.addresses();
            return pool.flowHash(
                    sourceHigh,
                    sourceLow,
                    sourcePort,
                    stated.destinationHigh(),
                    stated.destinationLow(),
                    stated.destinationPort(),
                    IPPROTO_TCP);
        }
        SocketAddress local = clientsDestination();
        long high = local == null ? 0 : local.high();
        long low = local == null ? 0 : local.low();
        return pool.flowHash(sourceHigh, sourceLow, sourcePort, high, low, clientsPort, IPPROTO_TCP);
    }

    private void begin(
            int serviceIndex,
            int clientFd,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            int clientsPort,
            Admission entered) {
        admittance.begin(entered);
        this.serviceIndex = serviceIndex;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.sourcePort = (char) sourcePort;
        this.clientsPort = clientsPort;
        // The kernel gives no client of TCP this address.
        unixClient = (sourceHigh | sourceLow) == 0;
        hasHeader = false;
        placement.begin();
        starvingUntilNs = NOT_STARVING;
        detecting = false;
        intact = true;
        openedNs = tcp.nowNs();
        lastActivityNs = openedNs;
        toBackend.open(clientFd, NO_FD);
        toClient.open(NO_FD, clientFd);
        if (unixClient) {
            toBackend.fromUnix();
            toClient.toUnix();
        }
    }

    /** Begins to connect, or to wait for that, once the client is known and epoll knows of its socket. */
    private void findBackend() {
        service = tcp.service(serviceIndex);
        PoolQueue queue = pool().queue();
        if (toBackend.isSourceFailed()) {
            close(CloseReason.CLIENT_GONE);
        } else if (queue.waiting() > 0) {
            // Whoever came before gets the next place.
            waitInQueue(queue);
        } else {
            connectBackend();
        }
    }

    /** Owns the socket from now on and listens to its events; closes the connection when that is impossible. */
    private boolean tryAdopt(Side side, int fd) {
        side.fd = fd;
        side.timedOut = false;
        side.generation = tcp.nextGeneration();
        if (tcp.register(fd, side.generation, slot, side.kind) < 0) {
            close(CloseReason.NO_RESOURCES);
            return false;
        }
        return true;
    }

    private void connectBackend() {
        service = tcp.service(serviceIndex);
        BackendPool pool = pool();
        while (placement.attempts() < service.connectAttempts()) {
            switch (placement.tryTake(tcp, pool, this)) {
                case TAKEN -> {
                    header = pool.outgoing().header();
                    transitionTo(State.CONNECTING);
                    if (tryConnect(pool.outgoing().source())) {
                        return;
                    }
                }
                case FULL -> {
                    waitInQueue(pool.queue());
                    return;
                }
                case ALL_FAILED -> {
                    if (hasNoWay() || tryPause()) {
                        return;
                    }
                    placement.forgetFailures();
                }
                case NO_BACKEND -> {
                    close(service.isClosed() ? CloseReason.NO_SERVICE : CloseReason.NO_BACKEND);
                    return;
                }
            }
        }
        if (!hasNoWay()) {
            close(CloseReason.CONNECT_FAILED);
        }
    }

    /** Whether it was this host and no backend that every attempt failed for; then it waits for a port, or ends. */
    private boolean hasNoWay() {
        if (placement.isSourceless()) {
            close(CloseReason.NO_SOURCE);
            return true;
        }
        if (!placement.isPortless()) {
            return false;
        }
        placement.forgetPortless();
        // More clients would find none either.
        tcp.pauseAccepting();
        starve(CloseReason.NO_PORT);
        return true;
    }

    /** Begins to connect the backend where there is a place now; false when that failed and another may be tried. */
    private boolean tryConnect(SourceAddresses from) {
        if (placement.attempts() > 1) {
            tcp.counters().increment(TcpCounter.CONNECT_RETRIED);
        }
        Backend backend = placement.backend();
        boolean dataFollows = header == ProxyHeader.NONE ? toBackend.hasReadAhead() : !from.fastOpen();
        int fd = tcp.connect(from, backend, backend.port(clientsPort), dataFollows, sourceHigh, sourceLow);
        if (fd >= 0 && tcp.connector().awaitsData()) {
            fd = toBackend.sendEarly(tcp, fd);
        }
        if (fd >= 0) {
            sinkDelays = dataFollows && !from.fastOpen() && !backend.isUnix();
            placement.from(tcp.connector().source());
            starvingUntilNs = NOT_STARVING;
            if (tryAdopt(backendSide, fd)) {
                tcp.timers().schedule(slot, tcp.nowNs() + service.timeouts().connectNs());
            }
            return true;
        }
        if (TcpForwarder.isExhaustion(fd)) {
            placement.onStarved(tcp);
            tcp.counters().increment(TcpCounter.CONNECTS_STARVED);
            starve(CloseReason.NO_RESOURCES);
            return true;
        }
        if (fd == BackendConnector.NO_PORT) {
            tcp.counters().increment(TcpCounter.PORTS_EXHAUSTED);
            placement.onOutOfPorts(tcp);
        } else if (fd == BackendConnector.NO_SOURCE) {
            tcp.counters().increment(TcpCounter.SOURCES_MISSING);
            placement.onNoSource(tcp);
        } else {
            tcp.counters().increment(TcpCounter.CONNECT_FAILED);
            placement.onConnectFailed(tcp);
        }
        return false;
    }

    /**
     * Waits a moment for what this host lacks, a port or a descriptor (the spare one may be another thread's by now):
     * others end, so one comes; but not for ever.
     */
    private void starve(CloseReason whenLate) {
        if (starvingUntilNs == NOT_STARVING) {
            starvingUntilNs = tcp.nowNs() + service.timeouts().connectNs();
        }
        if (tcp.nowNs() >= starvingUntilNs) {
            close(whenLate);
            return;
        }
        tcp.timers().schedule(slot, Math.min(starvingUntilNs, tcp.nowNs() + STARVED_RETRY_NS));
        transitionTo(State.PAUSED);
    }

    /** By the current table, whose pool for this client is the one that was hashed for, as long as splits stay. */
    private BackendPool pool() {
        return service.poolFor(sourceHigh, sourceLow);
    }

    Backend select(BackendPool pool, Selection selection) {
        return pool.select(flowHash, sourceHigh, sourceLow, tcp.clientZone(sourceHigh, sourceLow), selection);
    }

    /** The pending connect came to nothing: the next backend, if the service allows another attempt. */
    private void onConnectFailed() {
        tcp.counters().increment(TcpCounter.CONNECT_FAILED);
        tcp.syscalls().close(backendSide.fd);
        backendSide.fd = NO_FD;
        toBackend.onEarlyLost();
        placement.onConnectFailed(tcp);
        connectBackend();
    }

    /** Unless it stands there already: then it stays where it is. In another pool's, it leaves that one. */
    private void waitInQueue(PoolQueue queue) {
        if (state == State.QUEUED) {
            if (waiter.isIn(queue)) {
                return;
            }
            transitionTo(State.CONNECTING);
        }
        if (queue == PoolQueue.NONE) {
            close(CloseReason.QUEUE_FULL);
            return;
        }
        if (waiter == null) {
            waiter = new Waiter(this);
        }
        if (!tcp.waitingLines().of(queue).tryAdd(waiter, tcp.nowNs())) {
            close(CloseReason.QUEUE_FULL);
            return;
        }
        tcp.counters().increment(TcpCounter.QUEUED);
        tcp.timers().schedule(slot, tcp.nowNs() + queue.timeoutNs());
        transitionTo(State.QUEUED);
    }

    @Override
    public boolean tryLeaveQueue() {
        PoolQueue stoodIn = waiter.queue();
        connectBackend();
        return state != State.QUEUED || !waiter.isIn(stoodIn);
    }

    /** For a backend, or because there is none at all. */
    @Override
    public boolean couldLeaveQueue() {
        service = tcp.service(serviceIndex);
        BackendPool pool = pool();
        Selection selection = tcp.selection();
        selection.begin(tcp.nowNs());
        selection.excludeFull();
        return pool.size() == 0 || pool.select(flowHash, tcp.clientZone(sourceHigh, sourceLow), selection) != null;
    }

    /** Until the last backend that failed may be tried again; false when it may be now. */
    private boolean tryPause() {
        long endNs = placement.sinceNs()
                + Math.min(RETRY_AFTER_NS, service.timeouts().connectNs());
        if (tcp.nowNs() >= endNs) {
            return false;
        }
        tcp.counters().increment(TcpCounter.RETRIES_DELAYED);
        tcp.timers().schedule(slot, endNs);
        transitionTo(State.PAUSED);
        return true;
    }

    private void onPauseEnded() {
        if (starvingUntilNs == NOT_STARVING) {
            placement.forgetFailures();
        }
        connectBackend();
    }

    private void onConnected() {
        service = tcp.established(serviceIndex);
        tcp.counters().increment(TcpCounter.CONNECTED);
        lastActivityNs = tcp.nowNs();
        placement.onConnected(tcp);
        toBackend.sink(backendSide.fd);
        toBackend.onEarlyTaken(tcp, TcpCounter.BYTES_TO_BACKENDS);
        if (sinkDelays) {
            toBackend.sinkDelays();
        }
        if (header != ProxyHeader.NONE) {
            toBackend.preface(this);
        }
        toClient.source(backendSide.fd);
        if (placement.backend().isUnix()) {
            detecting = true;
            toBackend.toUnix();
            toClient.fromUnix();
        }
        if (relayDeadlineNs() - tcp.nowNs() < service.timeouts().connectNs()) {
            tcp.timers().schedule(slot, relayDeadlineNs());
        }
        // Else the timer stays where it is: when it fires it looks at the deadline that then holds.
        transitionTo(State.RELAYING);
    }

    void onEvent(int kind, int events) {
        Side side = side(kind);
        if (state == State.CONNECTING && side == backendSide && !tryFinishConnect(events)) {
            return;
        }
        side.from.onSourceEvent(events);
        side.to.onSinkEvent(events);
        boolean failed = (events & EPOLLERR) != 0;
        switch (state) {
            case FREE -> {}
            case AWAITING_HEADER -> {
                if (failed) {
                    close(CloseReason.CLIENT_GONE);
                } else {
                    awaitHeader((events & EPOLLRDHUP) != 0, CloseReason.PROXY_HEADER_INVALID);
                }
            }
            case CONNECTING, QUEUED, PAUSED -> {
                if (failed) {
                    close(CloseReason.CLIENT_GONE);
                }
            }
            case RELAYING -> {
                if (failed) {
                    onFailed(side);
                }
                relayUnlessAwaitingTurn();
            }
            case RESETTING -> {
                // A dead socket keeps saying that it has unacknowledged bytes.
                if (failed) {
                    close(resetReason);
                } else if (!awaitsTurn) {
                    discard();
                }
            }
        }
    }

    /** Takes the error from the socket: reads go on to the end of what had arrived, and then the relay reports a failure. */
    private void onFailed(Side side) {
        side.timedOut |= DeadPeerDetection.isGone(tcp.sockets().takeError(side.fd));
        if (!side.from.isReading()) {
            side.to.onSinkDead();
        }
    }

    /** Whether the pending connect is done; when it failed, the next attempt is under way or the client reset. */
    private boolean tryFinishConnect(int events) {
        if ((events & (EPOLLERR | EPOLLHUP)) != 0
                && isConnectFailure(tcp.sockets().takeError(backendSide.fd))) {
            onConnectFailed();
            return false;
        }
        if ((events & EPOLLOUT) == 0) {
            return false;
        }
        Backend backend = placement.backend();
        if (tcp.isSelfConnected(backend, backendSide.fd, backend.port(clientsPort))) {
            onConnectFailed();
            return false;
        }
        onConnected();
        return true;
    }

    /**
     * A reset is no failure to connect: answered with one, a SYN fails with ECONNREFUSED. So the backend had accepted, and
     * what it sent before may wait to be read.
     */
    private static boolean isConnectFailure(int error) {
        return error < 0 && error != -Errno.ECONNRESET && error != -Errno.EPIPE;
    }

    /** The connection's turn in the run queue. */
    void onQueueTurn() {
        awaitsTurn = false;
        if (state == State.RELAYING) {
            relay();
        } else if (state == State.RESETTING) {
            discard();
        }
    }

    void onTimer(long nowNs) {
        switch (state) {
            case FREE -> {}
            case AWAITING_HEADER -> awaitHeader(true, CloseReason.PROXY_HEADER_TIMEOUT);
            case CONNECTING -> onConnectFailed();
            case QUEUED -> close(CloseReason.QUEUE_TIMEOUT);
            case PAUSED -> onPauseEnded();
            case RELAYING -> {
                long deadlineNs = relayDeadlineNs();
                if (nowNs >= deadlineNs) {
                    close(whenLate(nowNs));
                } else {
                    tcp.timers().schedule(slot, deadlineNs);
                    detectDeadBackend();
                }
            }
            case RESETTING -> pollReset();
        }
    }

    /**
     * On the backend's side only from a connection's first deadline on, which is the connect timeout: the many that end
     * before do not pay for it. The client's socket has it from its listener.
     */
    private void detectDeadBackend() {
        if (!detecting) {
            detecting = true;
            DeadPeerDetection.enable(tcp.sockets(), backendSide.fd, service.tcp());
        }
    }

    /** One that waits for its turn in the run queue gets that turn, and not another for each event. */
    private void relayUnlessAwaitingTurn() {
        if (!awaitsTurn) {
            relay();
        }
    }

    private void relay() {
        long bytesBefore = toBackend.bytes() + toClient.bytes();
        boolean more = turnBoth();
        if (tryDrainDead(clientSide) || tryDrainDead(backendSide)) {
            more = turnBoth();
        }
        if (placement.isFirstByteAwaited()) {
            lookForFirstByte(bytesBefore);
        }
        if (settle()) {
            return;
        }
        boolean becameHalfClosed = intact && !isIntact();
        intact = isIntact();
        if (becameHalfClosed || toBackend.bytes() + toClient.bytes() != bytesBefore) {
            lastActivityNs = tcp.nowNs();
        }
        if (becameHalfClosed) {
            // The one deadline that comes nearer; all others are looked at when the timer fires.
            tcp.timers().schedule(slot, relayDeadlineNs());
        }
        muteWhileBlocked(clientSide);
        muteWhileBlocked(backendSide);
        queueIf(more);
    }

    /** @param sentBefore what the backend had been sent before this turn: as it has said nothing, all that was moved */
    private void lookForFirstByte(long sentBefore) {
        if (toClient.hasTaken()) {
            placement.onFirstByte(tcp.nowNs());
        } else if (sentBefore == 0 && toBackend.bytes() > 0) {
            placement.onFirstByteSent(tcp.nowNs());
        }
    }

    private void queueIf(boolean more) {
        if (more && !awaitsTurn) {
            awaitsTurn = true;
            tcp.enqueue(slot);
        }
    }

    /**
     * A source that outruns its sink would wake the worker with every segment, for nothing. It is muted until it has been
     * read to its end, which costs two calls each time the bottleneck moves, and none where it does not.
     */
    private void muteWhileBlocked(Side side) {
        boolean muted = side.from.isSourceToBeMuted();
        if (muted != side.from.isSourceMuted()) {
            side.from.sourceMuted(muted);
            tcp.mute(side.fd, side.generation, slot, side.kind, muted);
        }
    }

    /** Whether a write found this side dead, so that what it had sent before is to be read to its end. */
    private static boolean tryDrainDead(Side side) {
        boolean found = side.to.isSevered() && side.from.isReading();
        if (found) {
            side.from.onSourceDead();
        }
        return found;
    }

    private boolean turnBoth() {
        int backendTurn = toBackend.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, toClient.isEnded());
        // The write that found it dead took the error; a read that did not know would find an end that nobody sent.
        tryDrainDead(backendSide);
        int clientTurn = toClient.turn(tcp, TcpCounter.BYTES_TO_CLIENTS, toBackend.isEnded());
        return backendTurn == Relay.MORE || clientTurn == Relay.MORE;
    }

    /** Ends what can be ended; true when the connection is no longer relaying. */
    private boolean settle() {
        if (toBackend.isEnded() && toClient.isEnded()) {
            close(CloseReason.COMPLETED);
        } else if (clientSide.isGone()) {
            resetSurvivor(clientSide, backendSide);
        } else if (backendSide.isGone()) {
            resetSurvivor(backendSide, clientSide);
        } else {
            return false;
        }
        return true;
    }

    /**
     * A reset drops what the kernel has not sent yet, but a direct connection would have delivered what the failed side
     * had sent before it failed. So the reset of the surviving side waits until all of that is acknowledged.
     */
    private void resetSurvivor(Side dead, Side survivor) {
        if (survivor.isDead()) {
            close(dead.whenDead());
            return;
        }
        tcp.sockets().reset(dead.fd);
        dead.fd = NO_FD;
        if (dead == backendSide) {
            placement.onBackendFailed();
            placement.leave(tcp);
        }
        dead.to.onSinkDead();
        resetReason = dead.whenDead();
        resetPollNs = FIRST_RESET_POLL_NS;
        resetUnacknowledged = Integer.MAX_VALUE;
        transitionTo(State.RESETTING);
        pollReset();
        if (state == State.RESETTING && !awaitsTurn) {
            discard();
        }
    }

    private Side survivor() {
        return clientSide.fd == NO_FD ? backendSide : clientSide;
    }

    /** What the side that is to be reset sends meanwhile. */
    private void discard() {
        Side survivor = survivor();
        boolean more = survivor.from.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, false) == Relay.MORE;
        if (survivor.isDead()) {
            close(resetReason);
            return;
        }
        muteWhileBlocked(survivor);
        queueIf(more);
    }

    private void pollReset() {
        Side survivor = survivor();
        int unacknowledged = tcp.sockets().unacknowledged(survivor.fd);
        if (unacknowledged < resetUnacknowledged) {
            resetUnacknowledged = unacknowledged;
            lastActivityNs = tcp.nowNs();
        }
        if (unacknowledged <= 0) {
            close(resetReason);
        } else if (tcp.nowNs() - lastActivityNs >= service.timeouts().finNs()) {
            close(CloseReason.FIN_TIMEOUT);
        } else if (tcp.nowNs() >= lifetimeEndNs()) {
            close(CloseReason.LIFETIME);
        } else {
            tcp.timers().schedule(slot, tcp.nowNs() + resetPollNs);
            resetPollNs = Math.min(resetPollNs * 2, MAX_RESET_POLL_NS);
        }
    }

    /** Both directions still flow; else the connection is at least half-closed. */
    private boolean isIntact() {
        return toBackend.isIntact() && toClient.isIntact();
    }

    private long relayDeadlineNs() {
        if (!isIntact()) {
            return Math.min(lastActivityNs + service.timeouts().finNs(), lifetimeEndNs());
        }
        long deadlineNs = Math.min(lastActivityNs + service.timeouts().idleNs(), lifetimeEndNs());
        return toBackend.hasTaken() ? deadlineNs : Math.min(deadlineNs, firstByteDeadlineNs());
    }

    private long firstByteDeadlineNs() {
        return openedNs + service.timeouts().firstByteNs();
    }

    private long lifetimeEndNs() {
        return service.timeouts().lifetime().endNs(openedNs, clientSide.generation);
    }

    private CloseReason whenLate(long nowNs) {
        if (nowNs >= lifetimeEndNs()) {
            return CloseReason.LIFETIME;
        }
        if (!isIntact()) {
            return CloseReason.FIN_TIMEOUT;
        }
        return toBackend.hasTaken() || nowNs < firstByteDeadlineNs()
                ? CloseReason.IDLE_TIMEOUT
                : CloseReason.FIRST_BYTE_TIMEOUT;
    }

    /** The only exit: both sockets, the timer, memory and pipes that hold unsent bytes, and the slot. */
    void close(CloseReason reason) {
        tcp.counters().increment(reason.counter());
        tcp.timers().cancel(slot);
        toBackend.release(tcp);
        toClient.release(tcp);
        closeSocket(clientSide, reason);
        closeSocket(backendSide, reason);
        // Not before: whoever takes the place must not meet this connection at the backend.
        placement.leave(tcp);
        admittance.leave(tcp);
        service = null;
        transitionTo(State.FREE);
        tcp.release(this);
    }

    private void closeSocket(Side side, CloseReason reason) {
        if (side.fd == NO_FD) {
            return;
        }
        if (reason.isClean()) {
            tcp.syscalls().close(side.fd);
        } else {
            tcp.sockets().reset(side.fd);
        }
        side.fd = NO_FD;
    }

    private void transitionTo(State next) {
        if (state == State.QUEUED) {
            waiter.leave();
        }
        state = next;
    }
}
