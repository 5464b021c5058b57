package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.worker.ConnectionList;
import io.penstock.forwarder.worker.ConnectionTest;
import io.penstock.net.IpPrefix;
import java.util.Optional;

/** An operator's filter as a test of the connections of one worker after the other. */
final class ConnectionMatch implements ConnectionTest {
    private final Optional<Long> id;
    /** Null where all are meant, as the others. */
    private final String service;

    private final String pool;
    private final String backend;
    private final IpPrefix client;

    ConnectionMatch(ConnectionFilter filter) {
        id = filter.id();
        service = filter.service().orElse(null);
        pool = filter.pool().orElse(null);
        backend = filter.backend().orElse(null);
        client = filter.client().orElse(null);
    }

    /** By all but the id, which a worker's list does not have. */
    @Override
    public boolean fits(ConnectionList connections, int index) {
        Backend at = connections.backend(index);
        return (service == null || connections.service(index).equals(service))
                && (pool == null || (at != null && at.pool().equals(pool)))
                && (backend == null || (at != null && isOf(at, backend)))
                && (client == null || client.contains(connections.clientHigh(index), connections.clientLow(index)));
    }

    /** Whether it is the one that the file or the operator calls so: of one with a name, each address is a backend. */
    static boolean isOf(Backend backend, String id) {
        return backend.id().equals(id)
                || (backend.id().length() > id.length()
                        && backend.id().startsWith(id)
                        && backend.id().charAt(id.length()) == '/');
    }

    boolean fits(long id) {
        return this.id.isEmpty() || this.id.get() == id;
    }
}
