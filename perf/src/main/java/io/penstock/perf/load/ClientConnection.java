package io.penstock.perf.load;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.agrona.collections.LongArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client's connection, which may be opened again after it was closed. Requests may be made before it is connected and
 * while others are outstanding; responses come in their order.
 */
public final class ClientConnection implements EventHandler {
    private static final int CLOSED = -1;

    private final EventLoop loop;
    private final ResponseSizes sizes;
    private final int firstSize;
    private final UnsafeBuffer request;

    /** When each request without a response should have been sent, oldest first. */
    private final LongArrayQueue outstanding = new LongArrayQueue(LongArrayQueue.MIN_CAPACITY, Long.MIN_VALUE);

    private ClientListener listener;
    private int fd = CLOSED;
    private int slot;

    /** How many of the outstanding are not wholly sent, and the bytes of the first of them that are. */
    private int unsent;

    private int sentBytes;
    private int sendErrno;
    private int requestSequence;
    private int responseSequence;
    private int receivedBytes;

    /**
     * A closed connection.
     *
     * @param firstSize where in the cycle of sizes this one starts
     * @param request scratch of {@link Wire#newRequest}, shared by all connections of a loop
     */
    public ClientConnection(EventLoop loop, ResponseSizes sizes, int firstSize, UnsafeBuffer request) {
        this.loop = loop;
        this.sizes = sizes;
        this.firstSize = firstSize;
        this.request = request;
    }

    public void attend(ClientListener newListener) {
        listener = newListener;
    }

    public boolean isOpen() {
        return fd != CLOSED;
    }

    /** Whether all requests are wholly with the kernel, which takes none before it is connected. */
    boolean isSent() {
        return unsent == 0;
    }

    /** Requests without a response. */
    public int outstanding() {
        return outstanding.size();
    }

    /** When the oldest request without a response should have been sent; takes it off, so that it is seen once. */
    long abandonOldest() {
        return outstanding.pollLong();
    }

    /** Begins to connect; 0, or {@code -errno} and still closed. */
    public int connect(Endpoint target) {
        return watch(loop.sockets().connect(target.address(), target.port(), false));
    }

    /** As above, from an address of this host. */
    public int connect(Endpoint target, IpAddress source) {
        return watch(loop.connectFrom(source, target));
    }

    private int watch(int socket) {
        if (socket < 0) {
            return socket;
        }
        int added = loop.add(socket, EventLoop.STREAM_EVENTS, this);
        if (added < 0) {
            loop.syscalls().close(socket);
            return added;
        }
        fd = socket;
        slot = added;
        return 0;
    }

    /**
     * Sends a request as soon as the socket takes it.
     *
     * @param intendedNs when it should be sent; comes back with the response
     */
    public void request(long intendedNs) {
        outstanding.addLong(intendedNs);
        unsent++;
        send();
    }

    private void send() {
        while (unsent > 0) {
            Wire.putRequest(request, sizes.at(firstSize + requestSequence), requestSequence);
            long sent = loop.syscalls()
                    .send(fd, request.addressOffset() + sentBytes, Wire.REQUEST_BYTES - sentBytes, MSG_NOSIGNAL);
            if (sent < 0) {
                // Not yet connected, or full: EPOLLOUT comes. An error has an event too, which ends the connection; but
                // the kernel says only once what it was.
                if (sent != -Errno.EAGAIN && sendErrno == 0) {
                    sendErrno = (int) -sent;
                }
                return;
            }
            sentBytes += (int) sent;
            if (sentBytes < Wire.REQUEST_BYTES) {
                return;
            }
            sentBytes = 0;
            requestSequence++;
            unsent--;
        }
    }

    @Override
    public void onEvents(int events) {
        if (unsent > 0) {
            send();
        }
        boolean ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        if (ended || (events & EPOLLIN) != 0) {
            receive(ended);
        }
    }

    /** A short read has emptied the socket, unless the peer has ended too: then the end itself must be read. */
    private void receive(boolean ended) {
        UnsafeBuffer buffer = loop.buffer();
        long received;
        do {
            received = loop.syscalls().recv(fd, buffer.addressOffset(), buffer.capacity(), 0);
            if (received > 0) {
                take(buffer, (int) received);
            } else if (received != -Errno.EAGAIN) {
                fail(received < 0 ? Errno.describe((int) -received) : endReason());
            }
        } while (fd != CLOSED && (received == buffer.capacity() || (ended && received > 0)));
    }

    private String endReason() {
        return sendErrno == 0 ? "closed by the peer" : Errno.describe(sendErrno);
    }

    private void take(UnsafeBuffer buffer, int length) {
        int offset = 0;
        while (offset < length && fd != CLOSED) {
            if (outstanding.isEmpty()) {
                fail("bytes that nobody asked for");
                return;
            }
            int size = sizes.at(firstSize + responseSequence);
            int part = Math.min(size - receivedBytes, length - offset);
            if (!Wire.isResponse(buffer, offset, part, responseSequence, receivedBytes)) {
                fail("wrong bytes");
                return;
            }
            offset += part;
            receivedBytes += part;
            if (receivedBytes == size) {
                receivedBytes = 0;
                responseSequence++;
                listener.onResponse(this, outstanding.pollLong(), size);
            }
        }
    }

    private void fail(String reason) {
        int lost = outstanding.size();
        close();
        listener.onFailure(this, reason, lost);
    }

    /** Closes with a FIN when every response was read; outstanding requests are forgotten. */
    public void close() {
        if (fd != CLOSED) {
            loop.release(slot);
            loop.syscalls().close(fd);
            forget();
        }
    }

    /** Closes with a reset, which leaves no TIME_WAIT behind. */
    public void reset() {
        if (fd != CLOSED) {
            loop.release(slot);
            loop.sockets().reset(fd);
            forget();
        }
    }

    private void forget() {
        fd = CLOSED;
        outstanding.clear();
        unsent = 0;
        sentBytes = 0;
        sendErrno = 0;
        requestSequence = 0;
        responseSequence = 0;
        receivedBytes = 0;
    }
}
