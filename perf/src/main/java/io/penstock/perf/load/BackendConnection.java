package io.penstock.perf.load;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;

import io.penstock.linux.Errno;
import org.agrona.collections.LongArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/** One accepted connection: reads requests, answers each in turn, ends when the peer does. */
final class BackendConnection implements EventHandler {
    private static final long NONE = -1;
    private static final int CLOSED = -1;

    private final EventLoop loop;
    private final Backend backend;
    private final RequestReader requests = new RequestReader();

    /** Responses the socket did not take at once: length in the upper half, sequence number in the lower. */
    private final LongArrayQueue waiting = new LongArrayQueue(LongArrayQueue.MIN_CAPACITY, NONE);

    private int fd;
    private int slot;

    /** Bytes of the first waiting response that are sent already. */
    private int sentBytes;

    BackendConnection(EventLoop loop, Backend backend, int fd) {
        this.loop = loop;
        this.backend = backend;
        this.fd = fd;
    }

    void start() {
        slot = loop.add(fd, EventLoop.STREAM_EVENTS, this);
        if (slot < 0) {
            throw new LoadException("epoll_ctl: " + Errno.describe(-slot));
        }
    }

    @Override
    public void onEvents(int events) {
        if (!waiting.isEmpty()) {
            sendWaiting();
        }
        if (fd != CLOSED) {
            receive((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
        }
    }

    /** A short read has emptied the socket, unless the peer has ended too: then the end itself must be read. */
    private void receive(boolean ended) {
        UnsafeBuffer buffer = loop.buffer();
        long received;
        do {
            received = loop.syscalls().recv(fd, buffer.addressOffset(), buffer.capacity(), 0);
            if (received > 0) {
                backend.onReceived(received);
                answer(buffer, (int) received);
            } else if (received != -Errno.EAGAIN) {
                close();
            }
        } while (fd != CLOSED && (received == buffer.capacity() || (ended && received > 0)));
    }

    private void answer(UnsafeBuffer buffer, int length) {
        for (int offset = 0; offset < length && fd != CLOSED; offset += requests.taken()) {
            switch (requests.take(buffer, offset, length - offset)) {
                case REQUEST -> respond();
                case RUBBISH -> reset();
                case PART -> {}
            }
        }
    }

    private void respond() {
        boolean idle = waiting.isEmpty();
        int length = requests.responseLength();
        int sequence = requests.sequence();
        long sent = idle ? loop.syscalls().send(fd, Wire.responseAddress(sequence), length, MSG_NOSIGNAL) : 0;
        if (sent == length) {
            return;
        }
        if (sent < 0 && sent != -Errno.EAGAIN) {
            close();
            return;
        }
        if (idle) {
            sentBytes = (int) Math.max(0, sent);
        }
        waiting.addLong(((long) length << Integer.SIZE) | Integer.toUnsignedLong(sequence));
    }

    private void sendWaiting() {
        while (!waiting.isEmpty()) {
            long response = waiting.peekLong();
            int left = (int) (response >>> Integer.SIZE) - sentBytes;
            long sent = loop.syscalls().send(fd, Wire.responseAddress((int) response) + sentBytes, left, MSG_NOSIGNAL);
            if (sent < 0) {
                if (sent != -Errno.EAGAIN) {
                    close();
                }
                return;
            }
            sentBytes += (int) sent;
            if (sent < left) {
                return;
            }
            sentBytes = 0;
            waiting.pollLong();
        }
    }

    /** The client sees a failure, and counts it. */
    private void reset() {
        loop.release(slot);
        loop.sockets().reset(fd);
        forget();
    }

    private void close() {
        loop.release(slot);
        loop.syscalls().close(fd);
        forget();
    }

    private void forget() {
        fd = CLOSED;
        waiting.clear();
        backend.onClosed();
    }
}
