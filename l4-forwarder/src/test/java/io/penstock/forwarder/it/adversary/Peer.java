package io.penstock.forwarder.it.adversary;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.MSG_OOB;
import static io.penstock.linux.SocketConstants.MSG_PEEK;
import static io.penstock.linux.SocketConstants.SHUT_WR;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.TCP_NODELAY;

import io.penstock.forwarder.it.adversary.Observed.Finish;
import io.penstock.linux.Errno;
import io.penstock.linux.SocketAddress;
import io.penstock.net.Endpoint;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** One side of a {@link Run}: plays its steps as far as its socket lets it. Owns its sockets. */
final class Peer {
    /** What a turn left to do. */
    enum Progress {
        OVER,
        /** Nothing until an event or {@link #wakeAtNs}. */
        BLOCKED,
        /** The turn's share of bytes is used up. */
        MORE
    }

    private static final int BYTES_PER_TURN = 1 << 20;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long ACKNOWLEDGED_POLL_NS = NANOS_PER_MILLI;
    private static final int NO_FD = -1;
    private static final int BACKLOG = 16;

    private final Run run;
    private final int kind;
    private final List<Op> ops;
    private final Content outgoing;
    private final Content incoming;
    private Peer other;

    private int listenerFd = NO_FD;
    private int fd = NO_FD;
    private int at;
    private boolean begun;
    private long left;
    private long wakeAtNs = Long.MAX_VALUE;
    private int budget;

    private Finish finish = Finish.ABSENT;
    private boolean endOfStream;
    private boolean reset;
    private long sent;
    private int urgent;
    /** Positions in the stream before which an urgent byte was sent that may still arrive as an ordinary one. */
    private final Queue<Long> urgentAt = new ArrayDeque<>();

    private long received;
    private boolean drained;
    private boolean connected;
    /** The socket has failed, though nobody may have been told yet. */
    private boolean dead;

    private boolean halfClosed;
    private boolean unread;
    private long acknowledged;

