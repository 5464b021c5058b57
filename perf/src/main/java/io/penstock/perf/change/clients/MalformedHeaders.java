package io.penstock.perf.change.clients;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.SHUT_WR;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.perf.load.EventHandler;
import io.penstock.perf.load.EventLoop;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Connections that send something malformed, and wait to be closed for it; as many as the other side takes. */
public final class MalformedHeaders implements Activity {
    private static final int UNDER_WAY_MAX = 64;
    private static final int BUFFER_SIZE = 4 << 10;
    private static final long PATIENCE_NS = 5_000_000_000L;

    private final EventLoop loop;
    private final Endpoint target;
    private final Supplier<Malformed> headers;
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_SIZE, Long.BYTES));
    private final Set<Client> underWay = new LinkedHashSet<>();
    private final Failures failures = new Failures();
    private boolean stopped;
    private int closed;

    /** What a client sends. */
    public static final class Malformed {
        private final byte[] octets;
        private final boolean whole;

        /**
         * Takes the octets over.
         *
         * @param octets up to 4 KiB
         * @param whole whether they show that they are malformed; else the client ends its direction after them
         */
        public Malformed(byte[] octets, boolean whole) {
            this.octets = octets;
            this.whole = whole;
        }

        public int length() {
            return octets.length;
        }

        public boolean isWhole() {
            return whole;
        }

        /** Puts the octets at the beginning of a buffer. */
        public void putInto(MutableDirectBuffer buffer) {
            buffer.putBytes(0, octets);
        }
    }

    /** Begins at once. */
    public MalformedHeaders(EventLoop loop, Endpoint target, Supplier<Malformed> headers) {
        this.loop = loop;
        this.target = target;
        this.headers = headers;
    }

    /** Closed or reset by the other side. */
    public int closed() {
        return closed;
    }

    /** Those that were not closed in 5 s, were answered, or could not be sent. */
    public Failures failures() {
        return failures;
    }

    /** No new ones. */
    public void stop() {
        stopped = true;
    }

    public boolean isQuiet() {
        return underWay.isEmpty();
    }

    @Override
    public void onTurn(long nowNs) {
        while (!underWay.isEmpty() && nowNs - underWay.iterator().next().beganNs >= PATIENCE_NS) {
            underWay.iterator().next().end("not closed in 5 s");
        }
        while (!stopped && underWay.size() < UNDER_WAY_MAX) {
            int fd = loop.sockets().connect(target.address(), target.port(), false);
            if (fd < 0) {
                failures.add("connect: " + Errno.describe(-fd));
                return;
            }
            underWay.add(new Client(fd, nowNs));
        }
    }

    @Override
    public void end() {
        Set.copyOf(underWay).forEach(client -> client.end(null));
    }

    private final class Client implements EventHandler {
        private final int fd;
        private final long beganNs;
        private final int slot;
        private boolean sent;

        Client(int fd, long nowNs) {
            this.fd = fd;
            beganNs = nowNs;
            slot = loop.add(fd, EventLoop.STREAM_EVENTS, this);
        }

        @Override
        public void onEvents(int events) {
            if (!sent && (events & EPOLLERR) != 0) {
                end("refused");
                return;
            }
            if (!sent) {
                send();
            }
            long received = loop.syscalls().recv(fd, buffer.addressOffset(), BUFFER_SIZE, 0);
            if (received > 0) {
                end("answered");
            } else if (received != -Errno.EAGAIN || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
                closed++;
                end(null);
            }
        }

        /** What was reset before it was sent is closed like the others, and its event is there already. */
        private void send() {
            Malformed header = headers.get();
            header.putInto(buffer);
            sent = true;
            loop.syscalls().send(fd, buffer.addressOffset(), header.length(), MSG_NOSIGNAL);
            if (!header.isWhole()) {
                loop.syscalls().shutdown(fd, SHUT_WR);
            }
        }

        private void end(String failure) {
            if (failure != null) {
                failures.add(failure);
            }
            underWay.remove(this);
            loop.release(slot);
            loop.sockets().reset(fd);
        }
    }
}
