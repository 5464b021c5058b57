package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLOUT;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Service;

/**
 * A client's connection and its backend's. Lives in a slot that is used again; {@link #close} is its only exit.
 *
 * <pre>
 *   FREE ──open──▶ CONNECTING ──backend connected──▶ RELAYING ──one side failed──▶ RESETTING
 *                     │  ▲                              │                             │
 *                     └──┘ refused or late:             │ both ended                  │ what the living side was
 *                     │    the next backend             │                             │ sent is acknowledged
 *                     ▼                                 ▼                             ▼
 *                                      close(reason) ──▶ FREE
 * </pre>
 *
 * NOT thread safe: the worker's own.
 */
final class Connection {
    enum State {
        FREE,
        CONNECTING,
        RELAYING,
        RESETTING
    }

    private static final int NO_FD = -1;

    /** How soon a side that is to be reset is asked again whether it has acknowledged what it was sent. */
    private static final long FIRST_RESET_POLL_NS = 2_000_000;

    private static final long MAX_RESET_POLL_NS = 100_000_000;

    private final TcpForwarder tcp;
    private final int slot;
    private final Relay toBackend = new Relay();
    private final Relay toClient = new Relay();

    private State state = State.FREE;
    private int serviceIndex;
    private Service service;
    private Backend backend;
    private int clientFd = NO_FD;
    private int backendFd = NO_FD;
    private int clientGeneration;
    private int backendGeneration;
    private int clientsPort;
    private long flowHash;
    private int attempt;
    /** What {@link #isIntact} was after the last relaying: the deadline that the timer knows of is by this. */
    private boolean intact;

