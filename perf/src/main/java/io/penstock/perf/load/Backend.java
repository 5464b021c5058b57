package io.penstock.perf.load;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;

/**
 * The server that the target forwards to: answers requests on a listening socket, as many connections as come. Its own
 * thread is the event loop's. {@link #close} stops listening; open connections end with their clients.
 */
public final class Backend implements EventHandler, AutoCloseable {
    /** Accepted in one event; level-triggered, so the rest comes with the next turn. */
    private static final int ACCEPTS_PER_EVENT = 64;

    /** The kernel lowers it to net.core.somaxconn. */
    private static final int BACKLOG = 65_535;

    private static final long CLOSE_TIMEOUT_NS = 2_000_000_000L;

    private final EventLoop loop;
    private final int fd;
    private final int slot;
    private int open;
    private long acceptedEver;
    private long receivedBytes;

    /** Fails with LoadException when the endpoint is taken. */
    public Backend(EventLoop loop, Endpoint endpoint) {
        this.loop = loop;
        int result = loop.sockets().probeFree(endpoint, false);
        fd = result < 0 ? result : loop.sockets().bind(endpoint, false);
        result = fd < 0 ? fd : loop.sockets().listen(fd, BACKLOG);
        slot = result < 0 ? result : loop.add(fd, EPOLLIN, this);
        if (slot < 0) {
            throw new LoadException("cannot listen on " + endpoint + ": " + Errno.describe(-slot));
        }
    }

    @Override
    public void onEvents(int events) {
        for (int accepted = 0; accepted < ACCEPTS_PER_EVENT; accepted++) {
            int result = loop.sockets().accept(fd);
            if (result == -Errno.EAGAIN) {
                return;
            }
            if (result == -Errno.EMFILE) {
                throw new LoadException("the backend cannot accept: " + Errno.describe(-result));
            }
            if (result >= 0) {
                open++;
                acceptedEver++;
                new BackendConnection(loop, this, result).start();
            }
        }
    }

    void onReceived(long bytes) {
        receivedBytes += bytes;
    }

    void onClosed() {
        open--;
    }

    /** How many connections are open. */
    public int open() {
        return open;
    }

    /** How many connections were ever accepted. */
    public long accepted() {
        return acceptedEver;
    }

    /** Of all connections, requests or not. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Gives the ends of connections that clients have closed time to come through the target; 2 s at most. */
    void awaitOpenAtMost(int count) {
        long deadlineNs = System.nanoTime() + CLOSE_TIMEOUT_NS;
        while (open > count && System.nanoTime() - deadlineNs < 0) {
            loop.turn(0);
        }
    }

    @Override
    public void close() {
        loop.release(slot);
        loop.syscalls().close(fd);
    }
}
