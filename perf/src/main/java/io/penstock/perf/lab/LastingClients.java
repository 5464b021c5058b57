package io.penstock.perf.lab;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.change.clients.Activity;
import io.penstock.perf.load.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections that stay, each with a request every so often. What breaks is noted, with the forwarder that had it. */
public final class LastingClients implements Activity {
    /** Without a first answer at a time. */
    private static final int OPENING_MAX = 64;

    private final EventLoop loop;
    private final Endpoint target;
    private final List<IpAddress> sources;
    private final long intervalNs;
    private final long patienceNs;
    private final boolean reopening;

    /** In the order in which they are due, since all have the same interval. */
    private final Deque<Client> due = new ArrayDeque<>();

    /** Each client is here or above, until it is forgotten. */
    private final Deque<Client> toOpen = new ArrayDeque<>();

    private final Map<String, Integer> open = new TreeMap<>();
    private final List<Break> breaks = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private int asked;
    private int opening;
    private long exchanges;

    /**
     * An established connection.
     *
     * @param first answer, which says where it was opened
     */
    public record Flow(Endpoint client, Endpoint target, Answer first) {
        @Override
        public String toString() {
            return client + " > " + target + ", opened at " + first.backend();
        }
    }

    /**
     * An established connection that ended.
     *
     * @param atNs as {@code System.nanoTime()} counts
     * @param reason for people
     */
    public record Break(Flow flow, long atNs, String reason) {
        /** Which had it, by its address on the backends' side. */
        public String forwarder() {
            return flow.first().forwarder();
        }
    }

    /**
     * None yet.
     *
     * @param intervalNs between two requests of a connection
     * @param patienceNs after which a request without an answer has broken its connection
     * @param reopening whether one that ended is opened again, after an interval
     */
    public LastingClients(
            EventLoop loop,
            Endpoint target,
            List<IpAddress> sources,
            long intervalNs,
            long patienceNs,
            boolean reopening) {
        this.loop = loop;
        this.target = target;
        this.sources = List.copyOf(sources);
        this.intervalNs = intervalNs;
        this.patienceNs = patienceNs;
        this.reopening = reopening;
    }

    /** Opens some more, a few at a time, from sources that take turns. */
    public void open(int count) {
        for (int i = 0; i < count; i++) {
            toOpen.add(new Client(sources.get(asked++ % sources.size())));
        }
    }

    /** Established: answered once, and not ended. */
    public int open() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Those by the forwarder that has them. */
    public Map<String, Integer> openByForwarder() {
        return Map.copyOf(open);
    }

    /** Established ones that are open, in no order. */
    public List<Flow> flows() {
        return due.stream()
                .filter(client -> client.connection.isOpen() && client.flow != null)
                .map(client -> client.flow)
                .toList();
    }

    /** Established ones that have ended, in their order. */
    public List<Break> breaks() {
        return List.copyOf(breaks);
    }

    /** Why those failed that never had an answer. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    public long exchanges() {
        return exchanges;
    }

    @Override
    public void onTurn(long nowNs) {
        while (opening < OPENING_MAX && !toOpen.isEmpty()) {
            toOpen.remove().connect(nowNs);
        }
        for (Client client = due.peek(); client != null && client.dueNs - nowNs <= 0; client = due.peek()) {
            due.remove();
            client.onDue(nowNs);
        }
    }

    @Override
    public void end() {
        due.forEach(client -> client.connection.reset());
        due.clear();
        toOpen.clear();
    }

    private final class Client implements HttpConnection.Listener {
        private final IpAddress source;
        private final HttpConnection connection = new HttpConnection(loop, this);
        private long askedNs;
        private long dueNs;

        /** Null before the first answer. */
        private Flow flow;

        Client(IpAddress source) {
            this.source = source;
        }

        void connect(long nowNs) {
            opening++;
            flow = null;
            askedNs = nowNs;
            waitFrom(nowNs);
            connection.open(source, target);
        }

        void onDue(long nowNs) {
            if (connection.isAsking() && nowNs - askedNs >= patienceNs) {
                connection.reset();
                onFailure("no answer in " + patienceNs / 1_000_000 + " ms");
            } else if (connection.isOpen() && !connection.isAsking()) {
                askedNs = nowNs;
                connection.ask();
            }
            if (connection.isOpen()) {
                waitFrom(nowNs);
            } else if (reopening) {
                toOpen.add(this);
            }
        }

        private void waitFrom(long nowNs) {
            dueNs = nowNs + intervalNs;
            due.add(this);
        }

        @Override
        public void onAnswer(Answer answer) {
            exchanges++;
            if (flow == null) {
                flow = new Flow(new Endpoint(source, connection.localPort()), target, answer);
                opening--;
                open.merge(answer.forwarder(), 1, Integer::sum);
            }
        }

        @Override
        public void onFailure(String reason) {
            if (flow == null) {
                opening--;
                refusals.add(reason);
            } else {
                open.merge(flow.first().forwarder(), -1, Integer::sum);
                breaks.add(new Break(flow, System.nanoTime(), reason));
            }
        }
    }
}
