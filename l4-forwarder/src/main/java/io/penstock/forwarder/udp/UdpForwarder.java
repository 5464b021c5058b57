package io.penstock.forwarder.udp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.event.TimerWheel;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import java.util.List;
import org.agrona.collections.IntArrayQueue;

/**
 * One worker's UDP: its listeners, its sessions in slots, and the batches that datagrams travel in. Owns every socket
 * that it opens or is given; {@link #close} ends them all. NOT thread safe, but for {@link #counters()} being readable
 * anywhere.
 */
public final class UdpForwarder implements Flows, AutoCloseable {
    /** Why sessions end, as logs and metrics call it. */
    public static final List<String> REASONS = ServiceCounts.names(EndReason.values());

    /** Silence after which a session ends while the forwarder is about to stop. */
    static final long STOPPING_IDLE_NS = 5_000_000_000L;

    /** How often the kernel is asked what it has dropped: a call for each listener that was read since. */
    private static final long DROPS_NS = 1_000_000_000L;

    /** How long a session that is drained waits for answers that may be on their way. */
    static final long LEAVING_NS = 1_000_000_000L;

    private static final int SESSION_EVENTS = EPOLLIN | EPOLLET;

    private final Syscalls syscalls;
    private final Epoll epoll;
    private final DatagramSockets sockets;
    private final TimerWheel timers;
    /** Held, because a method reference is a new object each time it is taken. */
    private final TimerWheel.Handler timerHandler = this::onTimer;

    private final Counters<UdpCounter> counters = new Counters<>(UdpCounter.class);
    private final Sessions sessions;
    private final SessionPlacement placement;
    private final UdpListeners listeners = new UdpListeners(this);
    private final IntArrayQueue runQueue = new IntArrayQueue();
    private final SessionTransfer transfer = new SessionTransfer(this);

    // Made with the first listener: megabytes, which who has none can do without.
    private ClientBatch clientBatch;
    private Newcomers newcomers;
    private Replies replies;

    private ForwardingTable table;
    private long nowNs;
    private int queuedBefore;
    private boolean busy;
    private boolean stopping;

    /** Whether drops are to be counted, as listeners were read, and when. */
    private boolean dropsDue;

    private long dropsDueNs;

    /**
     * Listens to nothing yet.
     *
     * @param services what is counted of each service, TCP's and UDP's alike
     * @param latencies what is recorded of each service, likewise
     * @param limit of the sessions of all workers
     * @param observer is told of each session that ends
     */
    public UdpForwarder(
            Syscalls syscalls,
            Epoll epoll,
            ForwardingTable table,
            ServiceCounts services,
            FlowLatencies latencies,
            SessionLimit limit,
            FlowObserver observer,
            long nowNs) {
        this.syscalls = syscalls;
        this.epoll = epoll;
        this.table = table;
        this.nowNs = nowNs;
        sockets = new DatagramSockets(syscalls);
        timers = new TimerWheel(nowNs);
        sessions = new Sessions(syscalls, services, latencies, limit, counters, timers, observer);
        placement = new SessionPlacement(syscalls, sockets, counters);
    }

    /** Binds a socket; datagrams stay in the kernel's queue until {@link #startAccepting}. 0 or {@code -errno}. */
    public int listen(ListenerSpec spec) {
        int fd = UdpListenerSocket.bind(syscalls, sockets, spec);
        if (fd < 0) {
            return fd;
        }
        changeListeners(new ListenerChange(List.of(new Listening(fd, spec, false)), List.of(), List.of()));
        return 0;
    }

    /** Reads what clients send from now on. 0 or {@code -errno}. */
    public int startAccepting() {
        return listeners.resume();
    }

    /** Other sockets from now on; with one that is closed its sessions end. */
    public void changeListeners(ListenerChange change) {
        if (clientBatch == null && !change.opened().isEmpty()) {
            BackendSends sends = new BackendSends(this, syscalls, ClientBatch.CAPACITY);
            clientBatch = new ClientBatch(this, syscalls, sends);
            newcomers = new Newcomers(this, placement, sends);
            replies = new Replies(this, syscalls);
        }
        if (!transfer.tryDefer(change)) {
            listeners.change(change);
        }
    }

    /** For a hand-over between processes. */
    public SessionTransfer sessionTransfer() {
        return transfer;
    }

    /** What was read by now goes on its way; the rest waits in the kernel. */
    void stopReading() {
        listeners.pause();
        while (!runQueue.isEmpty()) {
            sessions.at(runQueue.pollInt()).queued(false);
        }
        if (newcomers != null) {
            newcomers.serveAll();
        }
    }

    /** Opens no more sessions; those that are open go on until they are idle or complete. */
    public void stopAccepting() {
        stopping = true;
        for (int slot = 0; slot < sessions.slots(); slot++) {
            if (!sessions.at(slot).isFree() && !sessions.at(slot).isLeaving()) {
                timers.schedule(slot, idleDeadlineNs(sessions.at(slot)));
            }
        }
    }

