package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.metrics.Counters;

/**
 * Clients without a session. To give them one takes several system calls, so their datagrams wait in a queue until those
 * of known clients are on their way: a flood of invented clients costs the others nothing but its look-ups. One worker's
 * own.
 */
final class Newcomers {
    /** Of a turn in which listeners have been read empty: others wait no longer than about a millisecond for its end. */
    private static final int PER_TURN = 64;

    /** Of a turn in which more waits at a listener: they take no longer than to read as much again. */
    private static final int PER_BUSY_TURN = 16;

    private static final int QUEUE_BYTES = 4 << 20;
    private static final int QUEUE_DATAGRAMS = 8192;

    private final UdpForwarder udp;
    private final Sessions sessions;
    private final SessionPlacement placement;
    private final Counters<UdpCounter> counters;
    private final BackendSends sends;
    private final NewcomerRing ring = new NewcomerRing(QUEUE_BYTES, QUEUE_DATAGRAMS);

    Newcomers(UdpForwarder udp, SessionPlacement placement, BackendSends sends) {
        this.udp = udp;
        this.placement = placement;
        this.sends = sends;
        sessions = udp.sessions();
        counters = udp.counters();
    }

    boolean isEmpty() {
        return ring.size() == 0;
    }

    /** Copies a datagram to the end of the queue, if there is room for it. */
    void offer(
            long address,
            int length,
            int segmentBytes,
            long clientHigh,
            long clientLow,
            int clientPort,
            int clientScope,
            long localHigh,
            long localLow,
            UdpListener listener,
            int trafficClass,
            long hash) {
        if (!ring.offer(
                address,
                length,
                segmentBytes,
                clientHigh,
                clientLow,
                clientPort,
                clientScope,
                localHigh,
                localLow,
                listener.port(),
                listener.id(),
                trafficClass,
                hash)) {
            counters.add(UdpCounter.NEWCOMERS_DROPPED, ClientBatch.datagrams(length, segmentBytes));
        }
    }

    /** @param busy whether more waits at a listener */
    void serve(boolean busy) {
        for (int left = busy ? PER_BUSY_TURN : PER_TURN; left > 0 && ring.size() > 0; left--) {
            serveOldest();
            ring.remove();
        }
    }

    /** All of them, at most what the queue holds. */
    void serveAll() {
        while (ring.size() > 0) {
            serveOldest();
            ring.remove();
        }
    }

    private void serveOldest() {
        UdpListener listener = udp.listeners().byId(ring.listenerSlot());
        if (listener == null) {
            refuse(UdpCounter.REFUSED_STOPPING);
            return;
        }
        Service service = udp.service(listener.serviceIndex());
        Backend picked = listener.options().perPacket() ? udp.pick(service, ring.clientHigh(), ring.clientLow()) : null;
        int extra = picked == null ? listener.key(ring.clientScope()) : UdpListener.key(picked.load());
        long hash = sessions.index()
                .hash(
                        ring.clientHigh(),
                        ring.clientLow(),
                        ring.clientPort(),
                        ring.localHigh(),
                        ring.localLow(),
                        ring.localPort(),
                        extra);
        int slot = sessions.index()
                .find(
                        hash,
                        ring.clientHigh(),
                        ring.clientLow(),
                        ring.clientPort(),
                        ring.localHigh(),
                        ring.localLow(),
                        ring.localPort(),
                        extra);
        Session session =
                slot == SessionIndex.NONE ? tryOpen(listener, service, picked, hash, extra) : sessions.at(slot);
        if (session != null) {
            forward(session, picked == null);
        }
    }

    /** @param all those of the same client that wait, which later ones must not overtake */
    private void forward(Session session, boolean all) {
        sends.begin(session);
        int count = 0;
        do {
            if (count++ == ClientBatch.CAPACITY) {
                sends.send();
                count = 1;
            }
            sends.add(ring.payloadAddress(), ring.length(), ring.segmentBytes(), ring.trafficClass());
        } while (all && ring.tryTakeNext());
        sends.send();
    }

    private void refuse(UdpCounter why) {
        counters.add(why, ClientBatch.datagrams(ring.length(), ring.segmentBytes()));
    }

