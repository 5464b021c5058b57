package io.penstock.forwarder.config;

import io.penstock.net.UnixAddress;
import java.util.Optional;

/**
 * One backend as written.
 *
 * @param id unique in its pool; the stable name in the Maglev table, logs and metrics
 * @param host an address literal without brackets, a DNS name, or a UNIX socket as {@link UnixAddress} prints it
 * @param port 1 to 65535, or {@link #CLIENTS_PORT}; a UNIX socket has none, 0
 * @param weight 0 (no new connections) to 1000
 * @param place where it stands; empty for a place like the forwarder's own
 * @param priority 0 is used first; a backup has 1
 * @param state what the operator wants done with it
 * @param maxConnections open at it; 0 for the pool's limit
 */
public record BackendConfig(
        String id,
        String host,
        int port,
        int weight,
        Optional<Place> place,
        int priority,
        State state,
        int maxConnections) {
    /** The backend is reached at the port the client connected to. */
    public static final int CLIENTS_PORT = 0;

    public static final int DEFAULT_WEIGHT = 1;
    public static final int MAX_WEIGHT = 1000;
    public static final int MAX_PRIORITY = 15;

    /** A backend that is just used. */
    public BackendConfig(String id, String host, int port, int weight) {
        this(id, host, port, weight, Optional.empty(), 0, State.READY, 0);
    }

    /** Empty for TCP. */
    public Optional<UnixAddress> unix() {
        return UnixAddress.parse(host);
    }

    /** As the operator wants it now. */
    public BackendConfig with(State otherState, int otherWeight) {
        return new BackendConfig(id, host, port, otherWeight, place, priority, otherState, maxConnections);
    }

    /** What the operator wants done with a backend. */
    public enum State {
        READY,
        /** Established connections stay, no new ones; checks go on. */
        DRAIN,
        /** As drain, without checks. */
        MAINTENANCE
    }
}
