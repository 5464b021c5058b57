package io.penstock.forwarder.tcp;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.ProxyHeader;
import java.util.Arrays;

/**
 * A connection's place at a backend: takes one, tells the backend's load how the connection fares there, and gives it
 * back, once, whatever happens. Whoever waits for room in the pool's queue learns of each change that makes some.
 *
 * <pre>
 *   NONE ──tryTake──▶ PENDING ──onConnected──▶ OPEN
 *    ▲                   │                      │
 *    └───────────────────┴──────────────────────┘ onConnectFailed, leave
 * </pre>
 *
 * Times are those of the worker's turns: of the one that began a connect, and of the one to which epoll reported its end.
 * So none is too short, and each is too long by what is left of a turn at either end: some ten microseconds, a millisecond
 * under a burst. All backends bear the same, and a wait in epoll ends with a new time, so averages that are compared with
 * one another lose nothing. Belongs to its connection, on the worker's thread.
 */
final class Placement {
    enum State {
        NONE,
        PENDING,
        OPEN
    }

    /** What {@link #tryTake} came to. */
    enum Outcome {
        TAKEN,
        /** Every backend that was not tried yet has no room. */
        FULL,
        /** Every backend was tried for this connection, and failed. */
        ALL_FAILED,
        /** The pool has no eligible backend. */
        NO_BACKEND
    }

    private static final BackendLoad[] NO_LOADS = {};

    private State state = State.NONE;
    private Backend backend;
    /** As long as the connection is open, also when the place is given back. */
    private Backend lastBackend;
    /** Of the backend's pool. */
    private PoolQueue queue;
    /** What that pool's backends are told of the client. */
    private ProxyHeader header = ProxyHeader.NONE;

    private int attempts;
    /** Those that failed for this connection; made when the first does, since most connections need none. */
    private BackendLoad[] failed = NO_LOADS;

    private int failures;
    /** Of these, those for which this host had no port, and no source address. */
    private int portless;

    private int sourceless;
    /** The index of the source that the place is used from. */
    private int source = BackendConnector.UNCOUNTED;
    /** When the connect began; once connected, when the backend could begin to answer. */
    private long sinceNs;

    private boolean firstByteAwaited;
    private final Milestones milestones = new Milestones();

    /** For another client. */
    void begin() {
        attempts = 0;
        lastBackend = null;
        milestones.begin();
        forgetFailures();
    }

    Milestones milestones() {
        return milestones;
    }

    /** Places that were taken for this client. */
    int attempts() {
        return attempts;
    }

    /** When the last connect began, or, of one that was established, the wait for the first byte. */
    long sinceNs() {
        return sinceNs;
    }

    /** Where a place is held. */
    Backend backend() {
        return backend;
    }

    /** Where a place was held last; null for none. */
    Backend lastBackend() {
        return lastBackend;
    }

    /** What the backend is told of the client. */
    ProxyHeader header() {
        return header;
    }

    boolean isFirstByteAwaited() {
        return firstByteAwaited;
    }

    /** Takes a place at a backend that has not failed this connection. */
    Outcome tryTake(TcpForwarder tcp, BackendPool pool, Client client) {
        Selection selection = tcp.selection();
        selection.begin(tcp.nowNs());
        for (int i = 0; i < failures; i++) {
            selection.tryExclude(failed[i]);
        }
        boolean full = false;
        boolean canExclude = true;
        while (canExclude) {
            Backend picked = client.select(tcp, pool, selection);
            if (picked == null) {
                break;
            }
            if (picked.load().tryAcquire()) {
                take(picked, pool, tcp.nowNs());
                return Outcome.TAKEN;
            }
            tcp.counters().increment(TcpCounter.PLACES_REFUSED);
            pool.counts().onPlaceRefused();
            full = true;
            selection.excludeFull();
            canExclude = selection.tryExclude(picked.load());
        }
        if (full && (failures == 0 || pool.queue() != PoolQueue.NONE)) {
            // One that has not failed this connection may have room soon.
            return Outcome.FULL;
        }
        return failures > 0 && pool.size() > 0 ? Outcome.ALL_FAILED : Outcome.NO_BACKEND;
    }

    private void take(Backend picked, BackendPool pool, long nowNs) {
        backend = picked;
        lastBackend = picked;
        queue = pool.queue();
        header = pool.outgoing().header();
        attempts++;
        if (attempts > 1) {
            pool.counts().onRetry();
        }
        sinceNs = nowNs;
        state = State.PENDING;
    }

