package io.penstock.perf.lab;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;

import io.penstock.linux.Errno;
import io.penstock.linux.SocketAddress;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.load.EventHandler;
import io.penstock.perf.load.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A client's connection, over which it asks again and again who serves it; one request at a time. */
final class HttpConnection implements EventHandler {
    private static final int CLOSED = -1;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: lab\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What its owner hears. Either may close it, or ask again. */
    interface Listener {
        void onAnswer(Answer answer);

        /**
         * It ended otherwise than by {@link #close}, and is closed.
         *
         * @param reason for people
         */
        void onFailure(String reason);
    }

    private final EventLoop loop;
    private final Listener listener;
    private final AnswerReader reader = new AnswerReader();
    private final UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(REQUEST.length, Long.BYTES));
    private int fd = CLOSED;
    private int slot;
    private int unsent;
    private int sendErrno;
    private boolean asking;
    private int localPort;

    HttpConnection(EventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        request.putBytes(0, REQUEST);
    }

    boolean isOpen() {
        return fd != CLOSED;
    }

    /** Whether an answer is awaited. */
    boolean isAsking() {
        return asking;
    }

    /** That the kernel chose when it began to connect; still known when it has ended. */
    int localPort() {
        return localPort;
    }

    /** Begins to connect from an address of this host, and asks as soon as that is done. The listener hears what comes of it. */
    void open(IpAddress source, Endpoint target) {
        int socket = loop.connectFrom(source, target);
        if (socket < 0) {
            listener.onFailure("connect: " + Errno.describe(-socket));
            return;
        }
        int added = loop.add(socket, EventLoop.STREAM_EVENTS, this);
        if (added < 0) {
            loop.syscalls().close(socket);
            listener.onFailure("epoll: " + Errno.describe(-added));
            return;
        }
        fd = socket;
        slot = added;
        SocketAddress local = loop.sockets().local(socket);
        localPort = local == null ? 0 : local.port();
        ask();
    }

    void ask() {
        asking = true;
        unsent = REQUEST.length;
        send();
    }

    /**
     * What the kernel does not take yet goes with the event that says that there is room. An error has its event too, but the
     * kernel says only once what it was.
     */
    private void send() {
        int from = REQUEST.length - unsent;
        long sent = loop.syscalls().send(fd, request.addressOffset() + from, unsent, MSG_NOSIGNAL);
        if (sent >= 0) {
            unsent -= (int) sent;
        } else if (sent != -Errno.EAGAIN && sendErrno == 0) {
            sendErrno = (int) -sent;
        }
    }

    @Override
    public void onEvents(int events) {
        boolean ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        if (ended || (events & EPOLLIN) != 0) {
            receive();
        }
        if (fd != CLOSED && unsent > 0) {
            send();
        }
    }

    private void receive() {
        UnsafeBuffer buffer = loop.buffer();
        // Until the socket is empty, as an edge-triggered watch wants it; an answer may lead to the next request or to
        // the end.
        while (fd != CLOSED) {
            long received = loop.syscalls().recv(fd, buffer.addressOffset(), buffer.capacity(), 0);
            if (received == -Errno.EAGAIN) {
                return;
            }
            if (received > 0) {
                take(buffer, (int) received);
            } else {
                fail(received < 0 ? Errno.describe((int) -received) : endReason());
            }
        }
    }

    private String endReason() {
        return sendErrno == 0 ? "closed by the peer" : Errno.describe(sendErrno);
    }

    private void take(UnsafeBuffer buffer, int length) {
        try {
            Optional<Answer> answer = reader.take(buffer, length);
            if (answer.isPresent()) {
                asking = false;
                listener.onAnswer(answer.get());
            }
        } catch (AnswerReader.StrangeAnswerException e) {
            fail(e.getMessage());
        }
    }

    private void fail(String reason) {
        close();
        listener.onFailure(reason);
    }

    /** With a FIN when everything that came was read. */
    void close() {
        if (fd != CLOSED) {
            loop.release(slot);
            loop.syscalls().close(fd);
            forget();
        }
    }

    /** With a reset, which leaves no TIME_WAIT behind. */
    void reset() {
        if (fd != CLOSED) {
            loop.release(slot);
            loop.sockets().reset(fd);
            forget();
        }
    }

    private void forget() {
        fd = CLOSED;
        unsent = 0;
        sendErrno = 0;
        asking = false;
        reader.forget();
    }
}
