package io.penstock.forwarder;

import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.udp.UdpCounter;
import java.util.EnumMap;
import java.util.Map;

/** Counters that grow when something is wrong, and what it means to whoever reads the log. */
final class TroubleHints {
    static final Map<TcpCounter, String> TCP = tcp();
    static final Map<UdpCounter, String> UDP = udp();

    private TroubleHints() {}

    private static Map<TcpCounter, String> tcp() {
        Map<TcpCounter, String> hints = new EnumMap<>(TcpCounter.class);
        hints.put(TcpCounter.ACCEPT_PAUSED, "out of descriptors or memory, new clients wait; raise LimitNOFILE");
        hints.put(TcpCounter.HELD_BY_SERVICE, "a service is at limits.connections, new clients wait in the kernel");
        hints.put(TcpCounter.HELD_BY_PROCESS, "limits.connections of the process are reached, new clients wait");
        hints.put(TcpCounter.HELD_BY_RATE, "clients of a service come faster than limits.rate, and wait in the kernel");
        hints.put(TcpCounter.CLOSED_SOURCE_CONNECTIONS, "clients were reset because their source has too many open");
        hints.put(TcpCounter.CLOSED_SOURCE_RATE, "clients were reset because their source connects too fast");
        hints.put(TcpCounter.CLOSED_FIRST_BYTE_TIMEOUT, "clients that sent nothing were reset");
        hints.put(TcpCounter.SOURCES_UNTRACKED, "more sources than limits.per-source.sources, some are not limited");
        hints.put(TcpCounter.CLOSED_NO_RESOURCES, "clients were reset for want of descriptors or memory");
        hints.put(
                TcpCounter.PORTS_EXHAUSTED,
                "no port is left towards a backend; widen net.ipv4.ip_local_port_range or give the pool more source addresses");
        hints.put(
                TcpCounter.SOURCES_MISSING,
                "no source address of a pool is this host's, or transparent clients are of another family than backends");
        hints.put(TcpCounter.CLOSED_NO_BACKEND, "clients were reset because no backend of their pool is up");
        hints.put(TcpCounter.CLOSED_CONNECT_FAILED, "clients were reset because every backend that was tried failed");
        hints.put(
                TcpCounter.CLOSED_QUEUE_TIMEOUT,
                "clients were reset because no place at a backend became free in time");
        hints.put(
                TcpCounter.CLOSED_QUEUE_FULL,
                "clients were reset because backends are at their limits and none may wait");
        hints.put(
                TcpCounter.CLOSED_PROXY_HEADER_INVALID,
                "clients that proxy-protocol trusts were reset, since they came without a right header");
        hints.put(
                TcpCounter.CLOSED_PROXY_HEADER_TIMEOUT,
                "clients that proxy-protocol trusts were reset, since their header was not whole in time");
        hints.put(TcpCounter.QUEUED, "backends are at their limits, clients wait in the queue of their pool");
        hints.put(TcpCounter.CONNECT_FAILED, "connects to backends fail, the next backend is tried");
        hints.put(TcpCounter.PEEKED_READS, "memory for peers that do not read is used up");
        return hints;
    }

    private static Map<UdpCounter, String> udp() {
        Map<UdpCounter, String> hints = new EnumMap<>(UdpCounter.class);
        hints.put(
                UdpCounter.NEWCOMERS_DROPPED,
                "clients without a session come faster than sessions can be opened, and their datagrams are dropped");
        hints.put(
                UdpCounter.EVICTED_ONE_WAY,
                "sessions are at a limit, and new ones take the places of those that no backend has answered");
        hints.put(
                UdpCounter.EVICTED_ANSWERED,
                "sessions are at a limit, and new ones take the places of clients that are silent since their first answer");
        hints.put(UdpCounter.REFUSED_FULL, "clients were dropped because a service is at limits.connections");
        hints.put(
                UdpCounter.REFUSED_NO_RESOURCES,
                "clients were dropped at limits.sessions, or for want of descriptors; raise LimitNOFILE");
        hints.put(UdpCounter.ENDED_NO_RESOURCES, "sessions ended for want of descriptors or memory; raise LimitNOFILE");
        hints.put(UdpCounter.REFUSED_NO_BACKEND, "clients were dropped because no backend of their pool is up");
        hints.put(UdpCounter.REFUSED_BACKENDS_FULL, "clients were dropped because backends are at their limits");
        hints.put(
                UdpCounter.REFUSED_SOURCE_SESSIONS, "clients were dropped because their source has too many sessions");
        hints.put(UdpCounter.REFUSED_SOURCE_RATE, "clients were dropped because their source opens sessions too fast");
        hints.put(UdpCounter.REFUSED_RATE, "clients of a service come faster than limits.rate, and were dropped");
        hints.put(UdpCounter.SOURCES_UNTRACKED, "more sources than limits.per-source.sources, some are not limited");
        hints.put(
                UdpCounter.REFUSED_NO_PORT,
                "no port is left towards any backend; widen net.ipv4.ip_local_port_range or give the pool more source addresses");
        hints.put(
                UdpCounter.REFUSED_NO_SOURCE,
                "no source address of a pool is this host's, or transparent clients are of another family than backends");
        hints.put(
                UdpCounter.BACKENDS_UNREACHABLE,
                "hosts of backends say that nobody listens there, or that there is no way to them");
        hints.put(UdpCounter.CONNECT_FAILED, "this host knows no way to a backend, the next backend is tried");
        hints.put(UdpCounter.RECEIVE_FAILED, "the kernel refused to say what came to a listener");
        hints.put(
                UdpCounter.RECEIVE_BUFFER_DROPS,
                "clients send faster than a worker reads, and the kernel drops; raise udp.receive-buffer or threads");
        hints.put(UdpCounter.TRUNCATED, "datagrams were longer than the memory for them, and were dropped");
        hints.put(
                UdpCounter.TO_BACKENDS_TOO_LONG,
                "datagrams to backends were too long for the way, and were dropped; see udp.dont-fragment");
        hints.put(
                UdpCounter.TO_CLIENTS_TOO_LONG,
                "datagrams to clients were too long for the way, and were dropped; see udp.dont-fragment");
        hints.put(
                UdpCounter.TO_BACKENDS_QUEUE_FULL,
                "datagrams to backends were dropped at a full queue; raise udp.send-buffer or the interface's queue");
        hints.put(
                UdpCounter.TO_CLIENTS_QUEUE_FULL,
                "datagrams to clients were dropped at a full queue; raise udp.send-buffer or the interface's queue");
        hints.put(
                UdpCounter.TO_BACKENDS_FAILED,
                "datagrams to backends were refused by this host: a firewall forbids them, or there is no route");
        hints.put(
                UdpCounter.TO_CLIENTS_FAILED,
                "datagrams to clients were refused by this host: a firewall forbids them, or there is no route");
        return hints;
    }
}
