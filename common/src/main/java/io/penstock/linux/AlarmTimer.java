package io.penstock.linux;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A timer that goes off once and makes its descriptor readable; see timerfd_create(2). Of CLOCK_BOOTTIME. NOT thread safe.
 *
 * <pre>
 * struct itimerspec {
 *     struct timespec it_interval;   0   seconds, nanoseconds; 0 for once
 *     struct timespec it_value;     16
 * };                          size 32
 * </pre>
 */
final class AlarmTimer implements AutoCloseable {
    private static final int CLOCK_BOOTTIME = 7;
    private static final int TFD_NONBLOCK = 0x800;
    private static final int TFD_CLOEXEC = 0x80000;
    private static final int VALUE_OFFSET = 16;
    private static final int SIZE = 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Syscalls syscalls;
    private final UnsafeBuffer time = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SIZE, Long.BYTES));
    private final int fd;

    /** Fails with IllegalStateException when the kernel gives no timer. */
    AlarmTimer(Syscalls syscalls) {
        this.syscalls = syscalls;
        fd = syscalls.timerfdCreate(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("timerfd_create: " + Errno.describe(-fd));
        }
    }

    int fd() {
        return fd;
    }

    /**
     * Goes off after this time, and is not readable before, whatever it was; forgets what it was set to.
     *
     * @param delayNs 0 for never
     */
    void set(long delayNs) {
        time.putLong(VALUE_OFFSET, delayNs / NANOS_PER_SECOND, ByteOrder.nativeOrder());
        time.putLong(VALUE_OFFSET + Long.BYTES, delayNs % NANOS_PER_SECOND, ByteOrder.nativeOrder());
        int result = syscalls.timerfdSettime(fd, 0, time.addressOffset(), 0);
        if (result < 0) {
            throw new IllegalStateException("timerfd_settime: " + Errno.describe(-result));
        }
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
