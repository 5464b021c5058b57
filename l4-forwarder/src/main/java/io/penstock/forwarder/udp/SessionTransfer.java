package io.penstock.forwarder.udp;

import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.udp.HandedSession.Addresses;
import io.penstock.forwarder.udp.HandedSession.Progress;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.SocketAddress;
import java.util.List;

/**
 * One worker's part in a hand-over: gives its sessions to another process, or goes on with those of one. NOT thread safe:
 * the worker's own.
 *
 * <pre>
 *   READING ── pause ──► PAUSED ──┬── forget ──► READING, without sessions and listeners
 *      ▲                          │
 *      │                  HELD ───┤
 *      │                          │
 *      └──── RESUMING ◄── resume ─┘
 * </pre>
 *
 * While it is PAUSED or HELD no socket is read or registered with epoll, and no time passes for sessions. While it is PAUSED
 * they stay as they were described: their descriptors are on their way. RESUMING reads those that are registered again.
 */
public final class SessionTransfer {
    private enum State {
        READING,
        /** Takes sessions, by their listeners, and reads nothing yet. */
        HELD,
        PAUSED,
        RESUMING
    }

    /** Each takes a call of the kernel: well under a millisecond altogether. */
    private static final int SLOTS_PER_STEP = 256;

    private final UdpForwarder udp;
    private State state = State.READING;
    private int next;
    private ListenerChange deferred;

    SessionTransfer(UdpForwarder udp) {
        this.udp = udp;
    }

    boolean isReading() {
        return state == State.READING || state == State.RESUMING;
    }

    /** Of the newer process, before its worker runs: what listeners it is given stay unread. */
    public void hold() {
        state = State.HELD;
    }

    /** Whether this change waits for the end of the hand-over: sockets that are on their way must not be closed. */
    boolean tryDefer(ListenerChange change) {
        if (state != State.PAUSED) {
            return false;
        }
        deferred = ListenerChange.join(deferred, change);
        return true;
    }

    /** Pauses more of the sessions and adds what they are; true when it was the last. */
    public boolean pauseSome(List<HandedSession> sessions) {
        if (state == State.READING) {
            udp.stopReading();
            state = State.PAUSED;
        }
        for (int end = endOfStep(); next < end; next++) {
            Session session = udp.sessions().at(next);
            if (!session.isFree()) {
                // Before its descriptor is closed here, which would not end the registration while another process has
                // it.
                udp.epoll().remove(session.fd());
                sessions.add(describe(session));
            }
        }
        return endsHere();
    }

    private HandedSession describe(Session session) {
        SessionIndex index = udp.sessions().index();
        int slot = session.slot();
        Addresses addresses = new Addresses(
                index.clientHigh(slot),
                index.clientLow(slot),
                index.clientPort(slot),
                session.clientScope(),
                index.localHigh(slot),
                index.localLow(slot),
                index.localPort(slot));
        return new HandedSession(
                session.listener().fd(),
                session.fd(),
                addresses,
                session.backend().key(),
                session.progress(udp.nowNs()));
    }

    /** Goes on with more of the sessions, and after the last with the listeners; true then. */
    public boolean resumeSome() {
        if (state == State.READING) {
            return true;
        }
        if (state != State.RESUMING) {
            state = State.RESUMING;
            applyDeferred();
        }
        for (int end = endOfStep(); next < end; next++) {
            Session session = udp.sessions().at(next);
            if (!session.isFree()) {
                udp.tryWatch(session);
            }
        }
        if (!endsHere()) {
            return false;
        }
        state = State.READING;
        int result = udp.startAccepting();
        if (result < 0) {
            throw new IllegalStateException("listeners: " + -result);
        }
        return true;
    }

    /** Gives up more of the sessions, and after the last the listeners; true then. */
    public boolean forgetSome() {
        if (state == State.READING) {
            return true;
        }
        for (int end = endOfStep(); next < end; next++) {
            Session session = udp.sessions().at(next);
            if (!session.isFree()) {
                udp.sessions().end(session, EndReason.HANDED_OVER);
            }
        }
        if (!endsHere()) {
            return false;
        }
        udp.listeners().close();
        state = State.READING;
        applyDeferred();
        return true;
    }

    private int endOfStep() {
        return Math.min(udp.sessions().slots(), next + SLOTS_PER_STEP);
    }

    private boolean endsHere() {
        if (next < udp.sessions().slots()) {
            return false;
        }
        next = 0;
        return true;
    }

    /** What came while nothing could be changed; also when the worker ends meanwhile. */
    void applyDeferred() {
        ListenerChange change = deferred;
        deferred = null;
        if (change != null) {
            udp.listeners().change(change);
        }
    }

    /**
     * Goes on with one session of another process, whatever the limits; false when its descriptor was closed, as it has no
     * listener, or no backend, or is there already.
     *
     * @param backend null when it is not known here
     */
    public boolean tryAdopt(HandedSession handed, Backend backend) {
        UdpListener listener = udp.listeners().of(handed.listener());
        if (listener == null || backend == null || !tryAdopt(handed, listener, backend)) {
            udp.syscalls().close(handed.fd());
            udp.counters().increment(UdpCounter.ADOPTION_FAILED);
            return false;
        }
        return true;
    }

    private boolean tryAdopt(HandedSession handed, UdpListener listener, Backend backend) {
        Addresses key = handed.addresses();
        Progress progress = handed.progress();
        int extra = progress.perPacket() ? UdpListener.key(backend.load()) : listener.key(key.clientScope());
        SessionIndex index = udp.sessions().index();
        long hash = index.hash(
                key.clientHigh(),
                key.clientLow(),
                key.clientPort(),
                key.localHigh(),
                key.localLow(),
                key.localPort(),
                extra);
        int known = index.find(
                hash,
                key.clientHigh(),
                key.clientLow(),
                key.clientPort(),
                key.localHigh(),
                key.localLow(),
                key.localPort(),
                extra);
        if (known != SessionIndex.NONE) {
            return false;
        }
        Session session = udp.sessions().adopt(listener, key.clientScope(), progress.perPacket(), udp.nowNs());
        index.put(
                session.slot(),
                hash,
                key.clientHigh(),
                key.clientLow(),
                key.clientPort(),
                key.localHigh(),
                key.localLow(),
                key.localPort(),
                extra);
        Service service = udp.service(listener.serviceIndex());
        Admission admission = service.admission();
        session.admitted(
                admission,
                admission == Admission.OPEN
                        ? SourceTable.UNTRACKED
                        : admission.adopt(key.clientHigh(), key.clientLow(), udp.nowNs()));
        PoolQueue queue = service.poolFor(key.clientHigh(), key.clientLow()).queue();
        place(session, handed.fd(), backend, queue);
        udp.sessions().proceed(session, progress, udp.nowNs());
        return true;
    }

    private void place(Session session, int fd, Backend backend, PoolQueue queue) {
        int source = source(backend.ports(), fd);
        if (source != BackendSockets.UNCOUNTED) {
            backend.ports().onTaken(source);
        }
        backend.load().adopt();
        session.place(backend, queue, source, fd, udp.nowNs());
    }

    /** By the address that it was given by the other process. */
    private int source(SourcePorts ports, int fd) {
        SocketAddress local = ports.count() == 0 ? null : new DatagramSockets(udp.syscalls()).local(fd);
        for (int i = 0; local != null && i < ports.count(); i++) {
            if (ports.source(i).high() == local.high() && ports.source(i).low() == local.low()) {
                return i;
            }
        }
        return BackendSockets.UNCOUNTED;
    }
}
