package io.penstock.perf.load;

import io.penstock.linux.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A new connection for each request, by an open loop that begins as soon as the target listens: what the first clients of
 * a process see that has just been started. Waits from the time of the schedule, as {@link OpenLoop}.
 */
final class ColdWorkload implements Workload, ClientListener {
    private static final long LISTENING_TIMEOUT_NS = 10_000_000_000L;
    private static final long RETRY_NS = 1_000_000;
    private static final long FIRST_NS = 1_000_000_000;
    private static final long DRAIN_NS = 2_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    /** Each takes two descriptors in this process, one at either end; a connection beyond these fails. */
    private static final int OPEN_MAX = 8_000;

    private final EventLoop loop;
    private final List<ClientConnection> all = new ArrayList<>();
    private final Deque<ClientConnection> closed = new ArrayDeque<>();
    private RunPlan plan;
    private Tally tally;
    private Latencies first;
    private long startNs;
    private boolean listening;
    private boolean measuring;
    private long late;

    ColdWorkload(EventLoop loop) {
        this.loop = loop;
        var request = Wire.newRequest();
        for (int i = 0; i < OPEN_MAX; i++) {
            ClientConnection connection = new ClientConnection(loop, ResponseSizes.SMALL, 0, request);
            connection.attend(this);
            all.add(connection);
            closed.push(connection);
        }
    }

    @Override
    public LoadResult run(RunPlan newPlan) {
        close();
        plan = newPlan;
        tally = new Tally();
        first = new Latencies();
        listening = false;
        measuring = true;
        late = 0;
        long goNs = System.nanoTime();
        startNs = awaitListening(goNs);
        plan.marks().start();
        new Pacer(loop, this::arrive).drive(new ArrivalSchedule(plan.rate()), startNs, plan.measuredNs());
        long lengthNs = System.nanoTime() - startNs;
        measuring = false;
        plan.marks().end();
        drain();
        return tally.result(lengthNs)
                .put("rate", plan.rate())
                .put("late", late)
                .put("listening_ms", (startNs - goNs) / NANOS_PER_MILLI)
                .put("first_units", first.count())
                .putLatencies("first_", first);
    }

    /** The first connection that is not refused is the first of the run; when it was begun. */
    private long awaitListening(long goNs) {
        long deadlineNs = goNs + LISTENING_TIMEOUT_NS;
        long attemptNs = goNs;
        while (attemptNs - deadlineNs < 0) {
            startNs = attemptNs;
            ClientConnection connection = closed.pop();
            listening = open(connection, attemptNs);
            while (!listening && connection.isOpen() && System.nanoTime() - deadlineNs < 0) {
                loop.turn(0);
                listening = connection.isOpen() && connection.isSent();
            }
            if (listening) {
                return attemptNs;
            }
            while (System.nanoTime() - attemptNs < RETRY_NS) {
                loop.turn(0);
            }
            attemptNs = System.nanoTime();
        }
        throw new LoadException("nothing listens on " + plan.target());
    }

    private void arrive(long intendedNs, long nowNs) {
        if (closed.isEmpty()) {
            tally.onFailure("too many connections were open", 1);
        } else {
            open(closed.pop(), intendedNs);
        }
    }

    /** True when the request is already sent; else that happens when the connection is made. */
    private boolean open(ClientConnection connection, long intendedNs) {
        int result = connection.connect(plan.target());
        if (result < 0) {
            onFailure(connection, Errno.describe(-result), 1);
            return false;
        }
        connection.request(intendedNs);
        return connection.isSent();
    }

    @Override
    public void onResponse(ClientConnection connection, long intendedNs, int bytes) {
        record(System.nanoTime(), intendedNs);
        if (measuring) {
            tally.onUnit(bytes);
        } else {
            late++;
        }
        connection.close();
        closed.push(connection);
    }

    private void record(long nowNs, long intendedNs) {
        tally.latencies().record(nowNs - intendedNs);
        if (intendedNs - startNs < FIRST_NS) {
            first.record(nowNs - intendedNs);
        }
    }

    @Override
    public void onFailure(ClientConnection connection, String reason, int lost) {
        closed.push(connection);
        if (listening) {
            tally.onFailure(reason, lost);
        }
    }

    /** Connections that never got a response have waited until now at least; leaving them out would flatter the target. */
    private void drain() {
        long deadlineNs = System.nanoTime() + DRAIN_NS;
        while (closed.size() < all.size() && System.nanoTime() - deadlineNs < 0) {
            loop.turn(0);
        }
        long nowNs = System.nanoTime();
        for (ClientConnection connection : all) {
            while (connection.outstanding() > 0) {
                record(nowNs, connection.abandonOldest());
                tally.onFailure("no response", 1);
            }
        }
    }

    @Override
    public void close() {
        for (ClientConnection connection : all) {
            if (connection.isOpen()) {
                connection.close();
                closed.push(connection);
            }
        }
    }
}