    void onConnected(TcpForwarder tcp, int service) {
        long nowNs = tcp.nowNs();
        milestones.onConnected(nowNs - sinceNs);
        tcp.latencies().onConnected(service, backend, nowNs - sinceNs);
        backend.load().onConnected(nowNs - sinceNs, nowNs);
        sinceNs = nowNs;
        firstByteAwaited = true;
        state = State.OPEN;
        // One pending connect less.
        tcp.waitingLines().onRoom(queue);
    }

    /** The backend refused, or was late: not this one again before the others. */
    void onConnectFailed(TcpForwarder tcp) {
        backend.load().onConnectFailed();
        exclude(tcp);
    }

    /** This host has no port left towards the backend, which cannot help it; towards another there may be one. */
    void onOutOfPorts(TcpForwarder tcp) {
        portless++;
        backend.load().onAbandoned();
        exclude(tcp);
    }

    /** Nor can it help that this host has no address to connect from. */
    void onNoSource(TcpForwarder tcp) {
        sourceless++;
        backend.load().onAbandoned();
        exclude(tcp);
    }

    /** Whether each backend failed because this host has no port towards it. */
    boolean isPortless() {
        return portless > 0 && portless == failures;
    }

    /** Whether each backend failed because this host has no address to connect from, and some maybe no port. */
    boolean isSourceless() {
        return sourceless > 0 && sourceless + portless == failures;
    }

    /** The connect comes from this source, which it occupies until the place is given back. */
    void from(int source) {
        this.source = source;
        if (source != BackendConnector.UNCOUNTED) {
            backend.ports().onTaken(source);
        }
    }

    /** This process got no descriptor or memory for the attempt, which does not count. */
    void onStarved(TcpForwarder tcp) {
        attempts--;
        backend.load().onAbandoned();
        onFree(tcp);
    }

    private void exclude(TcpForwarder tcp) {
        if (failures == failed.length) {
            failed = Arrays.copyOf(failed, Math.max(2, 2 * failures));
        }
        failed[failures++] = backend.load();
        onFree(tcp);
    }

    void describe(FlowEnd end) {
        end.backend(lastBackend, attempts, milestones.queuedNs(), milestones.connectNs(), milestones.firstByteNs());
    }

    /** The connection ends: nothing of a backend is kept for the next. */
    void end() {
        lastBackend = null;
    }

    /** All backends may be tried again. */
    void forgetFailures() {
        Arrays.fill(failed, 0, failures, null);
        failures = 0;
        portless = 0;
        sourceless = 0;
    }

    /** As {@link #forgetFailures}; attempts without a port do not count. */
    void forgetPortless() {
        attempts -= portless;
        forgetFailures();
    }

    /** The backend got the client's first bytes, before it has said anything: its answer is measured from here. */
    void onFirstByteSent(long nowNs) {
        sinceNs = nowNs;
    }

    void onFirstByte(TcpForwarder tcp, int service) {
        long nowNs = tcp.nowNs();
        firstByteAwaited = false;
        tcp.latencies().onFirstByte(service, backend, nowNs - sinceNs);
        milestones.onFirstByte(nowNs - sinceNs);
        backend.load().onFirstByte(nowNs - sinceNs, nowNs);
    }

    /** The backend reset or vanished, and neither the client nor this process did before. */
    void onBackendFailed() {
        if (firstByteAwaited) {
            backend.load().onEarlyReset();
        }
    }

    /**
     * Gives the place back, if one is held. A connect that is still pending says nothing about its backend.
     *
     * @param outcome of a connection that was established
     */
    void leave(TcpForwarder tcp, FlowOutcome outcome) {
        switch (state) {
            case NONE -> {}
            case PENDING -> {
                backend.load().onAbandoned();
                onFree(tcp);
            }
            case OPEN -> {
                backend.load().traffic().onEnded(outcome);
                backend.load().release();
                onFree(tcp);
            }
        }
    }

    private void onFree(TcpForwarder tcp) {
        if (source != BackendConnector.UNCOUNTED) {
            backend.ports().onReturned(source);
            source = BackendConnector.UNCOUNTED;
        }
        backend = null;
        firstByteAwaited = false;
        state = State.NONE;
        tcp.waitingLines().onRoom(queue);
        queue = null;
        header = ProxyHeader.NONE;
    }
}
