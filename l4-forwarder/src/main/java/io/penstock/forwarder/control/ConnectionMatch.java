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
                && (backend == null || (at != null && isNamed(at, backend)))
                && (client == null || client.contains(connections.clientHigh(index), connections.clientLow(index)));
    }

    /** Whether it is the one that the file or the operator calls so: of one with a name, each address is a backend. */
    static boolean isOf(Backend backend, String id) {
        return isOf(backend, id, 0);
    }

    private static boolean isOf(Backend backend, String text, int from) {
        String id = backend.id();
        int length = text.length() - from;
        return id.regionMatches(0, text, from, length) && (id.length() == length || id.charAt(length) == '/');
    }

    /** By its id alone, or by {@code POOL/ID}, as lists of connections say it. */
    private static boolean isNamed(Backend backend, String name) {
        int pool = backend.pool().length();
        return isOf(backend, name)
                || (name.length() > pool
                        && name.startsWith(backend.pool())
                        && name.charAt(pool) == '/'
                        && isOf(backend, name, pool + 1));
    }

    boolean fits(long id) {
        return this.id.isEmpty() || this.id.get() == id;
    }
}