    /** @param kind of its events, see {@link Arena} */
    Peer(Run run, int kind, List<Op> ops, Content outgoing, Content incoming) {
        this.run = run;
        this.kind = kind;
        this.ops = ops;
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    void meets(Peer other) {
        this.other = other;
    }

    /** For a backend: its listener, which is there before any client is. */
    void listen(Endpoint endpoint) {
        listenerFd = run.check("bind", run.arena().sockets().bind(endpoint, false));
        run.check("listen", run.arena().sockets().listen(listenerFd, BACKLOG));
        run.arena().register(listenerFd, run, kind);
    }

    boolean isOver() {
        return at == ops.size() && fd == NO_FD;
    }

    boolean hasReset() {
        return finish == Finish.RESET && fd == NO_FD;
    }

    boolean isAccepting() {
        return listenerFd != NO_FD && !isOver() && ops.get(at).kind() == Op.Kind.ACCEPT;
    }

    long wakeAtNs() {
        return wakeAtNs;
    }

    Observed observed() {
        return new Observed(
                finish, sent, urgent, received, endOfStream, reset, drained, halfClosed, unread, acknowledged);
    }

    void onEvent(int events) {
        if (fd != NO_FD) {
            connected |= (events & EPOLLOUT) != 0;
            dead |= (events & EPOLLERR) != 0;
        }
    }

    /** Plays on until something has to be waited for. */
    Progress turn(long nowNs) {
        budget = BYTES_PER_TURN;
        while (at < ops.size()) {
            Op op = ops.get(at);
            if (!begun) {
                begun = true;
                left = op.amount();
                wakeAtNs = op.kind() == Op.Kind.PAUSE ? nowNs + left * NANOS_PER_MILLI : Long.MAX_VALUE;
            }
            if (!tryStep(op, nowNs)) {
                return budget <= 0 ? Progress.MORE : Progress.BLOCKED;
            }
            nextStep();
        }
        if (fd != NO_FD) {
            close();
        } else if (finish == Finish.ABSENT) {
            // Nobody is going to accept, so whoever waits in the queue is reset.
            closeListener();
        }
        return Progress.OVER;
    }

    private void nextStep() {
        at++;
        begun = false;
        wakeAtNs = Long.MAX_VALUE;
        run.onProgress();
    }

    /** Whether the step is done. */
    private boolean tryStep(Op op, long nowNs) {
        return switch (op.kind()) {
            case BUFFER -> tryBuffer(op);
            case CONNECT -> tryConnect();
            case ACCEPT -> tryAccept();
            case SEND -> trySend();
            case DUPLEX -> tryDuplex();
            case URGENT -> trySendUrgent();
            case RECEIVE -> tryReceive();
            case PAUSE -> nowNs >= wakeAtNs;
            case WAIT_ACKNOWLEDGED -> tryAcknowledged(nowNs);
            case HALF_CLOSE -> halfClose();
            case CLOSE -> close();
            case RESET -> reset();
        };
    }

    private boolean tryBuffer(Op op) {
        if (listenerFd == NO_FD) {
            openSocket();
        }
        int target = listenerFd == NO_FD ? fd : listenerFd;
        run.check("SO_RCVBUF", run.arena().sockets().setOption(target, SOL_SOCKET, SO_RCVBUF, (int) op.amount()));
        return true;
    }

    private void openSocket() {
        if (fd == NO_FD) {
            int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
            fd = run.check("socket", run.arena().syscalls().socket(AF_INET, type, 0));
            run.arena().sockets().setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        }
    }

    /** Blocking as the connect of an ordinary client: until it is known to be there or refused. */
    private boolean tryConnect() {
        if (finish == Finish.ABSENT) {
            openSocket();
            Endpoint target = run.target();
            SocketAddress address = new SocketAddress().set(target.address(), target.port());
            int result = run.arena().syscalls().connect(fd, address.address(), address.length());
            finish = Finish.CLOSED;
            if (result < 0 && result != -Errno.EINPROGRESS) {
                onError();
            }
            // Only now: a socket that is not connecting yet would report a hang-up.
            run.arena().register(fd, run, kind);
        }
        return connected || dead;
    }

    private boolean tryAccept() {
        int result = run.arena().sockets().accept(listenerFd);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        fd = run.check("accept", result);
        finish = Finish.CLOSED;
        run.arena().register(fd, run, kind);
        return true;
    }

    /** For a backend whose client is gone for good: it is not going to meet anyone. */
    void giveUpAccepting() {
        at = ops.size();
    }

    /** For a backend that has met its client: whether yet another connection waits. */
    boolean isWantedTwice() {
        if (listenerFd == NO_FD || finish == Finish.ABSENT) {
            return false;
        }
        int result = run.arena().sockets().accept(listenerFd);
        if (result >= 0) {
            run.arena().syscalls().close(result);
        }
        return result >= 0;
    }

    private boolean trySend() {
        while (left > 0 && budget > 0) {
            int length = (int) Math.min(left, Content.CHUNK_BYTES);
            int result = (int) run.arena().syscalls().send(fd, outgoing.address(sent), length, MSG_NOSIGNAL);
            if (result == -Errno.EAGAIN) {
                return false;
            }
            if (result < 0) {
                onError();
                return true;
            }
            sent += result;
            left -= result;
            budget -= result;
            run.onProgress();
        }
        return left == 0;
    }

    private boolean tryDuplex() {
        boolean sentAll = trySend();
        if (budget > 0) {
            long toSend = left;
            left = Op.WHOLE_STREAM;
            tryReceive();
            left = toSend;
        }
        return sentAll;
    }

    private boolean trySendUrgent() {
        long address = run.arena().urgentByteAddress();
        int result = (int) run.arena().syscalls().send(fd, address, 1, MSG_OOB | MSG_NOSIGNAL);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        if (result < 0) {
            onError();
        } else {
            urgent++;
            urgentAt.add(sent);
        }
        return true;
    }

    private boolean tryReceive() {
        while (left > 0 && budget > 0) {
            int limit = (int) Math.min(left, Content.CHUNK_BYTES);
            int result = (int) run.arena().syscalls().recv(fd, run.arena().bufferAddress(), limit, 0);
            if (result == -Errno.EAGAIN) {
                return false;
            }
            if (result <= 0) {
                onNothingReceived(result);
                return true;
            }
            long before = received;
            verify(result);
            budget -= result;
            left -= received - before;
            run.onProgress();
        }
        return left == 0;
    }

    private void onNothingReceived(int result) {
        drained = true;
        if (result < 0) {
            onError();
        } else if (!reset) {
            // After a failed send took the error with it, the 0 that follows is no end of stream.
            endOfStream = true;
            if (!other.hasEndedItsStream()) {
                run.fail("the " + name() + " saw an end of stream that nobody had sent yet");
            }
        }
    }

    private boolean hasEndedItsStream() {
        return halfClosed || (fd == NO_FD && observed().endedItsStream());
    }

    private String name() {
        return kind == Arena.CLIENT ? "client" : "backend";
    }

    /** The bytes just received are the next of the stream, or an urgent one that was overtaken by another. */
    private void verify(int length) {
        int offset = 0;
        while (offset < length) {
            int same = incoming.matching(received, run.arena().buffer(), offset, length - offset);
            received += same;
            offset += same;
            if (offset < length) {
                if (run.arena().buffer().get(offset) != Content.URGENT || !other.mayHaveSentUrgentAt(received)) {
                    run.fail("byte " + received + " that the " + name() + " received is wrong");
                    return;
                }
                offset++;
            }
        }
        if (received > other.sent) {
            run.fail("the " + name() + " received " + received + " bytes when " + other.sent + " were sent");
        }
    }

    private boolean mayHaveSentUrgentAt(long position) {
        while (!urgentAt.isEmpty() && urgentAt.peek() < position) {
            urgentAt.remove();
        }
        boolean there = !urgentAt.isEmpty() && urgentAt.peek() == position;
        if (there) {
            urgentAt.remove();
        }
        return there;
    }

    private boolean tryAcknowledged(long nowNs) {
        wakeAtNs = nowNs + ACKNOWLEDGED_POLL_NS;
        return dead || run.arena().sockets().unacknowledged(fd) <= 0;
    }

    private boolean halfClose() {
        if (run.arena().syscalls().shutdown(fd, SHUT_WR) < 0) {
            // Not connected any more; what that means the next receive tells.
            dead = true;
        } else {
            halfClosed = true;
        }
        return true;
    }

    private boolean close() {
        measureEnd();
        unread = run.arena().syscalls().recv(fd, run.arena().bufferAddress(), 1, MSG_PEEK) > 0;
        run.arena().syscalls().close(fd);
        fd = NO_FD;
        return true;
    }

    private boolean reset() {
        measureEnd();
        finish = Finish.RESET;
        run.arena().sockets().reset(fd);
        fd = NO_FD;
        return true;
    }

    private void measureEnd() {
        // Urgent bytes and a FIN count there, so this is rather too little than too much.
        int unacknowledged = run.arena().sockets().unacknowledged(fd);
        acknowledged = unacknowledged < 0 ? 0 : Math.max(0, sent - urgent - unacknowledged);
    }

    private void onError() {
        dead = true;
        if (!reset) {
            reset = true;
            run.onReset();
        }
    }

    /** Ends it wherever it is, and its listener. */
    void release() {
        if (fd != NO_FD) {
            run.arena().sockets().reset(fd);
            fd = NO_FD;
        }
        closeListener();
    }

    private void closeListener() {
        if (listenerFd != NO_FD) {
            run.arena().syscalls().close(listenerFd);
            listenerFd = NO_FD;
        }
    }
}
