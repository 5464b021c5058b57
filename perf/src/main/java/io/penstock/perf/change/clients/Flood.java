package io.penstock.perf.change.clients;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.load.ClientConnection;
import io.penstock.perf.load.ClientListener;
import io.penstock.perf.load.EventLoop;
import io.penstock.perf.load.ResponseSizes;
import io.penstock.perf.load.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One source that opens connections as fast as it can and holds on to those it gets; with too many, the oldest is reset
 * for a new one. One a turn, so that those who share the thread wait for a single connect at most: what they then notice
 * is the balancer's doing.
 */
public final class Flood implements Activity {
    private static final int HELD_MAX = 4_000;

    private final EventLoop loop;
    private final Endpoint target;
    private final IpAddress source;
    private final UnsafeBuffer request = Wire.newRequest();
    private final Deque<Client> free = new ArrayDeque<>();

    /** Oldest first. */
    private final Set<Client> open = new LinkedHashSet<>();

    private final Failures failures = new Failures();
    private final long startNs = System.nanoTime();
    private int opened;
    private int refused;

    /** From an address of this host that no one else uses; begins at once. */
    public Flood(EventLoop loop, Endpoint target, IpAddress source) {
        this.loop = loop;
        this.target = target;
        this.source = source;
    }

    /** Connects begun a second. */
    public double perSecond() {
        return opened / ((System.nanoTime() - startNs) / 1e9);
    }

    /** Ended by the other side. */
    public int refused() {
        return refused;
    }

    /** Being connected, or connected. */
    public int held() {
        return open.size();
    }

    /** Connects that the kernel refused to begin. */
    public Failures failures() {
        return failures;
    }

    @Override
    public void onTurn(long nowNs) {
        if (open.size() >= HELD_MAX) {
            Client oldest = open.iterator().next();
            open.remove(oldest);
            oldest.connection.reset();
            free.push(oldest);
        }
        Client client = free.isEmpty() ? new Client() : free.pop();
        client.connect();
    }

    @Override
    public void end() {
        open.forEach(client -> client.connection.reset());
    }

    private final class Client implements ClientListener {
        private final ClientConnection connection = new ClientConnection(loop, ResponseSizes.SMALL, 0, request);

        Client() {
            connection.attend(this);
        }

        void connect() {
            int result = connection.connect(target, source);
            if (result < 0) {
                failures.add("connect: " + Errno.describe(-result));
                free.push(this);
            } else {
                opened++;
                open.add(this);
            }
        }

        @Override
        public void onResponse(ClientConnection which, long intendedNs, int bytes) {
            throw new IllegalStateException("an answer to nothing");
        }

        @Override
        public void onFailure(ClientConnection which, String reason, int lost) {
            refused++;
            open.remove(this);
            free.push(this);
        }
    }
}