    /** The table and the time that this turn of the loop goes by. */
    public void onTurn(ForwardingTable table, long nowNs) {
        this.table = table;
        this.nowNs = nowNs;
        sessions.onTurn(table, nowNs);
        // What this turn's events queue has had its share of this turn.
        queuedBefore = runQueue.size();
        busy = false;
    }

    /** One event of a socket of this module. */
    public void onEvent(long token, int events) {
        if (!transfer.isReading()) {
            // Told again, when the socket is watched again.
            return;
        }
        int slot = EventToken.slot(token);
        if (EventToken.kind(token) == EventKind.UDP_LISTENER) {
            UdpListener listener = listeners.at(slot);
            if (!dropsDue) {
                dropsDue = true;
                dropsDueNs = nowNs + DROPS_NS;
            }
            busy |= listener != null && listener.onReadable();
            return;
        }
        Session session = sessions.at(slot);
        if (!session.isOf(EventToken.generation(token))) {
            counters.increment(UdpCounter.STALE_EVENTS);
            return;
        }
        if ((events & EPOLLERR) != 0) {
            onError(session, -sockets.takeError(session.fd()));
        }
        // One that is queued has its turn at the end of this one.
        if ((events & EPOLLIN) != 0 && !session.isQueued()) {
            replies.read(session);
        }
    }

    /** Ends a turn, after all of its events: sends the replies that were gathered, and serves newcomers. */
    public void finishTurn() {
        if (replies == null || !transfer.isReading()) {
            return;
        }
        for (int turns = queuedBefore; turns > 0; turns--) {
            Session session = sessions.at(runQueue.pollInt());
            session.queued(false);
            if (!session.isFree()) {
                replies.read(session);
            }
        }
        replies.flush();
        newcomers.serve(busy);
    }

    /** Deadlines that have come. */
    public void expire() {
        if (!transfer.isReading()) {
            return;
        }
        timers.expire(nowNs, timerHandler);
        if (dropsDue && nowNs - dropsDueNs >= 0) {
            dropsDue = false;
            listeners.countDrops();
        }
    }

    /** How long the worker may sleep: negative for ever, 0 when something waits for the next turn. */
    public long waitNs() {
        if (!transfer.isReading()) {
            return -1;
        }
        if (!runQueue.isEmpty() || (newcomers != null && !newcomers.isEmpty())) {
            return 0;
        }
        long waitNs = timers.waitNs(nowNs);
        long dropsNs = Math.max(0, dropsDueNs - nowNs);
        return dropsDue && (waitNs < 0 || dropsNs < waitNs) ? dropsNs : waitNs;
    }

    public int openSessions() {
        return sessions.size();
    }

    public Counters<UdpCounter> counters() {
        return counters;
    }

    @Override
    public int slots() {
        return sessions.slots();
    }

    @Override
    public boolean tryDescribe(int slot, ConnectionDetails details) {
        Session session = sessions.at(slot);
        if (session.isFree() || session.isLeaving()) {
            return false;
        }
        SessionIndex index = sessions.index();
        session.describe(details, table.service(session.serviceIndex()).name());
        details.client(index.clientHigh(slot), index.clientLow(slot), index.clientPort(slot));
        return true;
    }

    @Override
    public boolean tryDrain(long token) {
        Session session = transfer.isReading() ? sessions.find(token) : null;
        if (session == null || session.isLeaving()) {
            return false;
        }
        if (session.isAwaited(LEAVING_NS, nowNs)) {
            session.leave();
            timers.schedule(session.slot(), nowNs + LEAVING_NS);
        } else {
            sessions.end(session, EndReason.DRAINED);
        }
        return true;
    }

    @Override
    public boolean tryKill(long token) {
        Session session = transfer.isReading() ? sessions.find(token) : null;
        if (session == null) {
            return false;
        }
        sessions.end(session, EndReason.KILLED);
        return true;
    }

    /** Ends whatever is still open. */
    @Override
    public void close() {
        sessions.endAll(null, EndReason.STOPPED);
        listeners.close();
        transfer.applyDeferred();
    }

    // What sessions go through.

    /** Has epoll tell of an open session's socket; one that cannot be watched ends, and false is returned. */
    boolean tryWatch(Session session) {
        if (epoll.add(session.fd(), SESSION_EVENTS, session.token()) < 0) {
            sessions.end(session, EndReason.NO_RESOURCES);
            return false;
        }
        timers.schedule(session.slot(), idleDeadlineNs(session));
        return true;
    }

    private long idleDeadlineNs(Session session) {
        long idleNs = options(session).idleNs();
        return session.activeNs() + (stopping ? Math.min(idleNs, STOPPING_IDLE_NS) : idleNs);
    }

