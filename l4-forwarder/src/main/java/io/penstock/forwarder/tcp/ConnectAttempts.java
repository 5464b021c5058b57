package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLOUT;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.linux.Errno;

/**
 * Begins and ends a connection's attempts to connect to the backend where it has a place, and puts a failure down to whom it
 * belongs: the backend, or this host. NOT thread safe: one worker's own.
 */
final class ConnectAttempts {
    /** The place is given back; another backend may be tried. */
    static final int FAILED = -1;

    /** The place is given back; no descriptor or memory was to be had for this backend, nor would be for another. */
    static final int STARVED = -2;

    /** What an event says of a pending connect. */
    enum Outcome {
        PENDING,
        CONNECTED,
        REFUSED
    }

    private final TcpForwarder tcp;

    ConnectAttempts(TcpForwarder tcp) {
        this.tcp = tcp;
    }

    /** The pending connect's socket, or {@link #FAILED} or {@link #STARVED}. */
    int begin(Placement placement, Client client, Relay toBackend, SourceAddresses from) {
        if (placement.attempts() > 1) {
            tcp.counters().increment(TcpCounter.CONNECT_RETRIED);
        }
        Backend backend = placement.backend();
        boolean dataFollows = placement.header() == ProxyHeader.NONE ? toBackend.hasReadAhead() : !from.fastOpen();
        int fd = tcp.connect(
                from, backend, backend.port(client.port()), dataFollows, client.sourceHigh(), client.sourceLow());
        if (fd >= 0 && tcp.connector().awaitsData()) {
            fd = toBackend.sendEarly(tcp, fd);
        }
        if (fd < 0) {
            return blame(placement, fd);
        }
        toBackend.sinkDelays(dataFollows && !from.fastOpen() && !backend.isUnix());
        placement.from(tcp.connector().source());
        return fd;
    }

    private int blame(Placement placement, int error) {
        if (TcpForwarder.isExhaustion(error)) {
            placement.onStarved(tcp);
            tcp.counters().increment(TcpCounter.CONNECTS_STARVED);
            return STARVED;
        }
        if (error == BackendConnector.NO_PORT) {
            tcp.counters().increment(TcpCounter.PORTS_EXHAUSTED);
            placement.onOutOfPorts(tcp);
        } else if (error == BackendConnector.NO_SOURCE) {
            tcp.counters().increment(TcpCounter.SOURCES_MISSING);
            placement.onNoSource(tcp);
        } else {
            tcp.counters().increment(TcpCounter.CONNECT_FAILED);
            placement.onConnectFailed(tcp);
        }
        return FAILED;
    }

    /** What has come of a connect; changes nothing but the socket, whose error is taken. */
    Outcome outcome(int events, Backend backend, Client client, int fd) {
        if ((events & (EPOLLERR | EPOLLHUP)) != 0 && isFailure(tcp.sockets().takeError(fd))) {
            return Outcome.REFUSED;
        }
        if ((events & EPOLLOUT) == 0) {
            return Outcome.PENDING;
        }
        return tcp.isSelfConnected(backend, fd, backend.port(client.port())) ? Outcome.REFUSED : Outcome.CONNECTED;
    }

    /**
     * A reset is no failure to connect: answered with one, a SYN fails with ECONNREFUSED. So the backend had accepted, and
     * what it sent before may wait to be read.
     */
    private static boolean isFailure(int error) {
        return error < 0 && error != -Errno.ECONNRESET && error != -Errno.EPIPE;
    }
}
