package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.IpAddress;

/**
 * Opens sessions' sockets, connected to their backends from the addresses that the pool asks for: each session from the
 * next, and where one has no port left, from the one after it. One worker's own.
 */
final class BackendSockets {
    /** This host has no port left for the backend from any source. */
    static final int NO_PORT = -Errno.EADDRNOTAVAIL;

    /** No source can be used: none is this host's, or the client has no address of the backend's family. */
    static final int NO_SOURCE = Integer.MIN_VALUE;

    /** Where {@link #source} is none of the pool's. */
    static final int UNCOUNTED = -1;

    /** For how long the kernel is not asked for a port after it had none: it looks at every one. */
    private static final long EMPTY_NS = 100_000_000;

    private final Syscalls syscalls;
    private final DatagramSockets sockets;
    private int turn;
    private int source = UNCOUNTED;

    BackendSockets(Syscalls syscalls, DatagramSockets sockets) {
        this.syscalls = syscalls;
        this.sockets = sockets;
    }

    /** Of the last socket: the index of the backend's source, or {@link #UNCOUNTED}. */
    int source() {
        return source;
    }

    /**
     * A connected socket, or {@link #NO_PORT}, {@link #NO_SOURCE}, or {@code -errno}.
     *
     * @param port of the backend
     * @param clientHigh and clientLow: the halves of the client's address
     */
    int open(
            SourceAddresses from,
            Backend backend,
            int port,
            Fragmentation fragmentation,
            long clientHigh,
            long clientLow,
            int clientPort,
            long nowNs) {
        source = UNCOUNTED;
        boolean ipv4 = backend.address().isIpv4();
        if (from.transparent()) {
            return IpAddress.isIpv4(clientHigh, clientLow) == ipv4
                    ? openFrom(from, backend, port, fragmentation, clientHigh, clientLow, clientPort)
                    : NO_SOURCE;
        }
        SourcePorts ports = backend.ports();
        if (ports.count() > 0) {
            return openFromAny(from, ports, backend, port, fragmentation, nowNs);
        }
        if (ports.isEmpty(SourcePorts.KERNELS_CHOICE, nowNs)) {
            return NO_PORT;
        }
        int fd = openFrom(from, backend, port, fragmentation, 0, 0, 0);
        if (fd == NO_PORT) {
            ports.onEmpty(SourcePorts.KERNELS_CHOICE, nowNs + EMPTY_NS);
        }
        return fd;
    }

    /** A socket from this source is closed: a port is free. */
    static void onClosed(Backend backend, int source) {
        if (source == UNCOUNTED) {
            backend.ports().onFreed(SourcePorts.KERNELS_CHOICE);
        } else {
            backend.ports().onReturned(source);
            backend.ports().onFreed(source);
        }
    }

    /** A port of this host is free, whichever backend's session had it: UDP's are not shared between destinations. */
    static void onPortFreed(SourcePorts ports) {
        ports.onFreed(SourcePorts.KERNELS_CHOICE);
        for (int i = 1; i < ports.count(); i++) {
            ports.onFreed(i);
        }
    }

    private int openFromAny(
            SourceAddresses from,
            SourcePorts ports,
            Backend backend,
            int port,
            Fragmentation fragmentation,
            long nowNs) {
        int first = turn++;
        int result = NO_SOURCE;
        for (int i = 0; i < ports.count(); i++) {
            int index = Integer.remainderUnsigned(first + i, ports.count());
            if (ports.isEmpty(index, nowNs)) {
                result = NO_PORT;
                continue;
            }
            IpAddress address = ports.source(index);
            int fd = openFrom(from, backend, port, fragmentation, address.high(), address.low(), 0);
            if (fd >= 0) {
                source = index;
                return fd;
            }
            if (fd == NO_PORT) {
                result = NO_PORT;
                ports.onEmpty(index, nowNs + EMPTY_NS);
            } else if (fd != NO_SOURCE) {
                return fd;
            }
        }
        return result;
    }

    /** @param high and low: 0 for the kernel's choice */
    private int openFrom(
            SourceAddresses from,
            Backend backend,
            int port,
            Fragmentation fragmentation,
            long high,
            long low,
            int clientPort) {
        boolean ipv4 = backend.address().isIpv4();
        int fd = sockets.open(ipv4);
        if (fd < 0) {
            return fd;
        }
        int result = prepare(fd, ipv4, from, fragmentation);
        if (result >= 0 && (high | low) != 0) {
            result = bind(fd, high, low, clientPort);
        }
        if (result >= 0) {
            result = sockets.connect(fd, backend.address(), port);
            result = result == -Errno.EAGAIN ? NO_PORT : result;
        }
        if (result < 0) {
            syscalls.close(fd);
            return result;
        }
        return fd;
    }

    /**
     * With the client's port where that is free: its session with another service may have it, or with the backend that this
     * one is about to leave, and ports below 1024 take a capability. What fails here says nothing about the backend.
     *
     * @param clientPort 0 for the kernel's choice
     */
    private int bind(int fd, long high, long low, int clientPort) {
        int result = sockets.bindSource(fd, high, low, clientPort);
        if (clientPort != 0 && (result == -Errno.EADDRINUSE || result == -Errno.EACCES)) {
            result = sockets.bindSource(fd, high, low, 0);
        }
        if (result == -Errno.EADDRINUSE) {
            return NO_PORT;
        }
        return result >= 0 || SessionPlacement.isExhaustion(result) ? result : NO_SOURCE;
    }

    private int prepare(int fd, boolean ipv4, SourceAddresses from, Fragmentation fragmentation) {
        int result = sockets.prepareListener(fd, ipv4, false);
        if (result >= 0 && fragmentation != Fragmentation.AUTO) {
            result = sockets.fragmentation(fd, ipv4, UdpListenerSocket.mode(fragmentation));
        }
        if (result >= 0 && !from.device().equals(BindOptions.ANY_DEVICE)) {
            result = sockets.bindToDevice(fd, from.device());
        }
        if (result >= 0 && from.transparent()) {
            result = sockets.transparent(fd, ipv4);
        }
        return result;
    }
}
