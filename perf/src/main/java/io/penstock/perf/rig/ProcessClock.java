package io.penstock.perf.rig;

import java.io.IOException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;

/**
 * The CPU time of other processes in nanoseconds: user and system time of all their threads, those that have ended
 * included. That is what /proc/PID/stat counts in ticks of 10 ms, which is too coarse for a few seconds of light load;
 * /proc/PID/task/*&#47;schedstat would forget threads that ended.
 */
final class ProcessClock {
    /** The binding; public for jnr-ffi only. */
    public interface LibC {
        /** See clock_gettime(2); {@code time} is a struct timespec of a 64-bit system. */
        int clock_gettime(int clock, @Out long[] time);
    }

    /** CPUCLOCK_SCHED of the kernel's posix-timers.h: all the time a process was running. */
    private static final int SCHEDULED = 2;

    private static final int KIND_BITS = 3;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final LibC LIBC =
            LibraryLoader.create(LibC.class).failImmediately().load("c");

    private ProcessClock() {}

    /** Fails when there is no such process any more. */
    static long cpuNs(long pid) throws IOException {
        long[] time = new long[2];
        // As clock_getcpuclockid(3) makes it.
        int clock = (int) (~pid << KIND_BITS | SCHEDULED);
        if (LIBC.clock_gettime(clock, time) != 0) {
            throw new IOException("no CPU clock of process " + pid + ": it has ended");
        }
        return time[0] * NANOS_PER_SECOND + time[1];
    }
}
