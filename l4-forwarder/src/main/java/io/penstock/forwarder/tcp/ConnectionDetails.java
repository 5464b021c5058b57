package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.Backend;

/** One connection at one moment, filled in again for the next. NOT thread safe: the worker's own. */
public final class ConnectionDetails {
    long token;
    String service;
    Backend backend;
    String state;
    long clientHigh;
    long clientLow;
    int clientPort;
    long openedNs;
    long activeNs;
    long bytesToBackend;
    long bytesToClient;

    /** Of this connection alone, for as long as the worker runs: its client's event token. */
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

    /** A word, such as {@code relaying} or {@code half-closed}. */
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

    /** When a byte was moved, or a side ended, last. */
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
