package io.penstock.linux;

/** From linux/sched.h, asm-generic/mman-common.h and linux/capability.h; see sched(7), mlockall(2) and capabilities(7). */
public final class SchedulingConstants {
    public static final int SCHED_FIFO = 1;

    /** Beside a policy: threads and processes that this one starts do not have it. */
    public static final int SCHED_RESET_ON_FORK = 0x4000_0000;

    public static final int MCL_CURRENT = 1;
    public static final int MCL_FUTURE = 2;
    public static final int MCL_ONFAULT = 4;

    public static final int CAP_IPC_LOCK = 14;

    private SchedulingConstants() {}
}
