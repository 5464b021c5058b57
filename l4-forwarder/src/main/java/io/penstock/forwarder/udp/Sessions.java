package io.penstock.forwarder.udp;

import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.event.TimerWheel;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.IntArrayList;

/** One worker's sessions in their slots: found by their addresses, and ended by age. NOT thread safe. */
final class Sessions {
    private static final int FIRST_SLOTS = 1024;

    /** How many of the oldest are looked at for one of a service: each may be a cache line from memory. */
    private static final int LOOK = 64;

    private final Syscalls syscalls;

    private final ServiceCounts services;
    private final FlowLatencies latencies;
    private final SessionLimit limit;
    private final Counters<UdpCounter> counters;
    private final TimerWheel timers;
    private final FlowObserver observer;
    private final List<Session> slots = new ArrayList<>();
    private final IntArrayList freeSlots = new IntArrayList();
    private final SessionIndex index = new SessionIndex(FIRST_SLOTS);
    private final SessionAges ages = new SessionAges(FIRST_SLOTS);
    private int nextGeneration = 1;
    private ForwardingTable table;
    private long nowNs;

    Sessions(
            Syscalls syscalls,
            ServiceCounts services,
            FlowLatencies latencies,
            SessionLimit limit,
            Counters<UdpCounter> counters,
            TimerWheel timers,
            FlowObserver observer) {
        this.observer = observer;
        this.syscalls = syscalls;
        this.services = services;
        this.latencies = latencies;
        this.limit = limit;
        this.counters = counters;
        this.timers = timers;
    }

    /** The table and the time that this turn of the loop goes by. */
    void onTurn(ForwardingTable table, long nowNs) {
        this.table = table;
        this.nowNs = nowNs;
    }

    SessionIndex index() {
        return index;
    }

    int size() {
        return index.size();
    }

    int slots() {
        return slots.size();
    }

    Session at(int slot) {
        return slots.get(slot);
    }

    /** For which there is room by {@link #tryEnter}; its backend and its place in the index follow at once. */
    Session open(UdpListener listener, int clientScope, boolean perPacket, long nowNs) {
        Session session = begin(listener, clientScope, perPacket, nowNs);
        services.onAccepted(session.serviceIndex());
        counters.increment(UdpCounter.SESSIONS_OPENED);
        return session;
    }

    /** One that was open in another process; what follows is as in {@link #open}, and then {@link #proceed}. */
    Session adopt(UdpListener listener, int clientScope, boolean perPacket, long nowNs) {
        limit.enter();
        counters.increment(UdpCounter.SESSIONS_ADOPTED);
        return begin(listener, clientScope, perPacket, nowNs);
    }

    /** An adopted one, which has its backend by now, goes on from here. */
    void proceed(Session session, HandedSession.Progress progress, long nowNs) {
        session.proceed(progress, nowNs);
        switch (session.state()) {
            case ANSWERED -> onAnswered(session);
            case ESTABLISHED -> onEstablished(session);
            case ONE_WAY, FREE -> {}
        }
    }

    private Session begin(UdpListener listener, int clientScope, boolean perPacket, long nowNs) {
        Session session = freeSlots.isEmpty() ? add() : slots.get(freeSlots.popInt());
        session.open(nextGeneration++, listener, clientScope, perPacket, nowNs);
        ages.add(session.slot());
        services.onOpened(session.serviceIndex());
        return session;
    }

    private Session add() {
        Session session = new Session(slots.size());
        slots.add(session);
        return session;
    }

    void onAnswered(Session session) {
        ages.move(session.slot(), SessionAges.Stage.ANSWERED);
    }

    void onEstablished(Session session) {
        ages.move(session.slot(), SessionAges.Stage.ESTABLISHED);
    }

    void onFirstReply(Session session) {
        latencies.onFirstByte(session.serviceIndex(), session.backend(), session.firstReplyNs());
    }

    /** Room for one more of all sessions, for which others yield; false when nobody does. */
    boolean tryEnter() {
        return (index.size() < EventToken.MAX_SLOTS && limit.tryEnter()) || (tryEvict() && limit.tryEnter());
    }

    /** Gives back what {@link #tryEnter} took, when no session follows. */
    void leave() {
        limit.leave();
    }

    /** Ends the session that is least likely to be missed; false when all are established. */
    boolean tryEvict() {
        return tryEvictOneWay() || tryEvict(SessionAges.Stage.ANSWERED, EndReason.EVICTED_ANSWERED);
    }

    /** Ends the oldest session without a reply; false when there is none. */
    boolean tryEvictOneWay() {
        return tryEvict(SessionAges.Stage.ONE_WAY, EndReason.EVICTED_ONE_WAY);
    }

    /**
     * As {@link #tryEvictOneWay()}, of one service; false when it has none among the oldest of all. Ending another service's
     * would make no room in this one.
     */
    boolean tryEvictOneWay(int serviceIndex) {
        int slot = ages.oldest(SessionAges.Stage.ONE_WAY);
        for (int looked = 0; slot != SessionAges.NONE && looked < LOOK; looked++) {
            Session session = slots.get(slot);
            if (session.serviceIndex() == serviceIndex) {
                end(session, EndReason.EVICTED_ONE_WAY);
                return true;
            }
            slot = ages.younger(slot);
        }
        return false;
    }

    private boolean tryEvict(SessionAges.Stage stage, EndReason reason) {
        int slot = ages.oldest(stage);
        if (slot == SessionAges.NONE) {
            return false;
        }
        end(slots.get(slot), reason);
        return true;
    }

    /** The only way out: closes the socket, and gives back whatever the session holds. */
    void end(Session session, EndReason reason) {
        int slot = session.slot();
        tell(session, reason);
        timers.cancel(slot);
        ages.remove(slot);
        index.remove(slot);
        syscalls.close(session.fd());
        session.tellBytes(services);
        latencies.onEnded(session.serviceIndex(), session.ageNs(nowNs));
        session.leaveBackend(reason.outcome());
        services.onClosed(session.serviceIndex(), reason);
        session.end();
        limit.leave();
        freeSlots.pushInt(slot);
        counters.increment(reason.counter());
    }

    /** What it has carried since the last time. */
    void tellBytes(Session session) {
        session.tellBytes(services);
    }

    private void tell(Session session, EndReason reason) {
        FlowEnd end = observer.tryBegin(session.token(), reason.isFailure());
        if (end != null) {
            int slot = session.slot();
            session.describe(end, table.service(session.serviceIndex()).name(), nowNs);
            end.reason(reason, reason.isFailure())
                    .client(index.clientHigh(slot), index.clientLow(slot), index.clientPort(slot))
                    .local(
                            session.listener().endpoint(),
                            index.localHigh(slot),
                            index.localLow(slot),
                            index.localPort(slot));
            observer.onEnded(end);
        }
    }

    /** The one with this token; null when it is gone. */
    Session find(long token) {
        int slot = EventToken.slot(token);
        return slot < slots.size() && slots.get(slot).isOf(EventToken.generation(token)) ? slots.get(slot) : null;
    }

    /** @param listener null for all */
    void endAll(UdpListener listener, EndReason reason) {
        for (int slot = 0; slot < slots.size(); slot++) {
            Session session = slots.get(slot);
            if (!session.isFree() && (listener == null || session.listener() == listener)) {
                end(session, reason);
            }
        }
    }
}
