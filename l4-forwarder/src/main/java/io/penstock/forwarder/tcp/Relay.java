package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_MORE;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.MSG_PEEK;
import static io.penstock.linux.SocketConstants.MSG_TRUNC;
import static io.penstock.linux.SocketConstants.SHUT_WR;

import io.penstock.linux.Errno;

/**
 * One direction of a connection: bytes from a source socket to a sink socket, through the worker's copy buffer.
 *
 * <pre>
 *            end of stream            rest flushed, FIN sent
 *   OPEN ────────────────▶ ENDING ────────────────────────▶ ENDED
 *     │
 *     │ source failed                 rest flushed
 *     ├───────────────────▶ FAILING ──────────────────────▶ FAILED     the sink is to be reset
 *     │ sink failed
 *     └───────────────────▶ SEVERED  (also from ENDING and ENDED)      nothing can be delivered any more
 * </pre>
 *
 * Sockets are registered edge-triggered, so what an event says is remembered here until a call returns EAGAIN, or a
 * short read or write says the same. Belongs to its connection, on the worker's thread.
 */
final class Relay {
    enum State {
        OPEN,
        ENDING,
        ENDED,
        FAILING,
        FAILED,
        SEVERED
    }

    /** What a turn left to do: nothing until an event comes. */
    static final int WAITING = 0;
    /** The turn's share of bytes is used up; more are ready. */
    static final int MORE = 1;

    /**
     * What one turn may move before other connections have theirs; four full copies, well under a millisecond.
     */
    private static final int BYTES_PER_TURN = 1 << 20;

    /** The first read of a direction, and each after its sink was found full: bounds what a slow sink can strand. */
    private static final int MIN_READ_BYTES = RemainderPool.SMALL_BYTES;

    private State state;
    private int sourceFd;
    private int sinkFd;
    private boolean sourceReadable;
    private boolean sinkWritable;
    /** The source has sent its FIN: a read that comes up short has reached the end. */
    private boolean sourceHungUp;
    /** Urgent data ends a read early, so a short read proves nothing on this source. */
    private boolean sourceUrgent;
    /** The source is reset or dead; what it had delivered before can still be read. */
    private boolean sourceFailed;

    private int readLimitBytes;
    private long bytes;
    private long remainder;
    private int remainderCapacity;
    private int remainderOffset;
    private int remainderLength;

    void open(int sourceFd, int sinkFd) {
        this.sourceFd = sourceFd;
        this.sinkFd = sinkFd;
        transitionTo(State.OPEN);
        sourceReadable = false;
        sinkWritable = false;
        sourceHungUp = false;
        sourceUrgent = false;
        sourceFailed = false;
        readLimitBytes = MIN_READ_BYTES;
        bytes = 0;
    }

    void sink(int fd) {
        sinkFd = fd;
    }

    void source(int fd) {
        sourceFd = fd;
    }

    State state() {
        return state;
    }

    /** Whether the source may have more to deliver. */
    boolean isReading() {
        return state == State.OPEN;
    }

    /** Whether both ends are as they were when the relay opened. */
    boolean isIntact() {
        return state == State.OPEN && !sourceFailed;
    }

    boolean isSourceFailed() {
        return sourceFailed;
    }

    boolean isSevered() {
        return state == State.SEVERED;
    }

    boolean isFailed() {
        return state == State.FAILED;
    }

    /** Payload bytes that the sink's kernel took. */
    long bytes() {
        return bytes;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    /** Whether everything that could be moved has been, one way or another. */
    boolean isOver() {
        return state == State.ENDED || state == State.FAILED || state == State.SEVERED;
    }

    void onSourceEvent(int events) {
        if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
            sourceReadable = true;
        }
        if ((events & EPOLLPRI) != 0) {
            sourceUrgent = true;
        }
        if ((events & EPOLLRDHUP) != 0) {
            sourceHungUp = true;
        }
        if ((events & EPOLLERR) != 0) {
            sourceFailed = true;
        }
    }

    void onSinkEvent(int events) {
        if ((events & EPOLLOUT) != 0) {
            sinkWritable = true;
        }
    }

    /** The source's socket was found dead by the other direction: read what is left, then report a failure. */
    void onSourceDead() {
        sourceFailed = true;
        sourceReadable = true;
    }

    /** The sink's socket is dead. */
    void onSinkDead() {
        if (state != State.FAILED) {
            transitionTo(State.SEVERED);
        }
    }

    /** Moves bytes until there is nothing to move or the turn is over; {@link #WAITING} or {@link #MORE}. */
    int turn(TcpForwarder tcp, TcpCounter bytesCounter, boolean lastDirection) {
        int budget = BYTES_PER_TURN;
        while (!isOver()) {
            if (remainderLength > 0 && !flush(tcp, bytesCounter)) {
                return WAITING;
            }
            if (state == State.ENDING) {
                end(tcp, lastDirection);
            } else if (state == State.FAILING) {
                transitionTo(State.FAILED);
            } else if (!sourceReadable || !sinkWritable) {
                return WAITING;
            } else if (budget <= 0) {
                return MORE;
            } else {
                int room = tcp.remainders().readRoom(readLimitBytes);
                budget -= room > 0 ? copy(tcp, bytesCounter, room) : copyPeeked(tcp, bytesCounter);
            }
        }
        return WAITING;
    }

