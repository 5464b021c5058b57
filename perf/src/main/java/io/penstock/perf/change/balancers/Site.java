package io.penstock.perf.change.balancers;

import java.util.List;

/**
 * What a balancer is to do, all on 127.0.0.1.
 *
 * @param port of the listener that always stays
 * @param extras listeners that come and go
 * @param backends of the one pool, at least one
 */
public record Site(int port, List<Listener> extras, List<Server> backends) {
    /** Of the service that always stays, and of its pool. */
    static final String NAME = "tested";

    public Site {
        extras = List.copyOf(extras);
        backends = List.copyOf(backends);
    }

    /** A listener beside that: a service of its own, or another address of the one that stays. */
    public record Listener(int port, boolean ownService) {}

    /** A backend, of a weight from 1 to 256. */
    public record Server(String name, int port, int weight) {}
}
