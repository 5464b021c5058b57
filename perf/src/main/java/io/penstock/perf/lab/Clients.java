package io.penstock.perf.lab;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.change.clients.ClientLoop;
import io.penstock.perf.rig.NetworkNamespaces;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Begins clients of one target, from one set of sources. Owns their loop. */
public final class Clients implements AutoCloseable {
    /** The clients share the cores with all of the lab, so their loop sleeps between events, up to this. */
    private static final long WAIT_NS = 1_000_000;

    private static final long ASK_INTERVAL_NS = 200_000_000L;

    private final ClientLoop loop = new ClientLoop(WAIT_NS);
    private final Endpoint target;
    private final List<IpAddress> sources;
    private int taken;

    public Clients(Endpoint target, List<IpAddress> sources) {
        this.target = target;
        this.sources = List.copyOf(sources);
    }

    /** On another host of the lab than this process is. */
    public static Clients on(String namespace, Endpoint target, List<IpAddress> sources)
            throws IOException, InterruptedException {
        Clients clients = new Clients(target, sources);
        try {
            // Before it has a socket.
            clients.loop.call(() -> {
                NetworkNamespaces.enter(namespace);
                return namespace;
            });
        } catch (IOException e) {
            clients.close();
            throw e;
        }
        return clients;
    }

    /** From the first of the sources, which take turns. */
    public NewClients arriving(int sourceCount, double perSecond, long limit, Consumer<Outcome> outcomes)
            throws IOException, InterruptedException {
        return loop.begin(
                events -> new NewClients(events, target, sources.subList(0, sourceCount), perSecond, limit, outcomes));
    }

    /**
     * Connections that stay, and are not opened again; all established when this returns. Each call begins behind the sources of the
     * one before: a host on the way may remember a connection that was reset, and take another of the same ports for it.
     */
    public LastingClients staying(int count, Duration patience) throws IOException, InterruptedException {
        List<IpAddress> next = new ArrayList<>(sources);
        Collections.rotate(next, -taken);
        taken += count;
        LastingClients staying = loop.begin(events ->
                new LastingClients(events, target, next, ASK_INTERVAL_NS, patience.toNanos(), /* reopening= */ false));
        loop.call(() -> {
            staying.open(count);
            return staying;
        });
        if (!loop.await(
                () -> staying.open() + staying.refusals().size() >= count,
                Duration.ofSeconds(30).toNanos())) {
            throw new IOException("only " + loop.call(staying::open) + " of " + count + " connections are established");
        }
        List<String> refusals = loop.call(staying::refusals);
        if (!refusals.isEmpty()) {
            throw new IOException(refusals.size() + " connections were not established: " + refusals.get(0));
        }
        return staying;
    }

    public ClientLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        loop.close();
    }
}
