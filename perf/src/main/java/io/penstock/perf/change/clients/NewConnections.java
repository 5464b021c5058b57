package io.penstock.perf.change.clients;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.load.ArrivalSchedule;
import io.penstock.perf.load.ClientConnection;
import io.penstock.perf.load.ClientListener;
import io.penstock.perf.load.EventLoop;
import io.penstock.perf.load.Latencies;
import io.penstock.perf.load.ResponseSizes;
import io.penstock.perf.load.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Short connections: each connects, asks once, compares every byte of the answer and closes. Either an open loop at a
 * rate, whatever became of those before, or a closed loop that keeps some under way. Latencies run from when a connection
 * was meant to begin, so that a busy machine shows in them; who waits in vain waits from when it did begin.
 */
public final class NewConnections implements Activity {
    /** A client that has waited so long since it began has failed. */
    static final long PATIENCE_NS = 5_000_000_000L;

    /** Under way at a time; one more has failed. Each takes two descriptors here, with the backend's. */
    private static final int OPEN_MAX = 4_000;

    /** After a longer stall of this machine the clients it cost are left out, rather than sent all at once. */
    private static final long BEHIND_MAX_NS = 100_000_000;

    /** Begun in one turn at most, before events have theirs. */
    private static final int PER_TURN = 16;

    private final EventLoop loop;
    private final Endpoint target;
    private final List<IpAddress> sources;
    private final int closedLoop;
    private final UnsafeBuffer request = Wire.newRequest();
    private final Deque<Client> free = new ArrayDeque<>();

    /** In the order of their beginnings. */
    private final Set<Client> underWay = new LinkedHashSet<>();

    private final Latencies latencies = new Latencies();
    private final Latencies lags = new Latencies();
    private final Failures failures = new Failures();
    private final ArrivalSchedule schedule;
    private final long startNs = System.nanoTime();

    /** By how much the schedule was put off by stalls. */
    private long stalledNs;

    private long nextNs;
    private long stoppedNs;
    private boolean stopped;
    private int offered;
    private int served;

    private NewConnections(EventLoop loop, Endpoint target, List<IpAddress> sources, double perSecond, int closedLoop) {
        this.loop = loop;
        this.target = target;
        this.sources = List.copyOf(sources);
        this.closedLoop = closedLoop;
        schedule = closedLoop > 0 ? null : new ArrivalSchedule(perSecond);
        nextNs = closedLoop > 0 ? startNs + Long.MAX_VALUE / 2 : startNs + schedule.nextNs();
    }

    /**
     * An open loop, begun at once.
     *
     * @param sources addresses of this host that take turns; none for the kernel's choice
     */
    public static NewConnections atRate(EventLoop loop, Endpoint target, List<IpAddress> sources, double perSecond) {
        return new NewConnections(loop, target, sources, perSecond, 0);
    }

    /** A closed loop, begun at once: as many as both sides can. */
    public static NewConnections asFastAsPossible(EventLoop loop, Endpoint target, int underWay) {
        return new NewConnections(loop, target, List.of(), 0, underWay);
    }

    /**
     * What has been seen.
     *
     * @param offered connections that were meant to begin
     * @param served with the right answer
     * @param seconds from the first to the stop
     * @param lagP99Us how late the clients themselves were
     */
    public record Seen(
            int offered,
            int served,
            int failed,
            String reasons,
            double seconds,
            double p50Us,
            double p99Us,
            double maxUs,
            double lagP99Us) {
        public double perSecond() {
            return served / seconds;
        }
    }

    public Seen seen() {
        return new Seen(
                offered,
                served,
                failures.count(),
                failures.toString(),
                ((stopped ? stoppedNs : System.nanoTime()) - startNs) / 1e9,
                latencies.percentileUs(50),
                latencies.percentileUs(99),
                latencies.percentileUs(100),
                lags.percentileUs(99));
    }

    /** No new ones; those under way come to an end. */
    public void stop() {
        stopped = true;
        stoppedNs = System.nanoTime();
    }

    /** Whether none is under way. */
    public boolean isQuiet() {
        return underWay.isEmpty();
    }

    @Override
    public void onTurn(long nowNs) {
        giveUp(nowNs);
        if (stopped) {
            return;
        }
        for (int i = 0; i < PER_TURN && underWay.size() < closedLoop; i++) {
            begin(nowNs, nowNs);
        }
        if (closedLoop == 0 && nowNs - nextNs > BEHIND_MAX_NS) {
            stalledNs += nowNs - nextNs;
            nextNs = nowNs;
        }
        for (int i = 0; i < PER_TURN && nextNs - nowNs <= 0; i++) {
            begin(nextNs, nowNs);
            nextNs = startNs + stalledNs + schedule.nextNs();
        }
    }

    private void begin(long intendedNs, long nowNs) {
        offered++;
        lags.record(nowNs - intendedNs);
        if (underWay.size() >= OPEN_MAX) {
            failures.add("too many under way");
            return;
        }
        Client client = free.isEmpty() ? new Client() : free.pop();
        // By number, not by client: those are used again last in, first out, and one source would do the most.
        client.begin(sources.isEmpty() ? null : sources.get(offered % sources.size()), intendedNs, nowNs);
    }

    /** All may wait equally long, so they are in the order of their deadlines. */
    private void giveUp(long nowNs) {
        while (!underWay.isEmpty()) {
            Client oldest = underWay.iterator().next();
            if (nowNs - oldest.beganNs < PATIENCE_NS) {
                return;
            }
            oldest.fail("no answer in 5 s");
        }
    }

    @Override
    public void end() {
        underWay.forEach(client -> client.connection.close());
    }

    private final class Client implements ClientListener {
        private final ClientConnection connection;
        private long intendedNs;
        private long beganNs;

        Client() {
            connection = new ClientConnection(loop, ResponseSizes.SMALL, 0, request);
            connection.attend(this);
        }

        /** @param source null for the kernel's choice */
        void begin(IpAddress source, long newIntendedNs, long nowNs) {
            intendedNs = newIntendedNs;
            beganNs = nowNs;
            underWay.add(this);
            int result = source == null ? connection.connect(target) : connection.connect(target, source);
            if (result < 0) {
                fail("connect: " + Errno.describe(-result));
            } else {
                connection.request(intendedNs);
            }
        }

        @Override
        public void onResponse(ClientConnection which, long requestedNs, int bytes) {
            served++;
            finish();
        }

        @Override
        public void onFailure(ClientConnection which, String reason, int lost) {
            fail(reason);
        }

        private void fail(String reason) {
            failures.add(reason);
            finish();
        }

        private void finish() {
            latencies.record(System.nanoTime() - intendedNs);
            connection.close();
            underWay.remove(this);
            free.push(this);
        }
    }
}
