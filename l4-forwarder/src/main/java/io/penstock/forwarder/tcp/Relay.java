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
 * One direction of a connection: bytes from a source socket to a sink socket, through the worker's copy buffer or, once
 * the direction proved bulky, through a pipe.
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

    /** What one turn may copy before other connections have theirs; four full buffers, well under a millisecond. */
    private static final int BYTES_PER_TURN = 1 << 20;

    /** Of spliced bytes a turn may move twice as many, which takes no longer: measured, splicing costs half of copying. */
    private static final int SPLICED_PER_COPIED = 2;

    private final Pace pace = new Pace();
    private final Remainder remainder = new Remainder();

    private State state;
    private int sourceFd;
    private int sinkFd;
    private boolean sourceReadable;
    private boolean sinkWritable;
    /** The sink was connected for its first write: see {@link io.penstock.linux.Sockets#connect}. */
    private boolean sinkDelays;
    /** The source has sent its FIN: a read that comes up short has reached the end. */
    private boolean sourceHungUp;
    /**
     * Urgent data ends a read early, so a short read proves nothing on this source; and a splice stops before it with
     * EAGAIN although there is more, so such a source is copied.
     */
    private boolean sourceUrgent;
    /** Neither new data nor urgent data is told of, so again a short read proves nothing. */
    private boolean sourceMuted;
    /** The source is reset or dead; what it had delivered before can still be read. */
    private boolean sourceFailed;

    /** The kernel refused to splice this source, or one end is a UNIX socket. */
    private boolean spliceRefused;
    /** Where MSG_TRUNC does not drop anything, and a close with bytes unread is the only reset. */
    private boolean sourceUnix;
    /** Held from the first splice of a turn to its end, and longer while bytes are in it. */
    private Pipe pipe;

    /** Null when there is none, or it was sent. */
    private Preface preface;

    private long bytes;
    private long splicedBytes;
    /** What of both has been told. */
    private long copiedTold;

    private long splicedTold;
    /** Bytes that a sink which is being connected was given, and that are kept until it is. */
    private int early;

    void open(int sourceFd, int sinkFd) {
        this.sourceFd = sourceFd;
        this.sinkFd = sinkFd;
        transitionTo(State.OPEN);
        sourceReadable = false;
        sinkWritable = false;
        sinkDelays = false;
        sourceHungUp = false;
        sourceUrgent = false;
        sourceMuted = false;
        sourceFailed = false;
        spliceRefused = false;
        sourceUnix = false;
        pace.reset();
        preface = null;
        bytes = 0;
        splicedBytes = 0;
        copiedTold = 0;
        splicedTold = 0;
        early = 0;
    }

    /**
     * The source is a UNIX socket. Reads of it end before descriptors that the peer sends along and out-of-band bytes, so a
     * short one proves nothing, as if there were urgent data all the time.
     */
    void fromUnix() {
        sourceUnix = true;
        sourceUrgent = true;
    }

    /** The sink is a UNIX socket, to which bytes are copied: a splice would hold a pipe for as long as the peer is slow. */
    void toUnix() {
        spliceRefused = true;
    }

    /** The sink gets this before anything else. */
    void preface(Preface preface) {
        this.preface = preface;
    }

    void sink(int fd) {
        sinkFd = fd;
    }

    /**
     * Before there is a sink: takes what the source has sent already, if anything. Its socket need not be in epoll yet:
     * what this leaves is told by the first event. All but a failure, which a read takes with it.
     */
    void readAhead(TcpForwarder tcp) {
        readAhead(tcp, 0);
    }

    /** As {@link #readAhead(TcpForwarder)}, but the first octets, which are there, are not for the sink. */
    void readAhead(TcpForwarder tcp, int skipped) {
        int room = skipped + tcp.remainders().readAheadRoom();
        if (room == 0) {
            return;
        }
        int length = (int) tcp.syscalls().recv(sourceFd, tcp.copyBufferAddress(), room, 0);
        if (length > skipped) {
            remainder.keep(tcp.remainders(), tcp.copyBufferAddress() + skipped, length - skipped);
        } else if (length < skipped && (skipped > 0 || length != -Errno.EAGAIN)) {
            onSourceDead();
        }
    }

    /** Whether bytes wait for the sink. */
    boolean hasReadAhead() {
        return !remainder.isEmpty();
    }

    /**
     * Gives a sink that is being connected what was read ahead, and keeps it for another: only when the sink is connected,
     * {@link #onEarlyTaken}, is it delivered. The sink's fd, or {@code -errno} and the sink is closed.
     */
    int sendEarly(TcpForwarder tcp, int fd) {
        int sent = remainder.show(tcp.syscalls(), fd, MSG_NOSIGNAL);
        if (sent < 0 && sent != -Errno.EAGAIN && sent != -Errno.EINPROGRESS) {
            tcp.syscalls().close(fd);
            return sent;
        }
        early = Math.max(sent, 0);
        return fd;
    }

    void onEarlyTaken(TcpForwarder tcp, TcpCounter bytesCounter) {
        if (early > 0) {
            remainder.skip(early);
            onSent(tcp, bytesCounter, early);
            onEarlyLost();
        }
        if (remainder.isEmpty()) {
            remainder.release(tcp.remainders());
        }
    }

    void onEarlyLost() {
        early = 0;
    }

    /**
     * Whether the sink that is being connected is told that data follows: that delays acknowledgements until the first write,
     * then writes.
     */
    void sinkDelays(boolean delays) {
        sinkDelays = delays;
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

    /**
     * Whether arriving data should not wake: there is more to read already than the sink takes. From then on until the
     * source is drained.
     */
    boolean isSourceToBeMuted() {
        return sourceReadable && (sourceMuted || (state == State.OPEN && !sinkWritable));
    }

    boolean isSourceMuted() {
        return sourceMuted;
    }

    void sourceMuted(boolean muted) {
        sourceMuted = muted;
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

    /** Whether the source has delivered anything, even if it waits for the sink; of a relay that delivers. */
    boolean hasTaken() {
        return bytes > 0 || !remainder.isEmpty();
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

    /** Of these, bytes that went through a pipe. */
    long splicedBytes() {
        return splicedBytes;
    }

    /** Payload that {@link #tellCopied} and {@link #tellSpliced} would return. */
    long untold() {
        return bytes - copiedTold - splicedTold;
    }

    /** Bytes that were copied since this was last called. */
    long tellCopied() {
        long copied = bytes - splicedBytes;
        long fresh = copied - copiedTold;
        copiedTold = copied;
        return fresh;
    }

    /** Bytes that went through a pipe since this was last called. */
    long tellSpliced() {
        long fresh = splicedBytes - splicedTold;
        splicedTold = splicedBytes;
        return fresh;
    }

    /** Moves bytes until there is nothing to move or the turn is over; {@link #WAITING} or {@link #MORE}. */
    int turn(TcpForwarder tcp, TcpCounter bytesCounter, boolean lastDirection) {
        int result = move(tcp, bytesCounter, lastDirection);
        if (state == State.SEVERED) {
            remainder.release(tcp.remainders());
            result = discard(tcp);
        }
        if (pipe != null && (pipe.isEmpty() || isOver())) {
            releasePipe(tcp);
        }
        return result;
    }

    private int move(TcpForwarder tcp, TcpCounter bytesCounter, boolean lastDirection) {
        int budget = BYTES_PER_TURN;
        while (!isOver()) {
            if (!flush(tcp, bytesCounter)) {
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
                budget -= isSplicing(tcp) ? splice(tcp, bytesCounter, budget) : copyWithin(tcp, bytesCounter);
            }
        }
        return WAITING;
    }

    /**
     * Takes from the source what nobody will get, as the host of a dead peer would: else a source that has to send before
     * it reads would never come to what is still on its way to it.
     */
    private int discard(TcpForwarder tcp) {
        if (sourceUnix) {
            return discardAllButOne(tcp);
        }
        int budget = BYTES_PER_TURN;
        while (sourceReadable) {
            if (budget <= 0) {
                return MORE;
            }
            // With MSG_TRUNC, TCP drops the bytes without copying them; see tcp(7).
            int length = (int) tcp.syscalls().recv(sourceFd, tcp.copyBufferAddress(), budget, MSG_TRUNC);
            budget -= length;
            if (length <= 0) {
                sourceReadable = false;
                sourceFailed |= length < 0 && length != -Errno.EAGAIN;
            }
        }
        return WAITING;
    }

    /**
     * As {@link #discard} of a UNIX socket, but for the last byte: a close with one unread is told to the peer as ECONNRESET,
     * where one without looks like the end of a whole stream.
     */
    private int discardAllButOne(TcpForwarder tcp) {
        int budget = BYTES_PER_TURN;
        while (sourceReadable) {
            if (budget <= 0) {
                return MORE;
            }
            int unread = tcp.sockets().unread(sourceFd);
            if (unread == 1) {
                sourceReadable = false;
                return WAITING;
            }
            // When there is nothing, a read says whether there will be.
            int limit = Math.max(1, Math.min(unread - 1, TcpForwarder.COPY_BUFFER_BYTES));
            int length = (int) tcp.syscalls().recv(sourceFd, tcp.copyBufferAddress(), limit, 0);
            budget -= length;
            if (length <= 0) {
                sourceReadable = false;
                sourceFailed |= length < 0 && length != -Errno.EAGAIN;
            }
        }
        return WAITING;
    }

    /** Whether the next bytes go through a pipe, which then is here. */
    private boolean isSplicing(TcpForwarder tcp) {
        if (!pace.isBulky() || sourceUrgent || sourceFailed || spliceRefused) {
            return false;
        }
        if (pipe == null) {
            pipe = tcp.pipes().acquire(tcp.nowNs());
        }
        return pipe != null;
    }

    /** Fills the empty pipe and drains it; returns what that used up of the turn's budget. */
    private int splice(TcpForwarder tcp, TcpCounter bytesCounter, int budget) {
        int filled = pipe.fill(sourceFd, budget * SPLICED_PER_COPIED);
        if (filled > 0) {
            pace.onFilled(filled);
            drainPipe(tcp, bytesCounter);
            return Math.max(1, filled / SPLICED_PER_COPIED);
        }
        if (filled == -Errno.EAGAIN) {
            sourceReadable = false;
            return 0;
        }
        if (isRefusal(filled)) {
            spliceRefused = true;
        } else if (filled < 0) {
            sourceFailed = true;
        }
        // Zero and errors are no end yet: urgent data may have stopped the splice, with more behind it. Reads find out.
        return copyWithin(tcp, bytesCounter);
    }

    private static boolean isRefusal(int result) {
        return result == -Errno.EINVAL || result == -Errno.EPERM || result == -Errno.ENOSYS || result == -Errno.ENOMEM;
    }

    /** Whether the pipe is empty now. */
    private boolean drainPipe(TcpForwarder tcp, TcpCounter bytesCounter) {
        while (!pipe.isEmpty()) {
            int sent = pipe.drain(sinkFd);
            if (sent == -Errno.EAGAIN) {
                sinkWritable = false;
                pace.onSinkFull();
                return false;
            }
            if (sent <= 0) {
                transitionTo(State.SEVERED);
                return false;
            }
            pace.onDrained(sent);
            onSent(tcp, bytesCounter, sent);
            tcp.counters().add(TcpCounter.BYTES_SPLICED, sent);
            splicedBytes += sent;
        }
        return true;
    }

    private int copyWithin(TcpForwarder tcp, TcpCounter bytesCounter) {
        int room = tcp.remainders().readRoom(pace.limitBytes());
        return room > 0 ? copy(tcp, bytesCounter, room) : copyPeeked(tcp, bytesCounter);
    }

    /** One read and one write; returns the bytes written. */
    private int copy(TcpForwarder tcp, TcpCounter bytesCounter, int limit) {
        long buffer = tcp.copyBufferAddress();
        int length = (int) tcp.syscalls().recv(sourceFd, buffer, limit, 0);
        if (length <= 0) {
            onNothingRead(length);
            return 0;
        }
        if (length < limit && !sourceUrgent && !sourceMuted && !sourceFailed) {
            if (sourceHungUp) {
                transitionTo(State.ENDING);
            } else {
                sourceReadable = false;
            }
        }
        hurrySink(tcp);
        // The FIN follows at once, so the last segment may wait for it: one packet less.
        int flags = state == State.ENDING ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
        int sent = (int) tcp.syscalls().send(sinkFd, buffer, length, flags);
        if (sent == length) {
            pace.onCopied(length);
        } else if (sent >= 0 || sent == -Errno.EAGAIN) {
            sent = Math.max(sent, 0);
            sinkWritable = false;
            pace.onSinkFull();
            remainder.keep(tcp.remainders(), buffer + sent, length - sent);
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
        int length = (int) tcp.syscalls().recv(sourceFd, buffer, Pace.MIN_READ_BYTES, MSG_PEEK);
        if (length == 0) {
            // A look does not consume urgent data before the end, and a close with any left would be a reset.
            tcp.syscalls().recv(sourceFd, buffer, 1, 0);
        }
        if (length <= 0) {
            onNothingRead(length);
            return 0;
        }
        tcp.counters().increment(TcpCounter.PEEKED_READS);
        hurrySink(tcp);
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
        sourceFailed |= result < 0 && result != -Errno.EAGAIN;
        if (result == -Errno.EAGAIN) {
            sourceReadable = false;
        } else if (sourceFailed) {
            // A failed send takes the socket's error with it; the reads that follow then end with 0, not with it.
            transitionTo(State.FAILING);
        } else {
            transitionTo(State.ENDING);
        }
    }

    /** Whether nothing that was read waits for the sink any more. */
    private boolean flush(TcpForwarder tcp, TcpCounter bytesCounter) {
        if (preface != null && !sendPreface(tcp, bytesCounter)) {
            return false;
        }
        if (remainder.isEmpty()) {
            return pipe == null || pipe.isEmpty() || (sinkWritable && drainPipe(tcp, bytesCounter));
        }
        if (!sinkWritable) {
            return false;
        }
        hurrySink(tcp);
        int flags = state == State.ENDING ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
        int sent = remainder.drain(tcp.syscalls(), sinkFd, flags);
        if (sent < 0 && sent != -Errno.EAGAIN) {
            transitionTo(State.SEVERED);
            return false;
        }
        onSent(tcp, bytesCounter, Math.max(sent, 0));
        if (sinkDelays && sent > 0 && bytes == sent) {
            tcp.sockets().quickAck(sinkFd);
        }
        if (!remainder.isEmpty()) {
            sinkWritable = false;
            return false;
        }
        remainder.release(tcp.remainders());
        return true;
    }

    /** Sends it and what was read ahead in one call; whether it is with the kernel now. */
    private boolean sendPreface(TcpForwarder tcp, TcpCounter bytesCounter) {
        if (!sinkWritable) {
            return false;
        }
        long buffer = tcp.copyBufferAddress();
        int length = preface.compose(tcp);
        int all = length + remainder.copyTo(buffer + length);
        int sent = (int) tcp.syscalls().send(sinkFd, buffer, all, MSG_NOSIGNAL);
        if (sent == -Errno.EAGAIN) {
            sinkWritable = false;
            return false;
        }
        if (sent < 0) {
            transitionTo(State.SEVERED);
            return false;
        }
        preface = null;
        if (sent < length) {
            // An empty send buffer has room for every header, so this hardly happens; what follows would be misread.
            remainder.release(tcp.remainders());
            transitionTo(State.FAILED);
            return false;
        }
        remainder.skip(sent - length);
        onSent(tcp, bytesCounter, sent - length);
        if (sinkDelays) {
            tcp.sockets().quickAck(sinkFd);
            if (bytes == 0) {
                // The header was the first write, so the client's first bytes are the second.
                sinkDelays = false;
                tcp.sockets().noDelay(sinkFd);
            }
        }
        if (remainder.isEmpty()) {
            remainder.release(tcp.remainders());
        } else {
            sinkWritable = false;
        }
        return true;
    }

    private void hurrySink(TcpForwarder tcp) {
        if (sinkDelays && bytes > 0) {
            sinkDelays = false;
            tcp.sockets().noDelay(sinkFd);
        }
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

    /** Gives memory and pipe back; what stood in them is lost. */
    void release(TcpForwarder tcp) {
        remainder.release(tcp.remainders());
        if (pipe != null) {
            releasePipe(tcp);
        }
    }

    private void releasePipe(TcpForwarder tcp) {
        tcp.pipes().release(pipe);
        pipe = null;
    }

    private void transitionTo(State next) {
        state = next;
    }
}
