package io.penstock.ecmp.control;

import static io.penstock.linux.FcntlConstants.EFD_CLOEXEC;
import static io.penstock.linux.FcntlConstants.EFD_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.linux.Syscalls;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Tells what a test wants, by an eventfd. */
final class FakeNews implements KernelNews {
    private final Syscalls syscalls;
    private final int fd;

    FakeNews(Syscalls syscalls) {
        this.syscalls = syscalls;
        fd = syscalls.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        assertTrue(fd >= 0);
    }

    void tell() {
        UnsafeBuffer one = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Long.BYTES, Long.BYTES));
        one.putLong(0, 1);
        assertEquals(Long.BYTES, syscalls.write(fd, one.addressOffset(), Long.BYTES));
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void watch(EcmpConfig config) {}

    @Override
    public boolean take(AgentFigures figures) {
        UnsafeBuffer taken = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Long.BYTES, Long.BYTES));
        return syscalls.read(fd, taken.addressOffset(), Long.BYTES) == Long.BYTES;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
