package io.penstock.perf.failures;

import java.util.List;

/**
 * Where a balancer listens and whom it serves, all on 127.0.0.1.
 *
 * @param backends at least two
 */
record Site(int port, List<Server> backends) {
    /** The name of the pool, in logs. */
    static final String POOL = "tested";

    /** A backend as a configuration has it. */
    record Server(String name, int port) {}

    Site {
        backends = List.copyOf(backends);
    }
}
