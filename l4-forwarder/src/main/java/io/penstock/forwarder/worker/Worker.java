package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.Transport;
import io.penstock.forwarder.tcp.TcpForwarder;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.udp.SessionTransfer;
import io.penstock.forwarder.udp.UdpForwarder;
import io.penstock.linux.Epoll;
import io.penstock.linux.Syscalls;
import io.penstock.linux.Wakeup;
import io.penstock.metrics.Counters;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One data thread: its epoll, its listeners, its connections, its buffers and counters, shared with nobody. Built on
 * the starting thread; from {@link #run} on it belongs to its own, which closes its sockets when it ends; {@link #release} closes the rest.
 */
public final class Worker implements Runnable {
    private final TablePublication publication;
    private final Epoll epoll;
    private final Wakeup wakeup;
    private final TcpForwarder tcp;
    private final UdpForwarder udp;
    private final List<Flows> protocols;
    private final WorkerProxy proxy;
    private final Counters<WorkerCounter> counters = new Counters<>(WorkerCounter.class);

    /** Null where nothing is measured. */
    private final LoopLateness lateness;

    private final ArrayDeque<WorkerTask> tasks = new ArrayDeque<>();
    private ForwardingTable table;
    private boolean draining;
    private boolean stopped;

    /** Shares no limit of sessions with others. */
    public Worker(String name, Syscalls syscalls, TablePublication publication, boolean splice) {
        this(name, syscalls, publication, splice, new SessionLimit(Integer.MAX_VALUE));
    }

    /** Tells nobody of flows that end, and measures nothing. */
    public Worker(String name, Syscalls syscalls, TablePublication publication, boolean splice, SessionLimit sessions) {
        this(name, syscalls, publication, splice, sessions, FlowObserver.NONE, Measuring.NOTHING);
    }

    /**
     * Opens its epoll; its thread is the caller's to start.
     *
     * @param sessions of all workers
     * @param observer is told of each connection and session that ends, on this worker's thread
     * @param measuring what is measured beyond counting
     */
    public Worker(
            String name,
            Syscalls syscalls,
            TablePublication publication,
            boolean splice,
            SessionLimit sessions,
            FlowObserver observer,
            Measuring measuring) {
        this.publication = publication;
        table = publication.current();
        epoll = new Epoll(syscalls);
        wakeup = new Wakeup(syscalls, epoll, EventToken.of(0, 0, EventKind.WAKEUP));
        FlowLatencies latencies = new FlowLatencies(measuring.latencies());
        tcp = new TcpForwarder(
                syscalls, epoll, wakeup::signal, table, splice, observer, latencies, measuring, System.nanoTime());
        udp = new UdpForwarder(
                syscalls, epoll, table, tcp.services(), latencies, sessions, observer, System.nanoTime());
        protocols = List.of(tcp, udp);
        lateness = measuring.latencies() ? new LoopLateness(System.nanoTime()) : null;
        proxy = new WorkerProxy(
                name,
                wakeup,
                tcp.counters(),
                tcp.gauges(),
                udp.counters(),
                tcp.services(),
                latencies,
                counters,
                lateness == null ? null : lateness.recorder());
    }

    public WorkerProxy proxy() {
        return proxy;
    }

    /** Opens this worker's socket of an endpoint, before {@link #run}. 0 or {@code -errno}. */
    public int listen(ListenerSpec spec) {
        return spec.transport() == Transport.UDP ? udp.listen(spec) : tcp.listen(spec);
    }

    /** Takes clients once the thread runs. 0 or {@code -errno}. */
    public int startAccepting() {
        int result = tcp.startAccepting();
        return result < 0 ? result : udp.startAccepting();
    }

    /** As {@link #startAccepting}, but of UDP nothing is read before {@link WorkerProxy#tryResumeSessions}. */
    public int startAcceptingTcp() {
        udp.sessionTransfer().hold();
        return tcp.startAccepting();
    }

    @Override
    public void run() {
        while (!stopped) {
            turn();
        }
        // Not in a finally: a bug ends the process, and a second exception must not hide the first.
        close();
    }

    private void turn() {
        long waitNs = tcp.hasQueued() || !tasks.isEmpty() ? 0 : earlier(tcp.waitNs(), udp.waitNs());
        if (lateness != null) {
            lateness.onWait(waitNs, System.nanoTime());
        }
        int count = epoll.await(waitNs);
        // Those queued before: what this turn's events queue has had its share of this turn.
        int queued = tcp.queued();
        adoptTable();
        long nowNs = System.nanoTime();
        if (lateness != null) {
            lateness.onTurn(count, nowNs);
        }
        tcp.onTurn(table, nowNs);
        udp.onTurn(table, nowNs);
        for (int i = 0; i < count; i++) {
            dispatch(epoll.token(i), epoll.events(i));
        }
        tcp.runQueued(queued);
        tcp.expire();
        tcp.serveWaiting();
        udp.finishTurn();
        udp.expire();
        counters.increment(WorkerCounter.TURNS);
        counters.add(WorkerCounter.EVENTS, count);
        changeListeners();
        stepTask();
        obeyCommands();
        tcp.updateGauges();
        proxy.onTurn(tcp.openConnections(), udp.openSessions());
    }

    /** Of two waits, negative for ever. */
    private static long earlier(long waitNs, long otherNs) {
        return waitNs < 0 || (otherNs >= 0 && otherNs < waitNs) ? otherNs : waitNs;
    }

    private void dispatch(long token, int events) {
        switch (EventToken.kind(token)) {
            case EventKind.WAKEUP -> wakeup.drain();
            case EventKind.UDP_LISTENER, EventKind.UDP_BACKEND -> udp.onEvent(token, events);
            default -> tcp.onEvent(token, events);
        }
    }

    private void adoptTable() {
        ForwardingTable current = publication.current();
        if (current != table) {
            table = current;
            counters.increment(WorkerCounter.TABLES_ADOPTED);
        }
    }

    private void changeListeners() {
        ListenerChange change = proxy.takeListenerChange();
        if (change != null) {
            tcp.changeListeners(change.of(Transport.TCP));
            udp.changeListeners(change.of(Transport.UDP));
            proxy.onListenersChanged(change);
        }
    }

    private void obeyCommands() {
        for (WorkerCommand command = proxy.poll(); command != null; command = proxy.poll()) {
            command.obey(this);
        }
        if (draining && tcp.openConnections() == 0 && udp.openSessions() == 0) {
            stopped = true;
        }
    }

    private void stepTask() {
        WorkerTask task = tasks.peek();
        if (task != null && task.step(protocols)) {
            tasks.remove();
        }
    }

    SessionTransfer sessions() {
        return udp.sessionTransfer();
    }

    /** After those that were begun before. */
    void begin(WorkerTask task) {
        tasks.add(task);
    }

    /** Closes the listeners and lets connections finish, then ends the thread. */
    void drain() {
        tcp.stopAccepting();
        udp.stopAccepting();
        draining = true;
    }

    /** Resets what is open and ends the thread. */
    void stop() {
        stopped = true;
    }

    private void close() {
        tcp.close();
        udp.close();
        proxy.onTurn(0, 0);
        proxy.end();
        for (WorkerCommand command = proxy.poll(); command != null; command = proxy.poll()) {
            command.abandon();
        }
        for (WorkerTask task = tasks.poll(); task != null; task = tasks.poll()) {
            task.abandon();
        }
        epoll.close();
    }

    /** For a worker whose thread was never started. */
    public void abandon() {
        close();
        release();
    }

    /**
     * Closes the wake-up, when the thread has ended and nobody will use the proxy again: an fd number is given out anew
     * at once, and a late signal would write into whatever has it then.
     */
    public void release() {
        // What came too late: closed at once, as this worker listens no more.
        changeListeners();
        wakeup.close();
    }
}
