package io.penstock.forwarder.worker;

import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.tcp.TcpForwarder;
import io.penstock.forwarder.tcp.TcpGauge;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.forwarder.udp.UdpForwarder;
import io.penstock.linux.Wakeup;
import io.penstock.metrics.Counters;
import io.penstock.metrics.LatencyRecorder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
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
    private final Counters<TcpGauge> tcpGauges;
    private final Counters<UdpCounter> udpCounters;
    private final ServiceCounts services;
    private final FlowLatencies latencies;
    private final Counters<WorkerCounter> counters;
    private final LatencyRecorder lateness;
    private volatile int openConnections;
    private volatile int openSessions;
    private volatile boolean ended;

    WorkerProxy(
            String name,
            Wakeup wakeup,
            Counters<TcpCounter> tcpCounters,
            Counters<TcpGauge> tcpGauges,
            Counters<UdpCounter> udpCounters,
            ServiceCounts services,
            FlowLatencies latencies,
            Counters<WorkerCounter> counters,
            LatencyRecorder lateness) {
        this.services = services;
        this.latencies = latencies;
        this.name = name;
        this.wakeup = wakeup;
        this.tcpCounters = tcpCounters;
        this.tcpGauges = tcpGauges;
        this.udpCounters = udpCounters;
        this.counters = counters;
        this.lateness = lateness;
    }

    public String name() {
        return name;
    }

    /** The worker looks at the published table before its next event. */
    public void onTablePublished() {
        wakeup.signal();
    }

    /** Makes one turn soon, even with nothing to do. */
    public void wake() {
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

    /**
     * Finds the connections and sessions that fit a test, without holding up the worker's events.
     *
     * @param answer called once on the worker's thread, with none when the worker ends before; must not block
     * @return false when the queue is full, or the worker has ended; then nobody may wait for the answer
     */
    public boolean tryFind(ConnectionTest test, Consumer<ConnectionList> answer) {
        return tryBegin(new ConnectionSearch(test, answer));
    }

    /**
     * Resets connections on both sides, and closes sessions, without holding up the worker's events.
     *
     * @param answer called once on the worker's thread, with how many were still there; must not block
     * @return false when the queue is full, or the worker has ended; then nobody may wait for the answer
     */
    public boolean tryReset(long[] tokens, ResetCause cause, IntConsumer answer) {
        return tryBegin(new ConnectionReset(tokens, cause, answer));
    }

    /**
     * Reads nothing of UDP from now on: what arrives waits in the kernel.
     *
     * @param answer called once on the worker's thread, with what each session is, and with none when the worker ends
     *     before; must not block
     * @return false when the queue is full, or the worker has ended; then nobody may wait for the answer
     */
    public boolean tryPauseSessions(Consumer<List<HandedSession>> answer) {
        return tryBegin(worker -> new SessionTask.Pause(worker.sessions(), answer), () -> answer.accept(List.of()));
    }

    /** Goes on where {@link #tryPauseSessions} has stopped; false as there. */
    public boolean tryResumeSessions() {
        return tryBegin(worker -> new SessionTask.Resume(worker.sessions()), () -> {});
    }

    /** Leaves UDP to another process, sessions and listeners; false as with {@link #tryPauseSessions}. */
    public boolean tryForgetSessions() {
        return tryBegin(worker -> new SessionTask.Forget(worker.sessions()), () -> {});
    }

    /**
     * Gives the worker sessions of another process, by the descriptors that they have here. It must not read UDP yet.
     *
     * @param answer called once on the worker's thread, with how many it goes on with; the others are closed
     * @return false when the queue is full, or the worker has ended; then nobody may wait for the answer
     */
    public boolean tryAdoptSessions(
            List<HandedSession> sessions, Map<Backend.Key, Backend> backends, IntConsumer answer) {
        return tryAsk(new AdoptCommand(sessions, backends, answer));
    }

    private record AdoptCommand(List<HandedSession> sessions, Map<Backend.Key, Backend> backends, IntConsumer answer)
            implements WorkerCommand {
        @Override
        public void obey(Worker worker) {
            int adopted = 0;
            for (HandedSession session : sessions) {
                adopted += worker.sessions().tryAdopt(session, backends.get(session.backend())) ? 1 : 0;
            }
            answer.accept(adopted);
        }

        @Override
        public void abandon() {
            answer.accept(0);
        }
    }

    private boolean tryBegin(WorkerTask task) {
        return tryBegin(worker -> task, task::abandon);
    }

    private boolean tryBegin(Function<Worker, WorkerTask> task, Runnable abandon) {
        return tryAsk(new BeginCommand(task, abandon));
    }

    private boolean tryAsk(WorkerCommand command) {
        // Looked at last: a worker that ends has either found the command in its queue, or is seen to have ended.
        return !ended && tryOffer(command) && !ended;
    }

    /** @param abandoned in place of the task, when the worker has ended before it came to this */
    private record BeginCommand(Function<Worker, WorkerTask> task, Runnable abandoned) implements WorkerCommand {
        @Override
        public void obey(Worker worker) {
            worker.begin(task.apply(worker));
        }

        @Override
        public void abandon() {
            abandoned.run();
        }
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

    public Counters<TcpGauge> tcpGauges() {
        return tcpGauges;
    }

    public Counters<UdpCounter> udpCounters() {
        return udpCounters;
    }

    /** Why connections, or sessions, can end: as logs and metrics call it, by the ordinal of {@link ServiceCounts}. */
    public static List<String> reasons(boolean udp) {
        return udp ? UdpForwarder.REASONS : TcpForwarder.REASONS;
    }

    /** Of each service, by its index. */
    public ServiceCounts services() {
        return services;
    }

    /** Of each service, by its index; nothing where that is not measured. */
    public FlowLatencies latencies() {
        return latencies;
    }

    public Counters<WorkerCounter> counters() {
        return counters;
    }

    /** How long what came up had to wait for the worker's loop; null when that is not measured. */
    public LatencyRecorder lateness() {
        return lateness;
    }

    /** To be called every few seconds: lets what was recorded long ago go, so that percentiles are of the last seconds. */
    public void rollLatencies(long nowNs) {
        if (lateness != null) {
            lateness.roll(nowNs);
        }
        latencies.roll(nowNs);
    }

    /** Whether the worker's thread has closed all it had; it obeys nothing any more. */
    public boolean hasEnded() {
        return ended;
    }

    /** TCP's, as of the worker's last turn. */
    public int openConnections() {
        return openConnections;
    }

    /** UDP's, as of the worker's last turn. */
    public int openSessions() {
        return openSessions;
    }

    void onTurn(int openConnections, int openSessions) {
        if (this.openConnections != openConnections) {
            this.openConnections = openConnections;
        }
        if (this.openSessions != openSessions) {
            this.openSessions = openSessions;
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

    /** Refuses from now on. What the queue still holds is the worker's to abandon. */
    void end() {
        ended = true;
    }
}
