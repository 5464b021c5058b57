package io.penstock.perf.sessions;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * An open loop: queries at a steady rate, whatever became of those before, by clients that take turns. Keeps when each was
 * to be sent and when it was answered, so that any span of time can be looked at afterwards. NOT thread safe.
 */
final class Queries {
    /** An answer that takes longer has failed. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int PER_TURN_MAX = 64;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Who asks whom.
     *
     * @param port of 127.0.0.1
     * @param firstFlow of the clients, which have consecutive numbers
     * @param perSecond of all clients together
     */
    record Plan(int port, int firstFlow, int flows, double perSecond) {}

    private final ManyClients clients;
    private final int stream;
    private final Plan plan;
    private final long startNs;
    private final double intervalNs;
    private long limit;
    private long[] answeredNs = new long[1024];
    private int[] answeredBy = new int[1024];
    private int sent;
    private int answered;
    private long again;
    private long lateMaxNs;

    /**
     * Begins at once.
     *
     * @param stream a number that no other has at the time
     * @param limit queries after which it stops; {@link Long#MAX_VALUE}: none
     */
    Queries(ManyClients clients, int stream, Plan plan, long limit, long startNs) {
        this.clients = clients;
        this.stream = stream;
        this.plan = plan;
        this.limit = limit;
        this.startNs = startNs;
        intervalNs = NANOS_PER_SECOND / plan.perSecond();
    }

    int stream() {
        return stream;
    }

    /** Queries that were sent so far. */
    int sent() {
        return sent;
    }

    /** Sends no more. */
    void stop() {
        limit = sent;
    }

    boolean isAllSent() {
        return sent == limit;
    }

    boolean isAllAnswered() {
        return answered == sent;
    }

    /** Answers to what had been answered. */
    long answeredAgain() {
        return again;
    }

    /** How far it was behind its rate at worst: what delayed this process, not the forwarder. */
    long lateMaxNs() {
        return lateMaxNs;
    }

    /** Sends what is due; how many. */
    int turn(long nowNs) {
        int before = sent;
        while (sent < limit && sent - before < PER_TURN_MAX && dueNs(sent) <= nowNs) {
            if (sent == answeredNs.length) {
                answeredNs = Arrays.copyOf(answeredNs, 2 * sent);
                answeredBy = Arrays.copyOf(answeredBy, 2 * sent);
            }
            lateMaxNs = Math.max(lateMaxNs, nowNs - dueNs(sent));
            clients.send(plan.port(), stream, plan.firstFlow() + flow(sent), sent);
            sent++;
        }
        clients.flush();
        return sent - before;
    }

    void onAnswer(Query query, long nowNs) {
        long number = query.number();
        if (number < 0 || number >= sent || query.flow() != plan.firstFlow() + flow((int) number)) {
            throw new IllegalStateException("an answer to query " + number + " came to another client");
        }
        int i = (int) number;
        if (answeredNs[i] != 0) {
            again++;
        } else {
            answeredNs[i] = nowNs;
            answeredBy[i] = query.answeredBy();
            answered++;
        }
    }

    /** Of the queries that were due in a span of time, which must be over for longer than {@link #PATIENCE_NS}. */
    Seen seen(long fromNs, long toNs) {
        long[] latencies = new long[sent];
        int count = 0;
        int failed = 0;
        long lastFailedNs = fromNs;
        for (int i = 0; i < sent; i++) {
            if (dueNs(i) < fromNs || dueNs(i) >= toNs) {
                continue;
            }
            if (answeredNs[i] == 0 || answeredNs[i] - dueNs(i) > PATIENCE_NS) {
                failed++;
                lastFailedNs = dueNs(i);
            } else {
                latencies[count++] = answeredNs[i] - dueNs(i);
            }
        }
        return Seen.of(Arrays.copyOf(latencies, count), failed, lastFailedNs - fromNs);
    }

    /** Of all that were sent. */
    Seen seen() {
        return seen(startNs, Long.MAX_VALUE);
    }

    /** From then until every client has been answered by this backend; infinite when one never was. */
    double movedNs(long fromNs, int backend) {
        long[] firstNs = new long[plan.flows()];
        for (int i = 0; i < sent; i++) {
            if (answeredBy[i] == backend && answeredNs[i] >= fromNs && firstNs[flow(i)] == 0) {
                firstNs[flow(i)] = answeredNs[i];
            }
        }
        long lastNs = fromNs;
        for (long ns : firstNs) {
            if (ns == 0) {
                return Double.POSITIVE_INFINITY;
            }
            lastNs = Math.max(lastNs, ns);
        }
        return lastNs - fromNs;
    }

    private int flow(int number) {
        return number % plan.flows();
    }

    private long dueNs(int number) {
        return startNs + (long) (number * intervalNs);
    }
}
