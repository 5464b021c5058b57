package io.penstock.perf.change.clients;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.perf.load.ArrivalSchedule;
import io.penstock.perf.load.ClientConnection;
import io.penstock.perf.load.ClientListener;
import io.penstock.perf.load.EventLoop;
import io.penstock.perf.load.ResponseSizes;
import io.penstock.perf.load.Wire;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Clients that connect and never say a word, until the other side closes. */
public final class SilentConnections implements Activity {
    /** As fast as the listen queue is emptied, and a little less. */
    private static final double PER_SECOND = 5_000;

    private final EventLoop loop;
    private final Endpoint target;
    private final int count;
    private final UnsafeBuffer request = Wire.newRequest();
    private final ArrivalSchedule schedule = new ArrivalSchedule(PER_SECOND);
    private final long startNs = System.nanoTime();
    private final List<Client> clients = new ArrayList<>();
    private final Failures failures = new Failures();
    private final Lifetimes lifetimes = new Lifetimes();
    private long nextNs = startNs + schedule.nextNs();
    private int open;

    /** Begins at once to open as many as that. */
    public SilentConnections(EventLoop loop, Endpoint target, int count) {
        this.loop = loop;
        this.target = target;
        this.count = count;
    }

    public boolean isAllBegun() {
        return clients.size() == count;
    }

    /** Not closed by the other side so far. */
    public int open() {
        return open;
    }

    /** Connects that the kernel refused to begin. */
    public Failures failures() {
        return failures;
    }

    /** Of those that the other side closed. */
    public Lifetimes lifetimes() {
        return lifetimes;
    }

    @Override
    public void onTurn(long nowNs) {
        while (clients.size() < count && nextNs - nowNs <= 0) {
            clients.add(new Client(nowNs));
            nextNs = startNs + schedule.nextNs();
        }
    }

    @Override
    public void end() {
        clients.forEach(client -> client.connection.reset());
    }

    private final class Client implements ClientListener {
        private final ClientConnection connection = new ClientConnection(loop, ResponseSizes.SMALL, 0, request);
        private final long beganNs;

        Client(long nowNs) {
            beganNs = nowNs;
            connection.attend(this);
            int result = connection.connect(target);
            if (result < 0) {
                failures.add("connect: " + Errno.describe(-result));
            } else {
                open++;
            }
        }

        @Override
        public void onResponse(ClientConnection which, long intendedNs, int bytes) {
            throw new IllegalStateException("an answer to nothing");
        }

        @Override
        public void onFailure(ClientConnection which, String reason, int lost) {
            open--;
            lifetimes.add(beganNs, System.nanoTime());
        }
    }
}
