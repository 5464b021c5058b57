package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.Wakeup;
import io.penstock.forwarder.tcp.ListenerChange;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.metrics.Counters;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jctools.queues.MpscArrayQueue;

/** How other threads speak to one worker: a bounded queue, a wake-up, and counters to read. Safe from any thread. */
public final class WorkerProxy {
    private static final int QUEUE_CAPACITY = 64;

    private final String name;
    private final MpscArrayQueue<WorkerCommand> commands = new MpscArrayQueue<>(QUEUE_CAPACITY);
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<ListenerChange> listenerChange = new AtomicReference<>();
    private final AtomicInteger listenerChangesWaiting = new AtomicInteger();
    private final Wakeup wakeup;
    private final Counters<TcpCounter> tcpCounters;
    private final Counters<WorkerCounter> counters;
    private volatile int openConnections;

    WorkerProxy(String name, Wakeup wakeup, Counters<TcpCounter> tcpCounters, Counters<WorkerCounter> counters) {
        this.name = name;
        this.wakeup = wakeup;
        this.tcpCounters = tcpCounters;
        this.counters = counters;
    }

    public String name() {
        return name;
    }

    /** The worker looks at the published table before its next event. */
    public void onTablePublished() {
        wakeup.signal();
    }

    /** Close the listeners, let connections finish; false when the queue is full. */
    public boolean tryDrain() {
        return tryOffer(Worker::drain);
    }

    /** Reset what is open and end; false when the queue is full. */
    public boolean tryStop() {
        return tryOffer(Worker::stop);
    }

    /** Never refused: what the worker has not come to yet becomes one change with this one. */
    public void changeListeners(ListenerChange change) {
        listenerChangesWaiting.incrementAndGet();
        listenerChange.accumulateAndGet(change, ListenerChange::join);
        wakeup.signal();
    }

    /** Whether the worker has done all that {@link #changeListeners} asked for. */
    public boolean hasSettledListeners() {
        return listenerChangesWaiting.get() == 0;
    }

    private boolean tryOffer(WorkerCommand command) {
        boolean accepted = commands.offer(command);
        if (!accepted) {
            refused.incrementAndGet();
        }
        wakeup.signal();
        return accepted;
    }

    /** Commands that found the queue full. */
    public long refused() {
        return refused.get();
    }

    public Counters<TcpCounter> tcpCounters() {
        return tcpCounters;
    }

    public Counters<WorkerCounter> counters() {
        return counters;
    }

    /** As of the worker's last turn. */
    public int openConnections() {
        return openConnections;
    }

    void onTurn(int openConnections) {
        if (this.openConnections != openConnections) {
            this.openConnections = openConnections;
        }
    }

    /** Null when there is none. */
    ListenerChange takeListenerChange() {
        return listenerChange.get() == null ? null : listenerChange.getAndSet(null);
    }

    void onListenersChanged(ListenerChange change) {
        listenerChangesWaiting.addAndGet(-change.parts());
    }

    WorkerCommand poll() {
        return commands.poll();
    }
}