    /** One read and one write; returns the bytes written. */
    private int copy(TcpForwarder tcp, TcpCounter bytesCounter, int limit) {
        long buffer = tcp.copyBufferAddress();
        int length = (int) tcp.syscalls().recv(sourceFd, buffer, limit, 0);
        if (length <= 0) {
            onNothingRead(length);
            return 0;
        }
        if (length < limit && !sourceUrgent && !sourceFailed) {
            if (sourceHungUp) {
                transitionTo(State.ENDING);
            } else {
                sourceReadable = false;
            }
        }
        // The FIN follows at once, so the last segment may wait for it: one packet less.
        int flags = state == State.ENDING ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
        int sent = (int) tcp.syscalls().send(sinkFd, buffer, length, flags);
        if (sent == length) {
            if (length == limit) {
                readLimitBytes = Math.min(limit << 1, TcpForwarder.COPY_BUFFER_BYTES);
            }
        } else if (sent >= 0 || sent == -Errno.EAGAIN) {
            sent = Math.max(sent, 0);
            sinkWritable = false;
            readLimitBytes = MIN_READ_BYTES;
            keepRemainder(tcp, buffer + sent, length - sent);
        } else {
            transitionTo(State.SEVERED);
            return 0;
        }
        onSent(tcp, bytesCounter, sent);
        return sent;
    }

    /** As {@link #copy} when there is no memory for a rest: what the sink does not take stays in the kernel. */
    private int copyPeeked(TcpForwarder tcp, TcpCounter bytesCounter) {
        long buffer = tcp.copyBufferAddress();
        int length = (int) tcp.syscalls().recv(sourceFd, buffer, MIN_READ_BYTES, MSG_PEEK);
        if (length <= 0) {
            onNothingRead(length);
            return 0;
        }
        tcp.counters().increment(TcpCounter.PEEKED_READS);
        int sent = (int) tcp.syscalls().send(sinkFd, buffer, length, MSG_NOSIGNAL);
        if (sent < 0 && sent != -Errno.EAGAIN) {
            transitionTo(State.SEVERED);
            return 0;
        }
        sent = Math.max(sent, 0);
        sinkWritable = sent == length;
        if (sent > 0) {
            onSent(tcp, bytesCounter, sent);
            // With MSG_TRUNC, TCP drops the bytes without copying them; see tcp(7). They were just seen to be there.
            if (tcp.syscalls().recv(sourceFd, buffer, sent, MSG_TRUNC) != sent) {
                transitionTo(State.FAILING);
            }
        }
        return sent;
    }

    private void onNothingRead(int result) {
        if (result == -Errno.EAGAIN) {
            sourceReadable = false;
        } else if (result < 0 || sourceFailed) {
            // A failed send takes the socket's error with it; the reads that follow then end with 0, not with it.
            transitionTo(State.FAILING);
        } else {
            transitionTo(State.ENDING);
        }
    }

    private boolean flush(TcpForwarder tcp, TcpCounter bytesCounter) {
        if (!sinkWritable) {
            return false;
        }
        int flags = state == State.ENDING ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
        int sent = (int) tcp.syscalls().send(sinkFd, remainder + remainderOffset, remainderLength, flags);
        if (sent < 0 && sent != -Errno.EAGAIN) {
            transitionTo(State.SEVERED);
            return false;
        }
        sent = Math.max(sent, 0);
        onSent(tcp, bytesCounter, sent);
        remainderOffset += sent;
        remainderLength -= sent;
        if (remainderLength > 0) {
            sinkWritable = false;
            return false;
        }
        dropRemainder(tcp);
        return true;
    }

    private void end(TcpForwarder tcp, boolean lastDirection) {
        // When the other direction has ended too, the close that follows sends the FIN and saves a call.
        if (!lastDirection && tcp.syscalls().shutdown(sinkFd, SHUT_WR) < 0) {
            transitionTo(State.SEVERED);
            return;
        }
        transitionTo(State.ENDED);
    }

    private void onSent(TcpForwarder tcp, TcpCounter bytesCounter, int sent) {
        bytes += sent;
        tcp.counters().add(bytesCounter, sent);
    }

    private void keepRemainder(TcpForwarder tcp, long from, int length) {
        remainder = tcp.remainders().acquire(length);
        remainderCapacity = length;
        remainderOffset = 0;
        remainderLength = length;
        tcp.copyMemory(from, remainder, length);
    }

    /** Gives the memory back; what stood in it is lost. */
    void dropRemainder(TcpForwarder tcp) {
        if (remainder != RemainderPool.NO_BLOCK) {
            tcp.remainders().release(remainder, remainderCapacity);
            remainder = RemainderPool.NO_BLOCK;
            remainderLength = 0;
        }
    }

    private void transitionTo(State next) {
        state = next;
    }
}
