package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.FcntlConstants.EFD_CLOEXEC;
import static io.penstock.linux.FcntlConstants.EFD_NONBLOCK;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Ends another thread's {@link Epoll#await}: an eventfd. Any thread may {@link #signal}; the rest belongs to the thread
 * that waits.
 */
public final class Wakeup implements AutoCloseable {
    private final Syscalls syscalls;
    private final int fd;
    /** Constant, so that signals from several threads need no memory of their own. */
    private final UnsafeBuffer one = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Long.BYTES, Long.BYTES));

    private final UnsafeBuffer drained = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Long.BYTES, Long.BYTES));

    public Wakeup(Syscalls syscalls, Epoll epoll, long token) {
        this.syscalls = syscalls;
        one.putLong(0, 1, ByteOrder.nativeOrder());
        fd = syscalls.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        int result = fd < 0 ? fd : epoll.add(fd, EPOLLIN, token);
        if (result < 0) {
            throw new IllegalStateException("eventfd: " + Errno.describe(-result));
        }
    }

    /** Safe from any thread until {@link #close}; EAGAIN would mean that a wake-up is pending anyway. */
    public void signal() {
        syscalls.write(fd, one.addressOffset(), Long.BYTES);
    }

    /** Takes the signals that have come, so that the next wait waits again. */
    public void drain() {
        syscalls.read(fd, drained.addressOffset(), Long.BYTES);
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
