package io.penstock.perf.lab;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.change.clients.Activity;
import io.penstock.perf.load.ArrivalSchedule;
import io.penstock.perf.load.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * New connections at a rate, whatever became of those before, from sources that take turns. Each asks once who serves it, and
 * closes. The outcomes are handed out in the order of the ends, on the thread of the clients.
 */
public final class NewClients implements Activity {
    /** Longer than the first two retransmissions of a SYN (1 and 3 s), so that those get their chance. */
    static final long PATIENCE_NS = 5_000_000_000L;

    /** Under way at a time; one more has failed. */
    private static final int OPEN_MAX = 8_000;

    /** Begun in one turn at most, before events have theirs. */
    private static final int PER_TURN = 64;

    private final EventLoop loop;
    private final Endpoint target;
    private final List<IpAddress> sources;
    private final Consumer<Outcome> outcomes;
    private final ArrivalSchedule schedule;
    private final Deque<Client> free = new ArrayDeque<>();

    /** In the order of their beginnings. */
    private final Set<Client> underWay = new LinkedHashSet<>();

    private final long startNs = System.nanoTime();
    private long nextNs;
    private long left;
    private int begun;

    /**
     * Begins at once.
     *
     * @param perSecond on average, in random distances
     * @param limit after so many it stops by itself
     */
    public NewClients(
            EventLoop loop,
            Endpoint target,
            List<IpAddress> sources,
            double perSecond,
            long limit,
            Consumer<Outcome> outcomes) {
        this.loop = loop;
        this.target = target;
        this.sources = List.copyOf(sources);
        this.outcomes = outcomes;
        schedule = new ArrivalSchedule(perSecond);
        nextNs = startNs + schedule.nextNs();
        left = limit;
    }

    /** No new ones; those under way come to an end. */
    public void stop() {
        left = 0;
    }

    /** Whether all that were to begin have come to an end. */
    public boolean isDone() {
        return left == 0 && underWay.isEmpty();
    }

    @Override
    public void onTurn(long nowNs) {
        while (!underWay.isEmpty() && nowNs - oldest().beganNs >= PATIENCE_NS) {
            oldest().end("no answer in 5 s");
        }
        for (int i = 0; i < PER_TURN && left > 0 && nextNs - nowNs <= 0; i++) {
            begin();
            left--;
            nextNs = startNs + schedule.nextNs();
        }
    }

    private Client oldest() {
        return underWay.iterator().next();
    }

    private void begin() {
        IpAddress source = sources.get(begun++ % sources.size());
        if (underWay.size() >= OPEN_MAX) {
            long nowNs = System.nanoTime();
            outcomes.accept(Outcome.failed(source, nowNs, nowNs, "too many under way"));
            return;
        }
        Client client = free.isEmpty() ? new Client() : free.pop();
        client.begin(source);
    }

    @Override
    public void end() {
        underWay.forEach(client -> client.connection.reset());
        underWay.clear();
    }

    private final class Client implements HttpConnection.Listener {
        private final HttpConnection connection = new HttpConnection(loop, this);
        private IpAddress source;
        private long beganNs;

        void begin(IpAddress newSource) {
            source = newSource;
            beganNs = System.nanoTime();
            underWay.add(this);
            connection.open(source, target);
        }

        @Override
        public void onAnswer(Answer answer) {
            connection.close();
            leave();
            outcomes.accept(Outcome.served(source, beganNs, System.nanoTime(), answer));
        }

        @Override
        public void onFailure(String reason) {
            leave();
            outcomes.accept(Outcome.failed(source, beganNs, System.nanoTime(), reason));
        }

        void end(String reason) {
            connection.reset();
            onFailure(reason);
        }

        private void leave() {
            underWay.remove(this);
            free.push(this);
        }
    }
}
