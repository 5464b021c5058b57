package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.linux.Errno;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.BindOptions;
import io.penstock.net.IpAddress;

/**
 * Begins connects to backends, from the addresses that their pool asks for: each connection from the next, and where one
 * has no port left, from the one after it. A pool that asks for nothing costs no call. One worker's own.
 */
final class BackendConnector {
    /** This host has no port left towards the backend from any source. */
    static final int NO_PORT = -Errno.EADDRNOTAVAIL;

    /** No source can be used: none is this host's, or the client has no address of the backend's family. */
    static final int NO_SOURCE = Integer.MIN_VALUE;

    /** Where {@link #source} is none of the pool's. */
    static final int UNCOUNTED = -1;

    /** For how long the kernel is not asked for a port after it had none: it looks at every one. */
    private static final long EMPTY_NS = 100_000_000;

    private final Syscalls syscalls;
    private final Sockets sockets;
    private final UnixSockets unixSockets;
    private int turn;
    private int source = UNCOUNTED;
    private boolean awaitsData;

    BackendConnector(Syscalls syscalls, Sockets sockets) {
        this.syscalls = syscalls;
        this.sockets = sockets;
        unixSockets = new UnixSockets(syscalls);
    }

    /** Of the last connect: the index of the backend's source, or {@link #UNCOUNTED}. */
    int source() {
        return source;
    }

    /** Whether the last connect sends its SYN with the first write. */
    boolean awaitsData() {
        return awaitsData;
    }

    /**
     * A pending connect, which of a UNIX socket is done, or {@link #NO_PORT}, {@link #NO_SOURCE}, or {@code -errno}.
     *
     * @param dataFollows whether the client's first bytes are here
     * @param clientHigh and clientLow: the halves of the client's address
     */
    int connect(
            SourceAddresses from,
            Backend backend,
            int port,
            boolean dataFollows,
            long clientHigh,
            long clientLow,
            long nowNs) {
        source = UNCOUNTED;
        awaitsData = false;
        if (backend.isUnix()) {
            // Which has no addresses to choose from.
            return unixSockets.connect(backend.unix());
        }
        if (from.transparent()) {
            return (clientHigh | clientLow) != 0
                            && IpAddress.isIpv4(clientHigh, clientLow)
                                    == backend.address().isIpv4()
                    ? connectFrom(from, clientHigh, clientLow, backend, port, dataFollows)
                    : NO_SOURCE;
        }
        SourcePorts ports = backend.ports();
        if (ports.count() > 0) {
            return connectFromAny(from, ports, backend, port, dataFollows, nowNs);
        }
        if (ports.isEmpty(SourcePorts.KERNELS_CHOICE, nowNs)) {
            return NO_PORT;
        }
        int fd = from.isPlain()
                ? sockets.connect(backend.address(), port, dataFollows)
                : connectFrom(from, 0, 0, backend, port, dataFollows);
        if (fd == NO_PORT) {
            onEmpty(backend, SourcePorts.KERNELS_CHOICE, nowNs);
        }
        return fd;
    }

    private int connectFromAny(
            SourceAddresses from, SourcePorts ports, Backend backend, int port, boolean dataFollows, long nowNs) {
        int first = turn++;
        int result = NO_SOURCE;
        for (int i = 0; i < ports.count(); i++) {
            int index = Integer.remainderUnsigned(first + i, ports.count());
            if (ports.isEmpty(index, nowNs)) {
                result = NO_PORT;
                continue;
            }
            IpAddress address = ports.source(index);
            int fd = connectFrom(from, address.high(), address.low(), backend, port, dataFollows);
            if (fd >= 0) {
                source = index;
                return fd;
            }
            if (fd == NO_PORT) {
                result = NO_PORT;
                onEmpty(backend, index, nowNs);
            } else if (fd != NO_SOURCE) {
                return fd;
            }
        }
        return result;
    }

    /** @param high and low: 0 for the kernel's choice */
    private int connectFrom(SourceAddresses from, long high, long low, Backend backend, int port, boolean dataFollows) {
        boolean ipv4 = backend.address().isIpv4();
        boolean fastOpen = from.fastOpen() && dataFollows;
        int fd = sockets.stream(ipv4, dataFollows && !fastOpen);
        if (fd < 0) {
            return fd;
        }
        int result = prepare(fd, ipv4, from, high, low);
        if (result >= 0 && fastOpen) {
            result = sockets.fastOpenConnect(fd);
        }
        if (result >= 0) {
            result = sockets.connect(fd, backend.address(), port);
            awaitsData = fastOpen && result == 0;
        }
        if (result < 0 && result != -Errno.EINPROGRESS) {
            syscalls.close(fd);
            return result;
        }
        return fd;
    }

    private int prepare(int fd, boolean ipv4, SourceAddresses from, long high, long low) {
        int result = 0;
        if (!from.device().equals(BindOptions.ANY_DEVICE)) {
            result = sockets.bindToDevice(fd, from.device());
        }
        if (result >= 0 && from.transparent()) {
            result = sockets.transparent(fd, ipv4);
        }
        if (result >= 0 && (high | low) != 0) {
            result = sockets.bindSource(fd, high, low);
            result = result == -Errno.EADDRNOTAVAIL ? NO_SOURCE : result;
        }
        return result;
    }

    /** Of a backend that is reached at the clients' ports, one port says nothing of the others. */
    private static void onEmpty(Backend backend, int source, long nowNs) {
        if (backend.port() != 0) {
            backend.ports().onEmpty(source, nowNs + EMPTY_NS);
        }
    }
}
