package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLL_CLOEXEC;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_DEL;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_MOD;

/**
 * One thread's epoll instance. Sockets are added once; the kernel drops them when they are closed.
 * NOT thread safe.
 */
public final class Epoll implements AutoCloseable {
    /** Events taken in one wait; more are taken by the next. Nine in ten waits of a busy loop return far fewer. */
    private static final int EVENTS_PER_WAIT = 512;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Syscalls syscalls;
    private final EpollEvents ready = new EpollEvents(EVENTS_PER_WAIT);
    private final EpollEvents registration = new EpollEvents(1);
    private final int epollFd;

    /** Fails with IllegalStateException when the kernel gives no epoll instance. */
    public Epoll(Syscalls syscalls) {
        this.syscalls = syscalls;
        epollFd = syscalls.epollCreate1(EPOLL_CLOEXEC);
        if (epollFd < 0) {
            throw new IllegalStateException("epoll_create1: " + Errno.describe(-epollFd));
        }
    }

    /** 0 or {@code -errno}. */
    public int add(int fd, int events, long token) {
        registration.put(0, events, token);
        return syscalls.epollCtl(epollFd, EPOLL_CTL_ADD, fd, registration.address());
    }

    /** Other events for an fd that was added; what is ready of them by now is reported. 0 or {@code -errno}. */
    public int modify(int fd, int events, long token) {
        registration.put(0, events, token);
        return syscalls.epollCtl(epollFd, EPOLL_CTL_MOD, fd, registration.address());
    }

    /** For an fd that stays open; closing one removes it too. */
    public int remove(int fd) {
        return syscalls.epollCtl(epollFd, EPOLL_CTL_DEL, fd, 0);
    }

    /**
     * Waits for events and returns how many there are.
     *
     * @param timeoutNs 0 to look only, negative to wait for ever; rounded up to epoll's milliseconds, so that a wait
     *     for a deadline never ends just before it
     */
    public int await(long timeoutNs) {
        int timeoutMs = timeoutNs < 0
                ? -1
                : (int) Math.min(Integer.MAX_VALUE, (timeoutNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        int count = syscalls.epollWait(epollFd, ready.address(), ready.capacity(), timeoutMs);
        if (count < 0) {
            throw new IllegalStateException("epoll_wait: " + Errno.describe(-count));
        }
        return count;
    }

    public int events(int index) {
        return ready.events(index);
    }

    public long token(int index) {
        return ready.data(index);
    }

    @Override
    public void close() {
        syscalls.close(epollFd);
    }
}
