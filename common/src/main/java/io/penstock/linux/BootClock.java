package io.penstock.linux;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * CLOCK_BOOTTIME of clock_gettime(2): monotonic, and it goes on while the machine is suspended, as the time in the world
 * does; {@link System#nanoTime} stands still then. Safe from any thread.
 */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final int TIMESPEC_SIZE = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Syscalls syscalls;
    private final UnsafeBuffer timespec = new UnsafeBuffer(BufferUtil.allocateDirectAligned(TIMESPEC_SIZE, Long.BYTES));

    public BootClock(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Nanoseconds since the machine was started. */
    public synchronized long nowNs() {
        int result = syscalls.clockGettime(CLOCK_BOOTTIME, timespec.addressOffset());
        if (result < 0) {
            throw new IllegalStateException("clock_gettime: " + Errno.describe(-result));
        }
        return timespec.getLong(0, ByteOrder.nativeOrder()) * NANOS_PER_SECOND
                + timespec.getLong(Long.BYTES, ByteOrder.nativeOrder());
    }
}
