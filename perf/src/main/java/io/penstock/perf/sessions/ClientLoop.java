package io.penstock.perf.sessions;

import io.penstock.linux.Syscalls;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.udp.EchoSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * All clients, and backends if they are of this process, in turns on the caller's thread: nothing happens but while it is
 * in {@link #run} or {@link #await}. NOT thread safe.
 */
final class ClientLoop implements AutoCloseable {
    /** What it sleeps when nothing is to be done, where others need its core. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Syscalls syscalls;
    private final boolean pausing;
    private final ManyClients clients;
    private final List<EchoSocket> echoes = new ArrayList<>();
    private final List<Queries> running = new ArrayList<>();
    private FloodSource flood;
    private int streams;
    private long nowNs = System.nanoTime();

    /** @param pausing whether others need its core too, or it may look all the time */
    ClientLoop(Syscalls syscalls, boolean pausing) throws IOException {
        this.syscalls = syscalls;
        this.pausing = pausing;
        clients = new ManyClients(syscalls, LoopbackPorts.pick(1).get(0));
    }

    Syscalls syscalls() {
        return syscalls;
    }

    /** Serves it between turns from now on, and closes it at the end. */
    void serve(EchoSocket echo) {
        echoes.add(echo);
    }

    /** Asks from now on until {@link #finish}. */
    Queries begin(Queries.Plan plan) {
        return begin(plan, Long.MAX_VALUE);
    }

    /** Asks so many times, and waits for the answers. */
    Seen ask(Queries.Plan plan, int count) {
        Queries queries = begin(plan, count);
        boolean unused = await(queries::isAllSent, Long.MAX_VALUE);
        return finish(queries);
    }

    private Queries begin(Queries.Plan plan, long limit) {
        nowNs = System.nanoTime();
        Queries queries = new Queries(clients, streams++, plan, limit, nowNs);
        running.add(queries);
        return queries;
    }

    /** Asks no more, and waits for the answers to what was asked. */
    Seen finish(Queries queries) {
        stop(queries);
        return queries.seen();
    }

    /** As {@link #finish}, without a look at what came. */
    void stop(Queries queries) {
        queries.stop();
        boolean unused = await(queries::isAllAnswered, Queries.PATIENCE_NS);
        running.remove(queries);
    }

    /** Floods a port of 127.0.0.1 from now on, until {@link #endFlood}. */
    FloodSource beginFlood(int port, double perSecond) throws IOException {
        flood = new FloodSource(syscalls, port, perSecond, System.nanoTime());
        return flood;
    }

    void endFlood() {
        flood.close();
        flood = null;
    }

    /** So long, in nanoseconds. */
    void run(long forNs) {
        long endNs = System.nanoTime() + forNs;
        do {
            turn();
        } while (nowNs < endNs);
    }

    /** Whether it came true before the time, in nanoseconds, was over. */
    boolean await(BooleanSupplier condition, long timeoutNs) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            turn();
            if (nowNs - startNs >= timeoutNs) {
                return false;
            }
        }
        return true;
    }

    private void turn() {
        int done = 0;
        nowNs = System.nanoTime();
        for (Queries queries : running) {
            done += queries.turn(nowNs);
        }
        if (flood != null) {
            done += flood.turn(nowNs);
        }
        for (EchoSocket echo : echoes) {
            done += echo.poll();
        }
        nowNs = System.nanoTime();
        done += clients.receive(this::onAnswer);
        if (done == 0 && pausing) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void onAnswer(Query query) {
        for (Queries queries : running) {
            if (queries.stream() == query.stream()) {
                queries.onAnswer(query, nowNs);
                return;
            }
        }
    }

    @Override
    public void close() {
        if (flood != null) {
            endFlood();
        }
        echoes.forEach(EchoSocket::close);
        clients.close();
    }
}