    /** Looked at only now and then: a datagram moves no timer. */
    private void onTimer(int slot, long nowNs) {
        Session session = sessions.at(slot);
        if (session.isLeaving()) {
            sessions.end(session, EndReason.DRAINED);
            return;
        }
        long deadlineNs = idleDeadlineNs(session);
        if (deadlineNs <= nowNs) {
            sessions.end(session, EndReason.IDLE);
        } else {
            timers.schedule(slot, deadlineNs);
            sessions.tellBytes(session);
        }
    }

    void onForwarded(Session session, int datagrams, long bytes) {
        boolean hasToTell = session.hasToTell(nowNs);
        if (session.onForwarded(datagrams, bytes, options(session).responses(), nowNs)) {
            sessions.onEstablished(session);
        }
        if (hasToTell) {
            sessions.tellBytes(session);
        }
    }

    void onReplies(Session session, int datagrams, long bytes) {
        boolean hasToTell = session.hasToTell(nowNs);
        boolean first = session.isReplyAwaited();
        if (session.onReplies(datagrams, bytes, nowNs)) {
            sessions.onAnswered(session);
        }
        if (first) {
            sessions.onFirstReply(session);
        }
        if (hasToTell) {
            sessions.tellBytes(session);
        }
    }

    /** Whether the session ends when it has its replies. */
    boolean awaitsReplies(Session session) {
        return options(session).responses() != UdpOptions.ANY;
    }

    /** What was sent through a session's socket came to nothing. */
    void onError(Session session, int errno) {
        if (errno == Errno.ECONNREFUSED || errno == Errno.EHOSTUNREACH || errno == Errno.ENETUNREACH) {
            onUnreachable(session);
        }
    }

    void onUnreachable(Session session) {
        BackendLoad load = session.backend().load();
        counters.increment(UdpCounter.BACKENDS_UNREACHABLE);
        placement.rest(load, nowNs);
        // A session that finds no other backend hears it with every second datagram, which says no more about this one.
        if (session.onUnreachable()) {
            load.onEarlyReset();
        }
    }

    /** Before datagrams are sent: to another backend, if its own is down for long enough. */
    void moveIfLost(Session session) {
        long lostSinceNs = session.backend().load().lostSinceNs();
        if (session.isUnreachable()
                || (lostSinceNs != BackendLoad.NOT_LOST
                        && nowNs - lostSinceNs >= options(session).rehomeNs())) {
            tryMove(session);
        }
    }

    /** To another backend, if there is one and the service moves sessions; else it stays. */
    void tryMove(Session session) {
        Service service = table.service(session.serviceIndex());
        UdpOptions options = options(session);
        if (session.isPerPacket() || options.rehomeNs() == Timeouts.NONE) {
            return;
        }
        SessionIndex index = sessions.index();
        int slot = session.slot();
        int outcome = placement.tryPlace(
                table,
                service.poolFor(index.clientHigh(slot), index.clientLow(slot)),
                null,
                session.backend().load(),
                options.fragmentation(),
                index.clientHigh(slot),
                index.clientLow(slot),
                index.clientPort(slot),
                index.localHigh(slot),
                index.localLow(slot),
                index.localPort(slot),
                nowNs);
        if (outcome != SessionPlacement.PLACED) {
            return;
        }
        if (epoll.add(placement.fd(), SESSION_EVENTS, session.token()) < 0) {
            placement.abandon();
            return;
        }
        syscalls.close(session.fd());
        sessions.tellBytes(session);
        session.leaveBackend(FlowOutcome.MOVED);
        placement.give(session, nowNs);
        counters.increment(UdpCounter.REHOMED);
    }

    /** It has more to read, with the next turn. */
    void enqueue(Session session) {
        if (!session.isQueued()) {
            session.queued(true);
            runQueue.offerInt(session.slot());
        }
    }

    /** For one datagram that is balanced by itself; null when there is none. */
    Backend pick(Service service, long clientHigh, long clientLow) {
        return placement.pick(table, service.poolFor(clientHigh, clientLow), clientHigh, clientLow, nowNs);
    }

    // What parts of this module share.

    private static UdpOptions options(Session session) {
        return session.listener().options();
    }

    Service service(int index) {
        return table.service(index);
    }

    ForwardingTable table() {
        return table;
    }

    long nowNs() {
        return nowNs;
    }

    boolean isStopping() {
        return stopping;
    }

    Sessions sessions() {
        return sessions;
    }

    UdpListeners listeners() {
        return listeners;
    }

    ClientBatch clientBatch() {
        return clientBatch;
    }

    Newcomers newcomers() {
        return newcomers;
    }

    Syscalls syscalls() {
        return syscalls;
    }

    DatagramSockets sockets() {
        return sockets;
    }

    Epoll epoll() {
        return epoll;
    }
}
