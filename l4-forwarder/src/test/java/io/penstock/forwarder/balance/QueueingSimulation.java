package io.penstock.forwarder.balance;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;

/**
 * Clients that come at random (a Poisson process) and backends that each serve a few at a time and let others wait (FIFO,
 * exponential service times), with a policy between them: a discrete-event simulation, the same for the same seed.
 *
 * <p>Of every connection the load balancer sees what it would see in earnest: a connect that takes a moment, and a first byte
 * when it was served.
 */
final class QueueingSimulation {
    static final double CONNECT_S = 0.000_2;
    private static final int SERVED_AT_ONCE = 4;
    private static final double NS = 1e9;

    /** Something that happens. At one time, what was planned first. */
    private record Event(double atS, long number, Runnable action) {}

    private static final class Server {
        private final Queue<Double> waiting = new ArrayDeque<>();
        private double meanServiceS;
        private int busy;
    }

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingDouble(Event::atS).thenComparingLong(Event::number));
    private final Group group;
    private final Server[] servers;
    private final Random random;
    private final double arrivalsPerS;
    private final Selection selection = new Selection(1);
    private double nowS;
    private long planned;
    private Policy policy;

    private double[] responsesS = new double[1 << 16];
    private int responses;
    private final int[] counts;

    QueueingSimulation(Group group, double arrivalsPerS, double meanServiceS, long seed) {
        this.group = group;
        this.arrivalsPerS = arrivalsPerS;
        random = new Random(seed);
        counts = new int[group.size()];
        servers = new Server[group.size()];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = new Server();
            servers[i].meanServiceS = meanServiceS;
        }
        plan(exponential(1 / arrivalsPerS), this::onArrival);
    }

    void use(Policy policy) {
        this.policy = policy;
    }

    void slow(int backend, double times) {
        servers[backend].meanServiceS *= times;
    }

    void every(double intervalS, Runnable action) {
        plan(intervalS, () -> {
            action.run();
            every(intervalS, action);
        });
    }

    /** Runs for so long, and forgets what was measured before. */
    void run(double forS) {
        responses = 0;
        Arrays.fill(counts, 0);
        double endS = nowS + forS;
        while (events.peek().atS() <= endS) {
            Event event = events.poll();
            nowS = event.atS();
            event.action().run();
        }
        nowS = endS;
        Arrays.sort(responsesS, 0, responses);
    }

    double meanS() {
        return Arrays.stream(responsesS, 0, responses).average().orElseThrow();
    }

    double percentileS(double percent) {
        return responsesS[(int) Math.ceil(percent / 100 * responses) - 1];
    }

    /** Of the connections that came while it ran, those that each backend got. */
    double share(int backend) {
        return (double) counts[backend] / Arrays.stream(counts).sum();
    }

    private void onArrival() {
        plan(exponential(1 / arrivalsPerS), this::onArrival);
        selection.begin(nowNs());
        int backend = policy.pick(random.nextLong(), selection);
        counts[backend]++;
        if (!group.loads[backend].tryAcquire()) {
            throw new IllegalStateException("no limits are set");
        }
        plan(CONNECT_S, () -> onConnected(backend));
    }

    private void onConnected(int backend) {
        group.loads[backend].onConnected((long) (CONNECT_S * NS), nowNs());
        servers[backend].waiting.add(nowS);
        serve(backend);
    }

    private void serve(int backend) {
        Server server = servers[backend];
        if (server.busy < SERVED_AT_ONCE && !server.waiting.isEmpty()) {
            double sinceS = server.waiting.remove();
            server.busy++;
            plan(exponential(server.meanServiceS), () -> onServed(backend, sinceS));
        }
    }

    private void onServed(int backend, double sinceS) {
        servers[backend].busy--;
        double tookS = nowS - sinceS;
        group.loads[backend].onFirstByte((long) (tookS * NS), nowNs());
        group.loads[backend].release();
        if (responses == responsesS.length) {
            responsesS = Arrays.copyOf(responsesS, 2 * responses);
        }
        responsesS[responses++] = CONNECT_S + tookS;
        serve(backend);
    }

    private void plan(double inS, Runnable action) {
        events.add(new Event(nowS + inS, planned++, action));
    }

    private long nowNs() {
        return (long) (nowS * NS);
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