    /** Null when the client gets no session, which is counted. */
    private Session tryOpen(UdpListener listener, Service service, Backend picked, long hash, int extra) {
        if (udp.isStopping()) {
            refuse(UdpCounter.REFUSED_STOPPING);
            return null;
        }
        if (service.isClosed()) {
            refuse(UdpCounter.REFUSED_NO_SERVICE);
            return null;
        }
        Admission admission = service.admission();
        if (admission != Admission.OPEN && !tryEnter(admission, listener.serviceIndex())) {
            return null;
        }
        int source = admission == Admission.OPEN
                ? SourceTable.UNTRACKED
                : admission.admit(ring.clientHigh(), ring.clientLow(), udp.nowNs());
        UdpCounter refusal = refusal(source);
        if (refusal != null) {
            admission.giveBack();
            refuse(refusal);
            return null;
        }
        if (source == SourceTable.UNTRACKED && admission.limitsSources()) {
            counters.increment(UdpCounter.SOURCES_UNTRACKED);
        }
        return tryPlace(listener, service, picked, admission, source, hash, extra);
    }

    private static UdpCounter refusal(int source) {
        return switch (source) {
            case Admission.DENIED -> UdpCounter.REFUSED_DENIED;
            case SourceTable.TOO_MANY -> UdpCounter.REFUSED_SOURCE_SESSIONS;
            case SourceTable.TOO_FAST -> UdpCounter.REFUSED_SOURCE_RATE;
            default -> null;
        };
    }

    private boolean tryEnter(Admission admission, int serviceIndex) {
        Admission.Hold hold = admission.tryEnter(udp.nowNs());
        boolean yielded =
                switch (hold) {
                    case SERVICE_FULL -> sessions.tryEvictOneWay(serviceIndex);
                    case PROCESS_FULL -> sessions.tryEvictOneWay();
                    case NONE, RATE -> false;
                };
        if (yielded) {
            hold = admission.tryEnter(udp.nowNs());
        }
        if (hold != Admission.Hold.NONE) {
            refuse(hold == Admission.Hold.RATE ? UdpCounter.REFUSED_RATE : UdpCounter.REFUSED_FULL);
            return false;
        }
        return true;
    }

    /** A session with a backend, or null, and what was taken of the service's limits is given back. */
    private Session tryPlace(
            UdpListener listener,
            Service service,
            Backend picked,
            Admission admission,
            int source,
            long hash,
            int extra) {
        UdpCounter refusal = sessions.tryEnter() ? place(listener, service, picked) : UdpCounter.REFUSED_NO_RESOURCES;
        if (refusal != null) {
            admission.leave(source);
            refuse(refusal);
            return null;
        }
        Session session = sessions.open(listener, ring.clientScope(), picked != null, udp.nowNs());
        session.admitted(admission, source);
        placement.give(session, udp.nowNs());
        sessions.index()
                .put(
                        session.slot(),
                        hash,
                        ring.clientHigh(),
                        ring.clientLow(),
                        ring.clientPort(),
                        ring.localHigh(),
                        ring.localLow(),
                        ring.localPort(),
                        extra);
        return udp.tryWatch(session) ? session : null;
    }

    /** Null when there is a backend with a place and a socket; else the room in the limit of all sessions is given back. */
    private UdpCounter place(UdpListener listener, Service service, Backend picked) {
        int outcome = tryPlace(listener, service, picked);
        if ((outcome == SessionPlacement.NO_RESOURCES || outcome == SessionPlacement.NO_PORT) && sessions.tryEvict()) {
            if (outcome == SessionPlacement.NO_PORT) {
                placement.onPortFreed();
            }
            outcome = tryPlace(listener, service, picked);
        }
        if (outcome == SessionPlacement.PLACED) {
            return null;
        }
        sessions.leave();
        return switch (outcome) {
            case SessionPlacement.FULL -> UdpCounter.REFUSED_BACKENDS_FULL;
            case SessionPlacement.NO_PORT -> UdpCounter.REFUSED_NO_PORT;
            case SessionPlacement.NO_SOURCE -> UdpCounter.REFUSED_NO_SOURCE;
            case SessionPlacement.NO_RESOURCES -> UdpCounter.REFUSED_NO_RESOURCES;
            default -> UdpCounter.REFUSED_NO_BACKEND;
        };
    }

    private int tryPlace(UdpListener listener, Service service, Backend picked) {
        return placement.tryPlace(
                udp.table(),
                service.poolFor(ring.clientHigh(), ring.clientLow()),
                picked,
                null,
                listener.options().fragmentation(),
                ring.clientHigh(),
                ring.clientLow(),
                ring.clientPort(),
                ring.localHigh(),
                ring.localLow(),
                ring.localPort(),
                udp.nowNs());
    }
}
