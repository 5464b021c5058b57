package io.penstock.forwarder.tcp;

import io.penstock.forwarder.balance.BackendTraffic;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;

/**
 * The two directions of a connection and the two sockets that they move bytes between, since when, and until when. Belongs
 * to its connection, on the worker's thread, which closes it.
 */
final class Duplex {
    /** Bytes that are told of before a second is over: far more than most connections carry. */
    private static final long TOLD_BYTES = 256 << 10;

    /** Of two to this power nanoseconds, 1.07 s, each begins with what is untold being told. */
    private static final int TOLD_SHIFT = 30;

    private final Relay toBackend = new Relay();
    private final Relay toClient = new Relay();
    private final Side clientSide = new Side(EventKind.TCP_CLIENT, toBackend, toClient);
    private final Side backendSide = new Side(EventKind.TCP_BACKEND, toClient, toBackend);
    private long openedNs;
    /** When a byte was moved, or a side ended, last. */
    private long activeNs;
    /** What {@link #isIntact} was after the last turn: the deadline that the timer knows of is by this. */
    private boolean intact;
    /** Whether the kernel looks after a backend that vanished; UNIX sockets need none. */
    private boolean detecting;

    /** With a client's socket, of which the side need not know yet, and no backend. */
    void open(int clientFd, boolean unix, long nowNs) {
        openedNs = nowNs;
        activeNs = nowNs;
        intact = true;
        detecting = false;
        toBackend.open(clientFd, Side.NO_FD);
        toClient.open(Side.NO_FD, clientFd);
        if (unix) {
            toBackend.fromUnix();
            toClient.toUnix();
        }
    }

    /** The backend is there: its side's socket is connected. What it was given early is delivered. */
    void onConnected(TcpForwarder tcp, boolean unix) {
        activeNs = tcp.nowNs();
        toBackend.sink(backendSide.fd());
        toBackend.onEarlyTaken(tcp, TcpCounter.BYTES_TO_BACKENDS);
        toClient.source(backendSide.fd());
        if (unix) {
            detecting = true;
            toBackend.toUnix();
            toClient.fromUnix();
        }
    }

    Side clientSide() {
        return clientSide;
    }

    Side backendSide() {
        return backendSide;
    }

    Side side(int kind) {
        return kind == EventKind.TCP_CLIENT ? clientSide : backendSide;
    }

    Side opposite(Side side) {
        return side == clientSide ? backendSide : clientSide;
    }

    /** The side that is open, of one whose other side was reset. */
    Side survivor() {
        return clientSide.isOpen() ? clientSide : backendSide;
    }

    Relay toBackend() {
        return toBackend;
    }

    Relay toClient() {
        return toClient;
    }

    /** Payload of both directions. */
    long bytes() {
        return toBackend.bytes() + toClient.bytes();
    }

    void describe(ConnectionDetails details) {
        details.times(openedNs, activeNs).bytes(toBackend.bytes(), toClient.bytes());
    }

    void describe(FlowEnd end, long nowNs) {
        end.times(openedNs, nowNs)
                .bytes(toBackend.bytes(), toClient.bytes(), toBackend.splicedBytes() + toClient.splicedBytes());
    }

    long ageNs(long nowNs) {
        return nowNs - openedNs;
    }

    long activeNs() {
        return activeNs;
    }

    void onActivity(long nowNs) {
        activeNs = nowNs;
    }

    /**
     * On the backend's side only from a connection's first deadline on, which is the connect timeout: the many that end
     * before do not pay for it. The client's socket has it from its listener.
     */
    void detectDeadBackend(TcpForwarder tcp, TcpOptions options) {
        if (!detecting) {
            detecting = true;
            DeadPeerDetection.enable(tcp.sockets(), backendSide.fd(), options);
        }
    }

    /** Gives each direction its turn; whether one has more to move. */
    boolean turn(TcpForwarder tcp) {
        boolean more = turnBoth(tcp);
        if (clientSide.tryDrainDead() || backendSide.tryDrainDead()) {
            more = turnBoth(tcp);
        }
        return more;
    }

