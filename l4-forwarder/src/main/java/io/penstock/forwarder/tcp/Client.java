package io.penstock.forwarder.tcp;

import static io.penstock.linux.SocketConstants.IPPROTO_TCP;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Service;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.Sockets;
import io.penstock.net.AddressPair;
import io.penstock.net.Endpoint;

/**
 * Who a connection's client is, by its socket or by the PROXY protocol header that it came with, and which backend that
 * leads to. Belongs to its connection, on the worker's thread.
 */
final class Client {
    private long sourceHigh;
    private long sourceLow;
    private long flowHash;
    /** Sixteen bits each, which the padding of this object has room for. */
    private char sourcePort;

    private char port;
    /** Whether it came by a UNIX socket. */
    private boolean unix;

    private Endpoint listener;
    private boolean anyAddress;
    private boolean hasHeader;
    /** Made when the slot first has a client that comes with a header. */
    private ReceivedHeader received;

    /** Another one, as its socket says. */
    void begin(Arrival arrival) {
        sourceHigh = arrival.sourceHigh;
        sourceLow = arrival.sourceLow;
        sourcePort = (char) arrival.sourcePort;
        port = (char) arrival.port;
        listener = arrival.listener;
        anyAddress = arrival.anyAddress;
        flowHash = arrival.flowHash;
        // The kernel gives no client of TCP this address.
        unix = (sourceHigh | sourceLow) == 0;
        hasHeader = false;
    }

    /** It speaks for whom the header says that was found last. */
    void takeHeader(ProxyHeaderInput input) {
        if (received == null) {
            received = new ReceivedHeader();
        }
        hasHeader = true;
        input.keep(received);
        if (received.isStated()) {
            received.speaker(sourceHigh, sourceLow, sourcePort);
            AddressPair stated = received.addresses();
            sourceHigh = stated.sourceHigh();
            sourceLow = stated.sourceLow();
            sourcePort = (char) stated.sourcePort();
        }
    }

    /** As its listener would, but of what the header states. */
    void hash(Service service, Sockets sockets, int fd) {
        BackendPool pool = pool(service);
        if (pool.hashInput().source()) {
            flowHash = pool.sourceHash(sourceHigh, sourceLow);
        } else if (isStated()) {
            AddressPair stated = received.addresses();
            flowHash = flowHash(pool, stated.destinationHigh(), stated.destinationLow(), stated.destinationPort());
        } else {
            SocketAddress local = destination(sockets, fd);
            flowHash = local == null ? flowHash(pool, 0, 0, port) : flowHash(pool, local.high(), local.low(), port);
        }
    }

    private long flowHash(BackendPool pool, long localHigh, long localLow, int localPort) {
        return pool.flowHash(sourceHigh, sourceLow, sourcePort, localHigh, localLow, localPort, IPPROTO_TCP);
    }

    /** The one that was hashed for, as long as splits stay. */
    BackendPool pool(Service service) {
        return service.poolFor(sourceHigh, sourceLow);
    }

    /** The backend that it is bound to, or that its hash leads to, or null. */
    Backend select(TcpForwarder tcp, BackendPool pool, Selection selection) {
        return pool.select(flowHash, sourceHigh, sourceLow, zone(tcp), selection);
    }

    /** Whether {@link #select} would find one; binds it to none. */
    boolean couldSelect(TcpForwarder tcp, BackendPool pool, Selection selection) {
        return pool.select(flowHash, zone(tcp), selection) != null;
    }

    private int zone(TcpForwarder tcp) {
        return tcp.clientZone(sourceHigh, sourceLow);
    }

    void describe(ConnectionDetails details) {
        details.client(sourceHigh, sourceLow, sourcePort);
    }

    /** @param fd its socket; asked only where each client may have come to another address */
    void describe(FlowEnd end, Sockets sockets, int fd) {
        end.client(sourceHigh, sourceLow, sourcePort);
        if (isStated()) {
            received.describe(end);
        }
        if (!anyAddress) {
            end.local(listener, listener.address().high(), listener.address().low(), port);
            return;
        }
        SocketAddress local = sockets.local(fd);
        if (local == null) {
            end.local(listener, 0, 0, port);
        } else {
            end.local(listener, local.high(), local.low(), local.port());
        }
    }

    boolean isUnix() {
        return unix;
    }

    /** Whether nothing says who it is. */
    boolean isAnonymous() {
        return unix && !isStated();
    }

    /** Whether its header says who it is, and what it connected to. */
    boolean isStated() {
        return hasHeader && received.isStated();
    }

    /** Whether it came with a header, which is then {@link #received}. */
    boolean hasHeader() {
        return hasHeader;
    }

    ReceivedHeader received() {
        return received;
    }

    /** With {@link #sourceLow}, the halves of an IpAddress. */
    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    int sourcePort() {
        return sourcePort;
    }

    /** The one that it connected to. */
    int port() {
        return port;
    }

    /** What its socket is connected to here, until the next call to the kernel's sockets; null if that is no address of IP. */
    SocketAddress destination(Sockets sockets, int fd) {
        return unix ? null : sockets.local(fd);
    }
}
