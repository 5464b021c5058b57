package io.penstock.forwarder.tcp;

import io.penstock.net.Endpoint;

/**
 * A client that was just accepted: what its listener found out, filled in again for the next. Nothing that keeps a table. NOT thread safe: the worker's own.
 */
final class Arrival {
    int serviceIndex;
    int fd;
    /** With {@link #sourceLow} the client's own address; 0 for the client of a UNIX socket. */
    long sourceHigh;

    long sourceLow;
    int sourcePort;
    Endpoint listener;
    /** Whether it may have connected to another address than its listener's. */
    boolean anyAddress;

    /** The port that it connected to. */
    int port;
    /** Meaningless for one that is to say first whom it speaks for. */
    long flowHash;
}