    private boolean turnBoth(TcpForwarder tcp) {
        int backendTurn = toBackend.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, toClient.isEnded());
        // The write that found it dead took the error; a read that did not know would find an end that nobody sent.
        backendSide.tryDrainDead();
        int clientTurn = toClient.turn(tcp, TcpCounter.BYTES_TO_CLIENTS, toBackend.isEnded());
        return backendTurn == Relay.MORE || clientTurn == Relay.MORE;
    }

    /** Before {@link #onTurn}: whether bytes are to be told of. */
    boolean hasToTell(long nowNs) {
        return nowNs >>> TOLD_SHIFT != activeNs >>> TOLD_SHIFT || toBackend.untold() + toClient.untold() >= TOLD_BYTES;
    }

    /**
     * What was moved since the last time. Not with each turn: a backend's numbers are every worker's, and to write to them
     * takes their cache line away from another.
     */
    void tellBytes(ServiceCounts services, int service, BackendTraffic traffic) {
        long copiedTo = toBackend.tellCopied();
        long splicedTo = toBackend.tellSpliced();
        long copiedFrom = toClient.tellCopied();
        long splicedFrom = toClient.tellSpliced();
        services.onBytes(service, copiedTo, splicedTo, copiedFrom, splicedFrom);
        traffic.onBytes(copiedTo, splicedTo, copiedFrom, splicedFrom);
    }

    /** After a turn; whether the connection became half-closed by it, which brings its deadline nearer. */
    boolean onTurn(long bytesBefore, long nowNs) {
        boolean becameHalfClosed = intact && !isIntact();
        intact = isIntact();
        if (becameHalfClosed || bytes() != bytesBefore) {
            activeNs = nowNs;
        }
        return becameHalfClosed;
    }

    /** As of the last turn. */
    boolean isHalfClosed() {
        return !intact;
    }

    void muteWhileBlocked(TcpForwarder tcp, int slot) {
        clientSide.muteWhileBlocked(tcp, slot);
        backendSide.muteWhileBlocked(tcp, slot);
    }

    /** Both directions still flow; else the connection is at least half-closed. */
    boolean isIntact() {
        return toBackend.isIntact() && toClient.isIntact();
    }

    boolean isEnded() {
        return toBackend.isEnded() && toClient.isEnded();
    }

    /** The side that {@link Side#isGone}, the client's first; or null. */
    Side gone() {
        return clientSide.isGone() ? clientSide : backendSide.isGone() ? backendSide : null;
    }

    /** When it is to end, unless something happens before. */
    long deadlineNs(Timeouts timeouts) {
        if (!isIntact()) {
            return Math.min(activeNs + timeouts.finNs(), lifetimeEndNs(timeouts));
        }
        long deadlineNs = Math.min(activeNs + timeouts.idleNs(), lifetimeEndNs(timeouts));
        return toBackend.hasTaken() ? deadlineNs : Math.min(deadlineNs, firstByteDeadlineNs(timeouts));
    }

    private long firstByteDeadlineNs(Timeouts timeouts) {
        return openedNs + timeouts.firstByteNs();
    }

    long lifetimeEndNs(Timeouts timeouts) {
        return timeouts.lifetime().endNs(openedNs, clientSide.generation());
    }

    /** Which deadline it was that has come. */
    CloseReason whenLate(Timeouts timeouts, long nowNs) {
        if (nowNs >= lifetimeEndNs(timeouts)) {
            return CloseReason.LIFETIME;
        }
        if (!isIntact()) {
            return CloseReason.FIN_TIMEOUT;
        }
        return toBackend.hasTaken() || nowNs < firstByteDeadlineNs(timeouts)
                ? CloseReason.IDLE_TIMEOUT
                : CloseReason.FIRST_BYTE_TIMEOUT;
    }

    /** Both sockets, memory, and pipes that hold unsent bytes. */
    void close(TcpForwarder tcp, CloseReason reason) {
        toBackend.release(tcp);
        toClient.release(tcp);
        clientSide.close(tcp, reason);
        backendSide.close(tcp, reason);
    }
}
