package io.penstock.forwarder.listen;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the UDP sessions of the process before this one: each goes to the worker that has its listening socket, and stays
 * paused until {@link #begin}. Whose address or backend this process does not have, ends. On the starting thread.
 */
public final class SessionHeir {
    private static final Logger LOG = LoggerFactory.getLogger(SessionHeir.class);

    private static final int NO_WORKER = -1;

    private final Syscalls syscalls;
    private final ListenerSet listeners;
    private final WorkerSessions sessions;
    private final Map<Backend.Key, Backend> backends;
    private int adopted;
    private int ended;

    /**
     * For a process whose workers read nothing of UDP yet.
     *
     * @param backends all that it knows
     */
    public SessionHeir(
            Syscalls syscalls, ListenerSet listeners, List<WorkerProxy> workers, Map<Backend.Key, Backend> backends) {
        this.syscalls = syscalls;
        this.listeners = listeners;
        this.backends = Map.copyOf(backends);
        sessions = new WorkerSessions(workers);
    }

    /**
     * Goes on with as many as can be, and closes the others' descriptors.
     *
     * @param offered by their listeners' descriptors in this process
     * @param count of all that were sent, these included
     * @return how many it goes on with
     */
    int adopt(List<HandedSession> offered, int count) throws TakeOverException {
        Map<Integer, List<HandedSession>> byWorker = new TreeMap<>();
        for (HandedSession session : offered) {
            byWorker.computeIfAbsent(listeners.workerOf(session.listener()), first -> new ArrayList<>())
                    .add(session);
        }
        List<HandedSession> strangers = byWorker.remove(NO_WORKER);
        if (strangers != null) {
            strangers.forEach(session -> syscalls.close(session.fd()));
        }
        int now = 0;
        for (Map.Entry<Integer, List<HandedSession>> share : byWorker.entrySet()) {
            now += sessions.adopt(share.getKey(), share.getValue(), backends);
        }
        adopted += now;
        ended += count - now;
        return now;
    }

    /** The process before this one reads no more: this one does. */
    public void begin() {
        if (adopted + ended > 0) {
            LOG.info("event=sessions-taken-over sessions={} ended={}", adopted, ended);
        }
        sessions.resume();
    }

    /** That one goes on itself. */
    public void abandon() {
        sessions.forget();
    }
}
