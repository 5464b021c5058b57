package io.penstock.forwarder.udp;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;

/**
 * Finds backends for datagrams, and for sessions a place and a socket at one. What it has found last stays until the next
 * call. One worker's own.
 */
final class SessionPlacement {
    // What can come of it.
    static final int PLACED = 0;
    static final int NO_BACKEND = 1;
    static final int FULL = 2;
    static final int NO_PORT = 3;
    static final int NO_SOURCE = 4;
    static final int NO_RESOURCES = 5;

    private static final int IPPROTO_UDP = 17;

    private final Syscalls syscalls;
    private final BackendSockets sockets;
    private final Counters<UdpCounter> counters;
    private final Selection selection = new Selection(System.identityHashCode(this));
    private final BackendRests rests = new BackendRests();

    private Backend backend;
    private PoolQueue queue;
    private int fd;

    SessionPlacement(Syscalls syscalls, DatagramSockets sockets, Counters<UdpCounter> counters) {
        this.syscalls = syscalls;
        this.sockets = new BackendSockets(syscalls, sockets);
        this.counters = counters;
    }

    /** Of the last {@link #tryPlace}. */
    int fd() {
        return fd;
    }

    /** Hands what was found to a session. */
    void give(Session session, long nowNs) {
        session.place(backend, queue, sockets.source(), fd, nowNs);
    }

    /** For want of something else nobody takes what was found. */
    void abandon() {
        syscalls.close(fd);
        BackendSockets.onClosed(backend, sockets.source());
        backend.load().traffic().onEnded(FlowOutcome.CUT);
        backend.load().release();
        queue.onRoom(null);
    }

    /** After {@link #NO_PORT}: a session has yielded its port, which the kernel can be asked for. */
    void onPortFreed() {
        BackendSockets.onPortFreed(backend.ports());
    }

    /** No new session goes there for a moment, while other backends are there. */
    void rest(BackendLoad load, long nowNs) {
        rests.begin(load, nowNs);
    }

    /**
     * For one datagram by itself, which has no place at the backend; null when there is none.
     *
     * @param clientHigh and clientLow: the halves of the client's address
     */
    Backend pick(ForwardingTable table, BackendPool pool, long clientHigh, long clientLow, long nowNs) {
        selection.begin(nowNs);
        // Its flow is nothing that balancing should see: each datagram would go the way of the first.
        long hash = pool.hashInput().source() ? pool.sourceHash(clientHigh, clientLow) : selection.nextRandom();
        return pick(pool, hash, clientHigh, clientLow, table.clientZone(clientHigh, clientLow), nowNs);
    }

    private Backend pick(BackendPool pool, long hash, long clientHigh, long clientLow, int clientZone, long nowNs) {
        Backend picked = pool.select(hash, clientHigh, clientLow, clientZone, selection);
        if (picked == null || !rests.isResting(picked.load(), nowNs)) {
            return picked;
        }
        rests.excludeFrom(selection, nowNs);
        Backend other = pool.select(hash, clientHigh, clientLow, clientZone, selection);
        return other == null ? picked : other;
    }

    /**
     * Takes a place at a backend and opens a socket to it.
     *
     * @param picked the backend of a datagram that is balanced by itself; null to choose one
     * @param not a backend that is not wanted, or null
     */
    int tryPlace(
            ForwardingTable table,
            BackendPool pool,
            Backend picked,
            BackendLoad not,
            Fragmentation fragmentation,
            long clientHigh,
            long clientLow,
            int clientPort,
            long localHigh,
            long localLow,
            int localPort,
            long nowNs) {
        long hash = pool.hashInput().source()
                ? pool.sourceHash(clientHigh, clientLow)
                : pool.flowHash(clientHigh, clientLow, clientPort, localHigh, localLow, localPort, IPPROTO_UDP);
        int clientZone = table.clientZone(clientHigh, clientLow);
        selection.begin(nowNs);
        if (not != null) {
            // Nor one that rests: a session between two that refuse would move with every datagram.
            selection.tryExclude(not);
            rests.excludeFrom(selection, nowNs);
        }
        int outcome = NO_BACKEND;
        Backend next = picked;
        for (int tries = 0; tries < Selection.MAX_EXCLUDED; tries++) {
            next = next == null ? pick(pool, hash, clientHigh, clientLow, clientZone, nowNs) : next;
            if (next == null) {
                break;
            }
            if (next.load().tryAcquire()) {
                backend = next;
                queue = pool.queue();
                outcome = tryOpen(pool, fragmentation, clientHigh, clientLow, clientPort, localPort, nowNs);
                if (outcome != PLACED) {
                    // A connection may have found no place meanwhile, and wait for this one.
                    queue.onRoom(null);
                }
                if (outcome == PLACED || outcome == NO_RESOURCES) {
                    break;
                }
            } else {
                counters.increment(UdpCounter.PLACES_REFUSED);
                pool.counts().onPlaceRefused();
                outcome = FULL;
                selection.excludeFull();
            }
            if (picked != null || !selection.tryExclude(next.load())) {
                break;
            }
            next = null;
        }
        return outcome;
    }

    private int tryOpen(
            BackendPool pool,
            Fragmentation fragmentation,
            long clientHigh,
            long clientLow,
            int clientPort,
            int localPort,
            long nowNs) {
        fd = sockets.open(
                pool.outgoing().source(),
                backend,
                backend.port(localPort),
                fragmentation,
                clientHigh,
                clientLow,
                clientPort,
                nowNs);
        if (fd >= 0) {
            backend.load().onConnected();
            if (sockets.source() != BackendSockets.UNCOUNTED) {
                backend.ports().onTaken(sockets.source());
            }
            return PLACED;
        }
        if (fd == BackendSockets.NO_PORT) {
            backend.load().onAbandoned();
            return NO_PORT;
        }
        if (fd == BackendSockets.NO_SOURCE) {
            backend.load().onAbandoned();
            return NO_SOURCE;
        }
        if (isExhaustion(fd)) {
            backend.load().onAbandoned();
            return NO_RESOURCES;
        }
        // There is no way to it.
        counters.increment(UdpCounter.CONNECT_FAILED);
        backend.load().onConnectFailed();
        return NO_BACKEND;
    }

    /** Whether the process or the host is out of something, whatever the backend. */
    static boolean isExhaustion(int result) {
        return result == -Errno.EMFILE
                || result == -Errno.ENFILE
                || result == -Errno.ENOBUFS
                || result == -Errno.ENOMEM;
    }
}
