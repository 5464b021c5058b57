package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.Epoll;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.event.Wakeup;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.tcp.ListenerChange;
import io.penstock.forwarder.tcp.TcpForwarder;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import java.util.ArrayDeque;

/**
 * One data thread: its epoll, its listeners, its connections, its buffers and counters, shared with nobody. Built on
 * the starting thread; from {@link #run} on it belongs to its own, which closes its sockets when it ends; {@link #release} closes the rest.
 */
public final class Worker implements Runnable {
    private final TablePublication publication;
    private final Epoll epoll;
    private final Wakeup wakeup;
    private final TcpForwarder tcp;
    private final WorkerProxy proxy;
    private final Counters<WorkerCounter> counters = new Counters<>(WorkerCounter.class);

    private final ArrayDeque<WorkerTask> tasks = new ArrayDeque<>();
    private ForwardingTable table;
    private boolean draining;
    private boolean stopped;

    public Worker(String name, Syscalls syscalls, TablePublication publication, boolean splice) {
        this.publication = publication;
        table = publication.current();
        epoll = new Epoll(syscalls);
        wakeup = new Wakeup(syscalls, epoll, EventToken.of(0, 0, EventKind.WAKEUP));
        tcp = new TcpForwarder(syscalls, epoll, wakeup::signal, table, splice, System.nanoTime());
        proxy = new WorkerProxy(name, wakeup, tcp.counters(), tcp.services(), counters);
    }

    public WorkerProxy proxy() {
        return proxy;
    }

    /** Opens this worker's socket of an endpoint, before {@link #run}. 0 or {@code -errno}. */
    public int listen(ListenerSpec spec) {
        return tcp.listen(spec);
    }

    /** Takes clients once the thread runs. 0 or {@code -errno}. */
    public int startAccepting() {
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
        int count = epoll.await(tcp.hasQueued() || !tasks.isEmpty() ? 0 : tcp.waitNs());
        // Those queued before: what this turn's events queue has had its share of this turn.
        int queued = tcp.queued();
        adoptTable();
        tcp.onTurn(table, System.nanoTime());
        for (int i = 0; i < count; i++) {
            dispatch(epoll.token(i), epoll.events(i));
        }
        tcp.runQueued(queued);
        tcp.expire();
        tcp.serveWaiting();
        counters.increment(WorkerCounter.TURNS);
        counters.add(WorkerCounter.EVENTS, count);
        changeListeners();
        stepTask();
        obeyCommands();
        proxy.onTurn(tcp.openConnections());
    }

    private void dispatch(long token, int events) {
        if (EventToken.kind(token) == EventKind.WAKEUP) {
            wakeup.drain();
        } else {
            tcp.onEvent(token, events);
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
            tcp.changeListeners(change);
            proxy.onListenersChanged(change);
        }
    }

    private void obeyCommands() {
        for (WorkerCommand command = proxy.poll(); command != null; command = proxy.poll()) {
            command.obey(this);
        }
        if (draining && tcp.openConnections() == 0) {
            stopped = true;
        }
    }

    private void stepTask() {
        WorkerTask task = tasks.peek();
        if (task != null && task.step(tcp)) {
            tasks.remove();
        }
    }

    /** After those that were begun before. */
    void begin(WorkerTask task) {
        tasks.add(task);
    }

    /** Closes the listeners and lets connections finish, then ends the thread. */
    void drain() {
        tcp.stopAccepting();
        draining = true;
    }

    /** Resets what is open and ends the thread. */
    void stop() {
        stopped = true;
    }

    private void close() {
        tcp.close();
        proxy.onTurn(0);
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
