package io.penstock.process;

import static io.penstock.linux.SchedulingConstants.MCL_CURRENT;
import static io.penstock.linux.SchedulingConstants.MCL_FUTURE;
import static io.penstock.linux.SchedulingConstants.MCL_ONFAULT;
import static io.penstock.linux.SchedulingConstants.SCHED_FIFO;
import static io.penstock.linux.SchedulingConstants.SCHED_RESET_ON_FORK;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What keeps a thread on time while its machine is busy; see sched(7) and mlockall(2). To be called by the thread itself. What it may not
 * have it goes without, and says so. Threads that it starts have its CPUs, too, but not its scheduling.
 */
public final class Realtime {
    private static final int CALLER = 0;

    /** CPUs that a kernel may be built for (CONFIG_NR_CPUS) on x86-64 and aarch64 at most. */
    private static final int MAX_CPUS = 8192;

    /** Of cpu_set_t; struct sched_param, an int, goes there as well. */
    private static final int MASK_BYTES = MAX_CPUS / Byte.SIZE;

    private final Syscalls syscalls;
    private final MemoryLockRight memoryLockRight;
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MASK_BYTES, Long.BYTES));

    public Realtime(Syscalls syscalls) {
        this(syscalls, new MemoryLockRight());
    }

    Realtime(Syscalls syscalls, MemoryLockRight memoryLockRight) {
        this.syscalls = syscalls;
        this.memoryLockRight = memoryLockRight;
    }

    /**
     * Takes what is asked for, each by itself.
     *
     * @param fifoPriority of SCHED_FIFO, 1 to 99; empty to leave the scheduling as it is
     * @param lockMemory whether nothing of the process that was ever used is paged out any more
     * @param cpus that the thread runs on, from 0; none to leave that as it is
     * @return what it could not have and what that takes, for people; empty when it has everything
     */
    public List<String> apply(OptionalInt fifoPriority, boolean lockMemory, SortedSet<Integer> cpus) {
        List<String> problems = new ArrayList<>();
        if (!cpus.isEmpty()) {
            pin(cpus, problems);
        }
        if (lockMemory) {
            lock(problems);
        }
        if (fifoPriority.isPresent()) {
            schedule(fifoPriority.getAsInt(), problems);
        }
        return problems;
    }

    private void pin(SortedSet<Integer> cpus, List<String> problems) {
        memory.setMemory(0, MASK_BYTES, (byte) 0);
        for (int cpu : cpus) {
            if (cpu >= 0 && cpu < MAX_CPUS) {
                int at = cpu / Byte.SIZE;
                memory.putByte(at, (byte) (memory.getByte(at) | (1 << (cpu % Byte.SIZE))));
            }
        }
        int result = syscalls.schedSetaffinity(CALLER, MASK_BYTES, memory.addressOffset());
        if (result < 0) {
            problems.add("CPUs " + cpus + ": " + Errno.describe(-result)
                    + (result == -Errno.EINVAL ? "; this process has none of them" : ""));
            return;
        }
        // The kernel passes over those that are not there, or that this process may not have (cpuset(7)).
        SortedSet<Integer> missing = new TreeSet<>(cpus);
        memory.setMemory(0, MASK_BYTES, (byte) 0);
        result = syscalls.schedGetaffinity(CALLER, MASK_BYTES, memory.addressOffset());
        missing.removeIf(this::isMasked);
        if (result >= 0 && !missing.isEmpty()) {
            problems.add("CPUs " + missing + ": this process has only the others of " + cpus);
        }
    }

    private boolean isMasked(int cpu) {
        return cpu >= 0 && cpu < MAX_CPUS && ((memory.getByte(cpu / Byte.SIZE) >> (cpu % Byte.SIZE)) & 1) == 1;
    }

    /**
     * On fault: what was reserved and never used, which a JVM has much of, needs no memory. With a limit that is not far away the kernel would
     * refuse the JVM memory later on, in the middle of something else, so that is not even tried.
     */
    private void lock(List<String> problems) {
        if (!memoryLockRight.held()) {
            problems.add("locking memory: takes CAP_IPC_LOCK, or no RLIMIT_MEMLOCK (systemd: LimitMEMLOCK=infinity)");
            return;
        }
        int result = syscalls.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
        if (result < 0) {
            problems.add("locking memory: " + Errno.describe(-result));
        }
    }

    private void schedule(int priority, List<String> problems) {
        memory.putInt(0, priority, ByteOrder.nativeOrder());
        int result = syscalls.schedSetscheduler(CALLER, SCHED_FIFO | SCHED_RESET_ON_FORK, memory.addressOffset());
        if (result == -Errno.EPERM) {
            problems.add("SCHED_FIFO with priority " + priority + ": takes CAP_SYS_NICE, or RLIMIT_RTPRIO of at least "
                    + priority + " (systemd: LimitRTPRIO=" + priority
                    + "), and a control group that may have realtime threads");
        } else if (result < 0) {
            problems.add("SCHED_FIFO with priority " + priority + ": " + Errno.describe(-result));
        }
    }
}
