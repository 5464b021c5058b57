package io.penstock.forwarder.tcp;

import io.penstock.forwarder.event.EventKind;

/**
 * One of a connection's two sockets, with the relay that reads from it and the one that writes to it. Belongs to its
 * connection, on the worker's thread, which closes it.
 */
final class Side {
    static final int NO_FD = -1;

    private final int kind;
    private final Relay from;
    private final Relay to;
    private int fd = NO_FD;
    private int generation;

    private boolean timedOut;

    /** @param kind of its events */
    Side(int kind, Relay from, Relay to) {
        this.kind = kind;
        this.from = from;
        this.to = to;
    }

    int fd() {
        return fd;
    }

    /** Of the socket that it has, or had last: another for each. */
    int generation() {
        return generation;
    }

    boolean isOpen() {
        return fd != NO_FD;
    }

    /** Whether an event's generation is of the socket that this has now, not of an earlier one. */
    boolean isCurrent(int generation) {
        return fd != NO_FD && this.generation == generation;
    }

    /** Owns the socket from now on, which epoll does not know of. */
    void own(TcpForwarder tcp, int fd) {
        this.fd = fd;
        generation = tcp.nextGeneration();
    }

    /** Owns the socket from now on, and listens to its events; false when that is impossible. */
    boolean tryAdopt(TcpForwarder tcp, int slot, int fd) {
        this.fd = fd;
        timedOut = false;
        generation = tcp.nextGeneration();
        return tcp.register(fd, generation, slot, kind) >= 0;
    }

    void onEvent(int events) {
        from.onSourceEvent(events);
        to.onSinkEvent(events);
    }

    /** Takes the error from the socket: reads go on to the end of what had arrived, and then the relay reports a failure. */
    void onFailed(TcpForwarder tcp) {
        timedOut |= DeadPeerDetection.isGone(tcp.sockets().takeError(fd));
        if (!from.isReading()) {
            to.onSinkDead();
        }
    }

    /** Whether a write found it dead, so that what it had sent before is to be read to its end. */
    boolean tryDrainDead() {
        boolean found = to.isSevered() && from.isReading();
        if (found) {
            from.onSourceDead();
        }
        return found;
    }

    /** Takes what it sends, which nobody will get; whether there is more of it. */
    boolean discard(TcpForwarder tcp) {
        return from.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, false) == Relay.MORE;
    }

    /**
     * A source that outruns its sink would wake the worker with every segment, for nothing. It is muted until it has been
     * read to its end, which costs two calls each time the bottleneck moves, and none where it does not.
     */
    void muteWhileBlocked(TcpForwarder tcp, int slot) {
        boolean muted = from.isSourceToBeMuted();
        if (muted != from.isSourceMuted()) {
            from.sourceMuted(muted);
            tcp.mute(fd, generation, slot, kind, muted);
        }
    }

    /** Dead, and everything it had delivered is with the other side's socket. */
    boolean isGone() {
        return from.isFailed() || (to.isSevered() && from.isOver());
    }

    boolean isDead() {
        return to.isSevered() || from.isSourceFailed();
    }

    CloseReason whenDead() {
        if (kind == EventKind.TCP_CLIENT) {
            return timedOut ? CloseReason.CLIENT_TIMED_OUT : CloseReason.CLIENT_RESET;
        }
        return timedOut ? CloseReason.BACKEND_TIMED_OUT : CloseReason.BACKEND_RESET;
    }

    /** Nothing can be delivered to it any more. */
    void reset(TcpForwarder tcp) {
        tcp.sockets().reset(fd);
        fd = NO_FD;
        to.onSinkDead();
    }

    /** A pending connect came to nothing. */
    void abandon(TcpForwarder tcp) {
        tcp.syscalls().close(fd);
        fd = NO_FD;
    }

    /** With a FIN or a reset, as the reason says; if it is open. */
    void close(TcpForwarder tcp, CloseReason reason) {
        if (fd == NO_FD) {
            return;
        }
        if (reason.isClean()) {
            tcp.syscalls().close(fd);
        } else {
            tcp.sockets().reset(fd);
        }
        fd = NO_FD;
    }
}
