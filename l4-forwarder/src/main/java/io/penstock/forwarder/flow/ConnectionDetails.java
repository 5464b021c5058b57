package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.Backend;

/** One connection, or session, at one moment, filled in again for the next. NOT thread safe: the worker's own. */
public final class ConnectionDetails {
    private long token;
    private String service;
    private Backend backend;
    private String state;
    private long clientHigh;
    private long clientLow;
    private int clientPort;
    private long openedNs;
    private long activeNs;
    private long bytesToBackend;
    private long bytesToClient;

    // What its owner says of it.

    /** Which one it is; the state is a word, such as {@code relaying} or {@code one-way}. */
    public ConnectionDetails identify(long token, String service, Backend backend, String state) {
        this.token = token;
        this.service = service;
        this.backend = backend;
        this.state = state;
        return this;
    }

    /** The halves are those of an IpAddress. */
    public ConnectionDetails client(long high, long low, int port) {
        clientHigh = high;
        clientLow = low;
        clientPort = port;
        return this;
    }

    public ConnectionDetails times(long openedNs, long activeNs) {
        this.openedNs = openedNs;
        this.activeNs = activeNs;
        return this;
    }

    public ConnectionDetails bytes(long toBackend, long toClient) {
        bytesToBackend = toBackend;
        bytesToClient = toClient;
        return this;
    }

    // What others see.

    /**
     * Of this connection alone, for as long as the worker runs: its client's event token; of a session its backend's,
     * which says by its kind that it is one.
     */
    public long token() {
        return token;
    }

    public String service() {
        return service;
    }

    /** Null while it has none. */
    public Backend backend() {
        return backend;
    }

    /** A word, such as {@code relaying} or {@code one-way}. */
    public String state() {
        return state;
    }

    /** With {@link #clientLow}, the halves of an IpAddress. */
    public long clientHigh() {
        return clientHigh;
    }

    public long clientLow() {
        return clientLow;
    }

    public int clientPort() {
        return clientPort;
    }

    public long openedNs() {
        return openedNs;
    }

    /** When a byte or a datagram was moved, or a side ended, last. */
    public long activeNs() {
        return activeNs;
    }

    public long bytesToBackend() {
        return bytesToBackend;
    }

    public long bytesToClient() {
        return bytesToClient;
    }
}
