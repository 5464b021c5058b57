package io.penstock.vrrp.control;

import static io.penstock.linux.FcntlConstants.EFD_CLOEXEC;
import static io.penstock.linux.FcntlConstants.EFD_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Syscalls;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A descriptor that epoll finds readable when a test wants it. */
final class EventFd implements AutoCloseable {
    private final Syscalls syscalls;
    private final UnsafeBuffer number = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Long.BYTES, Long.BYTES));
    final int fd;

    EventFd(Syscalls syscalls) {
        this.syscalls = syscalls;
        fd = syscalls.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        assertTrue(fd >= 0);
    }

    void raise() {
        number.putLong(0, 1);
        assertEquals(Long.BYTES, syscalls.write(fd, number.addressOffset(), Long.BYTES));
    }

    void lower() {
        syscalls.read(fd, number.addressOffset(), Long.BYTES);
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
