package io.penstock.forwarder.udp;

/** What a worker counts about UDP. */
public enum UdpCounter {
    /** Datagrams that came from clients, whatever became of them. */
    DATAGRAMS_FROM_CLIENTS,
    /** Datagrams handed to backends. */
    DATAGRAMS_TO_BACKENDS,
    /** Datagrams that came from backends. */
    DATAGRAMS_FROM_BACKENDS,
    /** Datagrams handed to clients. */
    DATAGRAMS_TO_CLIENTS,
    /** Payload bytes handed to backends. */
    BYTES_TO_BACKENDS,
    /** Payload bytes handed to clients. */
    BYTES_TO_CLIENTS,
    /** Sessions opened. */
    SESSIONS_OPENED
}