    private long lastActivityNs;
    private long resetPollNs;
    private int resetUnacknowledged;
    private CloseReason resetReason;
    private boolean queued;
    private boolean keptAlive;

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
        return state != State.FREE
                && (kind == EventKind.TCP_CLIENT
                        ? generation == clientGeneration && clientFd != NO_FD
                        : generation == backendGeneration && backendFd != NO_FD);
    }

    /** Takes an accepted client and starts connecting a backend for it. */
    void open(int serviceIndex, int clientFd, int clientsPort, long flowHash) {
        this.serviceIndex = serviceIndex;
        this.clientFd = clientFd;
        this.clientsPort = clientsPort;
        this.flowHash = flowHash;
        attempt = 0;
        keptAlive = false;
        intact = true;
        lastActivityNs = tcp.nowNs();
        toBackend.open(clientFd, NO_FD);
        toClient.open(NO_FD, clientFd);
        transitionTo(State.CONNECTING);
        clientGeneration = tcp.nextGeneration();
        if (tcp.register(clientFd, clientGeneration, slot, EventKind.TCP_CLIENT) < 0) {
            close(CloseReason.NO_RESOURCES);
            return;
        }
        connectBackend();
    }

    private void connectBackend() {
        service = tcp.service(serviceIndex);
        while (attempt < service.connectAttempts()) {
            backend = service.pool().select(flowHash, attempt, tcp.selectScratch());
            if (backend == null) {
                close(CloseReason.NO_BACKEND);
                return;
            }
            if (attempt++ > 0) {
                tcp.counters().increment(TcpCounter.CONNECT_RETRIED);
            }
            int fd = tcp.connect(backend.address(), backend.port(clientsPort));
            if (fd >= 0) {
                awaitBackend(fd);
                return;
            }
            if (TcpForwarder.isExhaustion(fd)) {
                close(CloseReason.NO_RESOURCES);
                return;
            }
            tcp.counters().increment(TcpCounter.CONNECT_FAILED);
        }
        close(CloseReason.CONNECT_FAILED);
    }

    private void awaitBackend(int fd) {
        backendFd = fd;
        backendGeneration = tcp.nextGeneration();
        if (tcp.register(fd, backendGeneration, slot, EventKind.TCP_BACKEND) < 0) {
            close(CloseReason.NO_RESOURCES);
            return;
        }
        tcp.timers().schedule(slot, tcp.nowNs() + service.connectTimeoutNs());
    }

    /** The pending connect came to nothing: the next backend, if the service allows another attempt. */
    private void onConnectFailed() {
        tcp.counters().increment(TcpCounter.CONNECT_FAILED);
        tcp.syscalls().close(backendFd);
        backendFd = NO_FD;
        connectBackend();
    }

    private void onConnected() {
        tcp.counters().increment(TcpCounter.CONNECTED);
        lastActivityNs = tcp.nowNs();
        toBackend.sink(backendFd);
        toClient.source(backendFd);
        if (service.idleTimeoutNs() < service.connectTimeoutNs()) {
            tcp.timers().schedule(slot, relayDeadlineNs());
        }
        // Else the timer stays where it is: when it fires it looks at the deadline that then holds.
        transitionTo(State.RELAYING);
    }

    void onClientEvent(int events) {
        toBackend.onSourceEvent(events);
        toClient.onSinkEvent(events);
        boolean failed = (events & EPOLLERR) != 0;
        switch (state) {
            case FREE -> {}
            case CONNECTING -> {
                if (failed) {
                    close(CloseReason.CLIENT_GONE);
                }
            }
            case RELAYING -> {
                if (failed && !toBackend.isReading()) {
                    toClient.onSinkDead();
                }
                relayUnlessQueued();
            }
            case RESETTING -> onSurvivorEvent(failed);
        }
    }

    void onBackendEvent(int events) {
        if (state == State.CONNECTING) {
            if ((events & (EPOLLERR | EPOLLHUP)) != 0 && tcp.sockets().takeError(backendFd) < 0) {
                onConnectFailed();
                return;
            }
            if ((events & EPOLLOUT) == 0) {
                return;
            }
            if (backend.isLoopback() && tcp.sockets().isSelfConnected(backendFd, backend.port(clientsPort))) {
                onConnectFailed();
                return;
            }
            onConnected();
        }
        toClient.onSourceEvent(events);
        toBackend.onSinkEvent(events);
        boolean failed = (events & EPOLLERR) != 0;
        if (state == State.RELAYING) {
            if (failed && !toClient.isReading()) {
                toBackend.onSinkDead();
            }
            relayUnlessQueued();
        } else if (state == State.RESETTING) {
            onSurvivorEvent(failed);
        }
    }

    /** The connection's turn in the run queue. */
    void onQueueTurn() {
        queued = false;
        if (state == State.RELAYING) {
            relay();
        }
    }

    void onTimer(long nowNs) {
        switch (state) {
            case FREE -> {}
            case CONNECTING -> onConnectFailed();
            case RELAYING -> {
                long deadlineNs = relayDeadlineNs();
                if (nowNs >= deadlineNs) {
                    close(isIntact() ? CloseReason.IDLE_TIMEOUT : CloseReason.FIN_TIMEOUT);
                } else {
                    tcp.timers().schedule(slot, deadlineNs);
                    keepAlive();
                }
            }
            case RESETTING -> pollReset();
        }
    }

    /**
     * Probes of a silent peer, on the backend's side only from a connection's first deadline on: the many that end before
     * do not pay for them. The client's socket has them from its listener.
     */
    private void keepAlive() {
        if (!keptAlive) {
            keptAlive = true;
            tcp.sockets().keepAlive(backendFd);
        }
    }

    /** One that waits for its turn in the run queue gets that turn, and not another for each event. */
    private void relayUnlessQueued() {
        if (!queued) {
            relay();
        }
    }

    private void relay() {
        long bytesBefore = toBackend.bytes() + toClient.bytes();
        boolean more = turnBoth();
        if (toBackend.isSevered() && toClient.isReading()) {
            toClient.onSourceDead();
            more = turnBoth();
        } else if (toClient.isSevered() && toBackend.isReading()) {
            toBackend.onSourceDead();
            more = turnBoth();
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
        if (more && !queued) {
            queued = true;
            tcp.enqueue(slot);
        }
    }

    private boolean turnBoth() {
        int backendTurn = toBackend.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, toClient.isEnded());
        int clientTurn = toClient.turn(tcp, TcpCounter.BYTES_TO_CLIENTS, toBackend.isEnded());
        return backendTurn == Relay.MORE || clientTurn == Relay.MORE;
    }

    /** Ends what can be ended; true when the connection is no longer relaying. */
    private boolean settle() {
        if (toBackend.isEnded() && toClient.isEnded()) {
            close(CloseReason.COMPLETED);
        } else if (toBackend.isFailed() || (toClient.isSevered() && toBackend.isOver())) {
            resetBackend();
        } else if (toClient.isFailed() || (toBackend.isSevered() && toClient.isOver())) {
            resetClient();
        } else {
            return false;
        }
        return true;
    }

    /** The client is dead and everything it had sent is with the backend's socket. */
    private void resetBackend() {
        if (toBackend.isSevered() || toClient.isSourceFailed()) {
            close(CloseReason.CLIENT_RESET);
            return;
        }
        tcp.sockets().reset(clientFd);
        clientFd = NO_FD;
        awaitAcknowledgement(CloseReason.CLIENT_RESET);
    }

    private void resetClient() {
        if (toClient.isSevered() || toBackend.isSourceFailed()) {
            close(CloseReason.BACKEND_RESET);
            return;
        }
        tcp.sockets().reset(backendFd);
        backendFd = NO_FD;
        awaitAcknowledgement(CloseReason.BACKEND_RESET);
    }

    /**
     * A reset drops what the kernel has not sent yet, but a direct connection would have delivered what the failed side
     * had sent before it failed. So the reset of the surviving side waits until all of that is acknowledged.
     */
    private void awaitAcknowledgement(CloseReason reason) {
        resetReason = reason;
        resetPollNs = FIRST_RESET_POLL_NS;
        resetUnacknowledged = Integer.MAX_VALUE;
        lastActivityNs = tcp.nowNs();
        transitionTo(State.RESETTING);
        pollReset();
    }

    private void pollReset() {
        int survivor = clientFd == NO_FD ? backendFd : clientFd;
        int unacknowledged = tcp.sockets().unacknowledged(survivor);
        if (unacknowledged < resetUnacknowledged) {
            resetUnacknowledged = unacknowledged;
            lastActivityNs = tcp.nowNs();
        }
        if (unacknowledged <= 0) {
            close(resetReason);
        } else if (tcp.nowNs() - lastActivityNs >= service.finTimeoutNs()) {
            close(CloseReason.FIN_TIMEOUT);
        } else {
            tcp.timers().schedule(slot, tcp.nowNs() + resetPollNs);
            resetPollNs = Math.min(resetPollNs * 2, MAX_RESET_POLL_NS);
        }
    }

    /** Only a failure matters: a dead socket keeps saying that it has unacknowledged bytes. */
    private void onSurvivorEvent(boolean failed) {
        if (failed) {
            close(resetReason);
        }
    }

    /** Both directions still flow; else the connection is at least half-closed. */
    private boolean isIntact() {
        return toBackend.isIntact() && toClient.isIntact();
    }

    private long relayDeadlineNs() {
        return lastActivityNs + (isIntact() ? service.idleTimeoutNs() : service.finTimeoutNs());
    }

    /** The only exit: both sockets, the timer, memory held for unsent rests, and the slot. */
    void close(CloseReason reason) {
        tcp.counters().increment(reason.counter());
        tcp.timers().cancel(slot);
        toBackend.dropRemainder(tcp);
        toClient.dropRemainder(tcp);
        closeSocket(clientFd, reason);
        closeSocket(backendFd, reason);
        clientFd = NO_FD;
        backendFd = NO_FD;
        service = null;
        backend = null;
        transitionTo(State.FREE);
        tcp.release(this);
    }

    private void closeSocket(int fd, CloseReason reason) {
        if (fd == NO_FD) {
            return;
        }
        if (reason.isClean()) {
            tcp.syscalls().close(fd);
        } else {
            tcp.sockets().reset(fd);
        }
    }

    private void transitionTo(State next) {
        state = next;
    }
}
