package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.tcp.WaitingLine.Waiter;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.TcpInfo;
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

    /** From a failed attempt to the next at the same backend, which may be restarting; HAProxy's turn-around timer. */
    private static final long RETRY_AFTER_NS = 1_000_000_000;

    /** From an attempt without a descriptor to the next: as long as accepting rests. */
    private static final long STARVED_RETRY_NS = 100_000_000;

    private static final long NOT_STARVING = Long.MAX_VALUE;

    private final TcpForwarder tcp;
    private final int slot;
    private final Duplex duplex = new Duplex();
    private State state = State.FREE;
    private int serviceIndex;
    private Service service;
    private final Placement placement = new Placement();
    private final Admittance admittance = new Admittance();
    private final Client client = new Client();
    /** Made when it first has to wait. */
    private Waiter waiter;

    /** Made when the slot first has a side to reset. */
    private PendingReset pendingReset;
    /** When it gives up, if there was no descriptor or port for its backend's socket. */
    private long starvingUntilNs;

    private boolean awaitsTurn;

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
        return duplex.side(kind).isCurrent(generation);
    }

    @Override
    public int compose(TcpForwarder tcp) {
        SocketAddress local = client.isStated()
                ? null
                : client.destination(tcp.sockets(), duplex.clientSide().fd());
        return tcp.proxyHeaderOutput().compose(placement.header(), client, local);
    }

    int serviceIndex() {
        return serviceIndex;
    }

    /** Whether it is the one whose client's socket has, or had, this generation. */
    boolean isOf(int generation) {
        return state != State.FREE && duplex.clientSide().generation() == generation;
    }

    private long token() {
        return EventToken.of(duplex.clientSide().generation(), slot, EventKind.TCP_CLIENT);
    }

    /** Tells how it fares on its way to its backend, if it has sent anything; false when there is no such way to ask about. */
    boolean trySample(TcpInfo info) {
        if (state != State.RELAYING || placement.backend().isUnix()) {
            return false;
        }
        int result = tcp.sockets().info(duplex.backendSide().fd(), info);
        long segments = result < 0 ? 0 : info.dataSegmentsSent();
        if (segments > 0) {
            placement
                    .backend()
                    .load()
                    .network()
                    .onSample(info.rttUs(), segments, info.retransmissions(), info.deliveryRate());
        }
        return true;
    }

    /** What an operator may want to know. */
    void describe(ConnectionDetails details) {
        details.identify(
                token(),
                tcp.service(serviceIndex).name(),
                placement.backend(),
                state == State.RELAYING && duplex.isHalfClosed() ? "half-closed" : state.text);
        client.describe(details);
        duplex.describe(details);
    }

    /**
     * Takes an accepted client and starts connecting a backend for it.
     *
     * @param entered gives back what the listener took of the service's limits
     */
    void open(Arrival arrival, Admission entered) {
        begin(arrival, entered);
        transitionTo(State.CONNECTING);
        CloseReason refusal = admittance.judge(tcp, client);
        if (refusal != null) {
            duplex.clientSide().own(tcp, arrival.fd);
            close(refusal);
            return;
        }
        // Before epoll knows of the socket, which would report what is read here.
        duplex.toBackend().readAhead(tcp);
        if (tryAdopt(duplex.clientSide(), arrival.fd)) {
            findBackend();
        }
    }

    /** As {@link #open}, of a client that is to say first whom it speaks for. */
    void openProxied(Arrival arrival, Admission entered) {
        begin(arrival, entered);
        duplex.clientSide().own(tcp, arrival.fd);
        transitionTo(State.AWAITING_HEADER);
        ProxyInput expected = tcp.service(serviceIndex).proxyInput();
        ProxyHeaderInput.Outcome outcome = tcp.proxyHeaderInput().look(arrival.fd, expected, false);
        if (outcome == ProxyHeaderInput.Outcome.AWAITED) {
            if (tryAdopt(duplex.clientSide(), arrival.fd)) {
                tcp.timers().schedule(slot, tcp.nowNs() + expected.timeoutNs());
            }
        } else if (tryIdentify(outcome, CloseReason.PROXY_HEADER_INVALID)
                && tryAdopt(duplex.clientSide(), arrival.fd)) {
            findBackend();
        }
    }

    /** @param last whether nothing more will come, or will not be waited for: then the reason says so */
    private void awaitHeader(boolean last, CloseReason ifMissing) {
        ProxyInput expected = tcp.service(serviceIndex).proxyInput();
        ProxyHeaderInput.Outcome outcome =
                tcp.proxyHeaderInput().look(duplex.clientSide().fd(), expected, last);
        if (outcome != ProxyHeaderInput.Outcome.AWAITED && tryIdentify(outcome, ifMissing)) {
            tcp.timers().cancel(slot);
            findBackend();
        }
    }

    /** Reads what says who the client is, and what has come behind that; or closes. */
    private boolean tryIdentify(ProxyHeaderInput.Outcome outcome, CloseReason ifMissing) {
        CloseReason refusal = outcome.refusal(ifMissing);
        if (refusal == null) {
            ProxyHeaderInput input = tcp.proxyHeaderInput();
            if (outcome == ProxyHeaderInput.Outcome.WHOLE) {
                tcp.counters().increment(TcpCounter.PROXY_HEADERS);
                client.takeHeader(input);
            }
            duplex.toBackend().readAhead(tcp, input.length());
            refusal = admittance.judge(tcp, client);
        }
        if (refusal != null) {
            close(refusal);
            return false;
        }
        client.hash(
                tcp.service(serviceIndex), tcp.sockets(), duplex.clientSide().fd());
        transitionTo(State.CONNECTING);
        return true;
    }

    private void begin(Arrival arrival, Admission entered) {
        admittance.begin(entered);
        serviceIndex = arrival.serviceIndex;
        client.begin(arrival);
        placement.begin();
        starvingUntilNs = NOT_STARVING;
        duplex.open(arrival.fd, client.isUnix(), tcp.nowNs());
    }

    /** Begins to connect, or to wait for that, once the client is known and epoll knows of its socket. */
    private void findBackend() {
        service = tcp.service(serviceIndex);
        PoolQueue queue = client.pool(service).queue();
        if (duplex.toBackend().isSourceFailed()) {
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
        if (!side.tryAdopt(tcp, slot, fd)) {
            close(CloseReason.NO_RESOURCES);
            return false;
        }
        return true;
    }

    private void connectBackend() {
        service = tcp.service(serviceIndex);
        BackendPool pool = client.pool(service);
        while (placement.attempts() < service.connectAttempts()) {
            switch (placement.tryTake(tcp, pool, client)) {
                case TAKEN -> {
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
        int fd = tcp.connectAttempts().begin(placement, client, duplex.toBackend(), from);
        if (fd == ConnectAttempts.FAILED) {
            return false;
        }
        if (fd == ConnectAttempts.STARVED) {
            starve(CloseReason.NO_RESOURCES);
            return true;
        }
        starvingUntilNs = NOT_STARVING;
        if (tryAdopt(duplex.backendSide(), fd)) {
            tcp.timers().schedule(slot, tcp.nowNs() + service.timeouts().connectNs());
        }
        return true;
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

    /** The pending connect came to nothing: the next backend, if the service allows another attempt. */
    private void onConnectFailed() {
        tcp.counters().increment(TcpCounter.CONNECT_FAILED);
        duplex.backendSide().abandon(tcp);
        duplex.toBackend().onEarlyLost();
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
        BackendPool pool = client.pool(service);
        Selection selection = tcp.selection();
        selection.begin(tcp.nowNs());
        selection.excludeFull();
        return pool.size() == 0 || client.couldSelect(tcp, pool, selection);
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
        placement.onConnected(tcp, serviceIndex);
        duplex.onConnected(tcp, placement.backend().isUnix());
        if (placement.header() != ProxyHeader.NONE) {
            duplex.toBackend().preface(this);
        }
        long deadlineNs = duplex.deadlineNs(service.timeouts());
        if (deadlineNs - tcp.nowNs() < service.timeouts().connectNs()) {
            tcp.timers().schedule(slot, deadlineNs);
        }
        // Else the timer stays where it is: when it fires it looks at the deadline that then holds.
        transitionTo(State.RELAYING);
    }

    void onEvent(int kind, int events) {
        Side side = duplex.side(kind);
        if (state == State.CONNECTING && side == duplex.backendSide() && !tryFinishConnect(events)) {
            return;
        }
        side.onEvent(events);
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
                    side.onFailed(tcp);
                }
                // One that waits for its turn in the run queue gets that turn, and not another for each event.
                if (!awaitsTurn) {
                    relay();
                }
            }
            case RESETTING -> {
                // A dead socket keeps saying that it has unacknowledged bytes.
                if (failed) {
                    close(pendingReset.reason());
                } else if (!awaitsTurn) {
                    discard();
                }
            }
        }
    }

    /** Whether the pending connect is done; when it failed, the next attempt is under way or the client reset. */
    private boolean tryFinishConnect(int events) {
        return switch (tcp.connectAttempts()
                .outcome(
                        events,
                        placement.backend(),
                        client,
                        duplex.backendSide().fd())) {
            case PENDING -> false;
            case REFUSED -> {
                onConnectFailed();
                yield false;
            }
            case CONNECTED -> {
                onConnected();
                yield true;
            }
        };
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
                long deadlineNs = duplex.deadlineNs(service.timeouts());
                if (nowNs >= deadlineNs) {
                    close(duplex.whenLate(service.timeouts(), nowNs));
                } else {
                    tcp.timers().schedule(slot, deadlineNs);
                    duplex.detectDeadBackend(tcp, service.tcp());
                    tellBytes();
                }
            }
            case RESETTING -> pollReset();
        }
    }

    private void relay() {
        long bytesBefore = duplex.bytes();
        boolean more = duplex.turn(tcp);
        if (placement.isFirstByteAwaited()) {
            lookForFirstByte(bytesBefore);
        }
        if (settle()) {
            return;
        }
        if (duplex.hasToTell(tcp.nowNs())) {
            tellBytes();
        }
        if (duplex.onTurn(bytesBefore, tcp.nowNs())) {
            // The one deadline that comes nearer; all others are looked at when the timer fires.
            tcp.timers().schedule(slot, duplex.deadlineNs(service.timeouts()));
        }
        duplex.muteWhileBlocked(tcp, slot);
        queueIf(more);
    }

    private void tellBytes() {
        duplex.tellBytes(
                tcp.services(), serviceIndex, placement.lastBackend().load().traffic());
    }

    /** @param sentBefore what the backend had been sent before this turn: as it has said nothing, all that was moved */
    private void lookForFirstByte(long sentBefore) {
        if (duplex.toClient().hasTaken()) {
            placement.onFirstByte(tcp, serviceIndex);
        } else if (sentBefore == 0 && duplex.toBackend().bytes() > 0) {
            placement.onFirstByteSent(tcp.nowNs());
        }
    }

    private void queueIf(boolean more) {
        if (more && !awaitsTurn) {
            awaitsTurn = true;
            tcp.enqueue(slot);
        }
    }

    /** Ends what can be ended; true when the connection is no longer relaying. */
    private boolean settle() {
        if (duplex.isEnded()) {
            close(CloseReason.COMPLETED);
            return true;
        }
        Side gone = duplex.gone();
        if (gone == null) {
            return false;
        }
        resetSurvivor(gone);
        return true;
    }

    /** As {@link PendingReset} says. */
    private void resetSurvivor(Side dead) {
        if (duplex.opposite(dead).isDead()) {
            close(dead.whenDead());
            return;
        }
        dead.reset(tcp);
        if (dead == duplex.backendSide()) {
            placement.onBackendFailed();
            placement.leave(tcp, dead.whenDead().outcome());
        }
        if (pendingReset == null) {
            pendingReset = new PendingReset();
        }
        pendingReset.begin(dead.whenDead());
        transitionTo(State.RESETTING);
        pollReset();
        if (state == State.RESETTING && !awaitsTurn) {
            discard();
        }
    }

    /** What the side that is to be reset sends meanwhile. */
    private void discard() {
        Side survivor = duplex.survivor();
        boolean more = survivor.discard(tcp);
        if (survivor.isDead()) {
            close(pendingReset.reason());
            return;
        }
        survivor.muteWhileBlocked(tcp, slot);
        queueIf(more);
    }

    private void pollReset() {
        CloseReason reason = pendingReset.poll(tcp, duplex, service.timeouts());
        if (reason != null) {
            close(reason);
        } else {
            tcp.timers().schedule(slot, tcp.nowNs() + pendingReset.nextPollNs());
        }
    }

    /** The only exit: both sockets, the timer, memory and pipes that hold unsent bytes, and the slot. */
    void close(CloseReason reason) {
        tcp.counters().increment(reason.counter());
        tcp.timers().cancel(slot);
        if (state == State.QUEUED) {
            // What is told of it knows how long it waited.
            transitionTo(State.CONNECTING);
        }
        tell(reason);
        if (placement.milestones().connectNs() != FlowEnd.NEVER) {
            tellBytes();
            tcp.latencies().onEnded(serviceIndex, duplex.ageNs(tcp.nowNs()));
        }
        duplex.close(tcp, reason);
        // Not before: whoever takes the place must not meet this connection at the backend.
        placement.leave(tcp, reason.outcome());
        admittance.leave(tcp);
        placement.end();
        service = null;
        transitionTo(State.FREE);
        tcp.release(this, reason);
    }

    private void tell(CloseReason reason) {
        FlowEnd end = tcp.observer().tryBegin(token(), reason.isFailure());
        if (end != null) {
            describe(end, reason);
            tcp.observer().onEnded(end);
        }
    }

    private void describe(FlowEnd end, CloseReason reason) {
        end.identify(false, token(), tcp.service(serviceIndex).name()).reason(reason, reason.isFailure());
        placement.describe(end);
        client.describe(end, tcp.sockets(), duplex.clientSide().fd());
        duplex.describe(end, tcp.nowNs());
    }

    private void transitionTo(State next) {
        if (state == State.QUEUED) {
            long waitedNs = placement.milestones().onQueueLeft(tcp.nowNs());
            waiter.queue().onWaited(waitedNs);
            tcp.latencies().onQueueLeft(serviceIndex, waitedNs);
            waiter.leave();
        }
        if (next == State.QUEUED) {
            placement.milestones().onQueued(tcp.nowNs());
        }
        state = next;
    }
}
