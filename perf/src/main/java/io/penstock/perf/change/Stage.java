package io.penstock.perf.change;

import io.penstock.net.Endpoint;
import io.penstock.perf.change.balancers.SiteHistory;
import io.penstock.perf.change.clients.Activity;
import io.penstock.perf.change.clients.ClientLoop;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.load.Backend;
import io.penstock.perf.load.EventLoop;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Clients and running backends around one balancer, and the ports of all. {@link #close} ends them. */
final class Stage implements AutoCloseable {
    private static final int EXTRA_PORTS = 8;
    private static final int BACKENDS = 6;

    /** Connections under way when as many as possible are made: enough that neither side waits for the other. */
    private static final int PARALLEL = 32;

    private static final long WARM_UP_MS = 1_500;
    private static final long PROBE_MS = 1_000;
    private static final long END_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final ClientLoop loop = new ClientLoop();
    private final int port;
    private final List<Integer> backendPorts;
    private final SiteHistory history;
    private final List<Backend> backends = new ArrayList<>();

    Stage() throws IOException, InterruptedException {
        List<Integer> ports = LoopbackPorts.pick(1 + EXTRA_PORTS + BACKENDS);
        port = ports.get(0);
        backendPorts = ports.subList(1 + EXTRA_PORTS, ports.size());
        history = new SiteHistory(port, ports.subList(1, 1 + EXTRA_PORTS), backendPorts);
        for (int backendPort : backendPorts) {
            backends.add(loop.make(events -> new Backend(events, Rig.local(backendPort))));
        }
    }

    ClientLoop loop() {
        return loop;
    }

    /** What a balancer is given. */
    SiteHistory history() {
        return history;
    }

    /** Where the balancer listens. */
    Endpoint target() {
        return Rig.local(port);
    }

    /** One of the backends' addresses, from 0. */
    Endpoint backend(int number) {
        return Rig.local(backendPorts.get(number));
    }

    /** What all backends have received so far. */
    long receivedBytes() throws IOException, InterruptedException {
        return loop.call(
                () -> backends.stream().mapToLong(Backend::receivedBytes).sum());
    }

    /** Connections that all backends have accepted so far. */
    long accepted() throws IOException, InterruptedException {
        return loop.call(() -> backends.stream().mapToLong(Backend::accepted).sum());
    }

    <T extends Activity> T begin(Function<EventLoop, T> maker) throws IOException, InterruptedException {
        return loop.begin(maker);
    }

    /** New connections a second, each with a request, that the balancer and these clients can make at most. */
    double capacity() throws IOException, InterruptedException {
        NewConnections warmUp = begin(events -> NewConnections.asFastAsPossible(events, target(), PARALLEL));
        Thread.sleep(WARM_UP_MS);
        loop.end(warmUp);
        NewConnections probe = begin(events -> NewConnections.asFastAsPossible(events, target(), PARALLEL));
        Thread.sleep(PROBE_MS);
        double perSecond = loop.call(probe::seen).perSecond();
        loop.end(probe);
        return perSecond;
    }

    /** No new ones; what they have seen, once those under way have ended or been given up. */
    NewConnections.Seen finish(NewConnections connections) throws IOException, InterruptedException {
        loop.call(() -> {
            connections.stop();
            return connections;
        });
        loop.await(connections::isQuiet, END_TIMEOUT_NS);
        NewConnections.Seen seen = loop.call(connections::seen);
        loop.end(connections);
        return seen;
    }

    @Override
    public void close() {
        loop.close();
    }
}
