package io.penstock.forwarder.config;

/**
 * One backend as written.
 *
 * @param id unique in its pool; the stable name in the Maglev table, logs and metrics
 * @param host an address literal without brackets, or a DNS name
 * @param port 1 to 65535, or {@link #CLIENTS_PORT}
 * @param weight 0 (no new connections) to 1000
 */
public record BackendConfig(String id, String host, int port, int weight) {
    /** The backend is reached at the port the client connected to. */
    public static final int CLIENTS_PORT = 0;

    public static final int DEFAULT_WEIGHT = 1;
    public static final int MAX_WEIGHT = 1000;
}
