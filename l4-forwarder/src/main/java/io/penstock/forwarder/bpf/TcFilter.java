package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;
import java.lang.ref.Reference;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A program of tc on what leaves an interface: a filter of the clsact queueing discipline, which is made if there is none and
 * stays. Unlike a link, a filter outlives the process that attached it; a later one with the same priority and handle takes
 * its place.
 */
public final class TcFilter implements AutoCloseable {
    /**
     * <pre>
     * struct bpf_tc_hook {               bpf/libbpf.h
     *     size_t sz;                 0   enum attach_point; 12
     *     int ifindex;               8   __u32 parent;      16
     * };
     * </pre>
     */
    private static final int HOOK_BYTES = 24;

    private static final int EGRESS = 1 << 1;

    /**
     * <pre>
     * struct bpf_tc_opts {               bpf/libbpf.h
     *     size_t sz;                 0   __u32 prog_id;  16
     *     int prog_fd;               8   __u32 handle;   20
     *     __u32 flags;              12   __u32 priority; 24
     * };
     * </pre>
     */
    private static final int OPTIONS_BYTES = 32;

    private static final int PROGRAM_FD = 8;
    private static final int FLAGS = 12;
    private static final int PROGRAM_ID = 16;
    private static final int HANDLE = 20;
    private static final int PRIORITY = 24;

    /** BPF_TC_F_REPLACE. */
    private static final int REPLACE = 1;

    private final Libbpf.Calls calls;
    private final UnsafeBuffer hook;
    private final int priority;
    private final int handle;
    private final int programId;

    private TcFilter(Libbpf.Calls calls, UnsafeBuffer hook, int priority, int handle, int programId) {
        this.calls = calls;
        this.hook = hook;
        this.priority = priority;
        this.handle = handle;
        this.programId = programId;
    }

    /**
     * Attaches, in place of what has the same priority and handle.
     *
     * @param priority 1 to 65535; filters with a lower one come first
     * @param handle 1 or more
     * @throws BpfException ENODEV when there is no such interface
     */
    public static TcFilter attachEgress(BpfProgram program, int ifindex, int priority, int handle) throws BpfException {
        Libbpf.Calls calls = Libbpf.calls();
        String what =
                "cannot attach program " + program.name() + " to what leaves " + NetworkInterfaces.describe(ifindex);
        UnsafeBuffer hook = hook(ifindex);
        UnsafeBuffer options = options(priority, handle);
        Memory.putInt(options, PROGRAM_FD, program.fd());
        Memory.putInt(options, FLAGS, REPLACE);
        try {
            int made = calls.bpf_tc_hook_create(hook.addressOffset());
            if (made != -Errno.EEXIST) {
                BpfException.check(made, what);
            }
            BpfException.check(calls.bpf_tc_attach(hook.addressOffset(), options.addressOffset()), what);
            return new TcFilter(calls, hook, priority, handle, Memory.intAt(options, PROGRAM_ID));
        } finally {
            Reference.reachabilityFence(hook);
            Reference.reachabilityFence(options);
        }
    }

    /** Whether there still is one of this priority and handle: anybody may remove it, or the queueing discipline with it. */
    public boolean isThere() {
        UnsafeBuffer there = options(priority, handle);
        try {
            return calls.bpf_tc_query(hook.addressOffset(), there.addressOffset()) == 0;
        } finally {
            Reference.reachabilityFence(there);
        }
    }

    /** Detaches what has this priority and handle, whoever attached it; false where there is none, or no such interface. */
    public static boolean detachEgress(int ifindex, int priority, int handle) throws BpfException {
        Libbpf.Calls calls = Libbpf.calls();
        UnsafeBuffer hook = hook(ifindex);
        UnsafeBuffer there = options(priority, handle);
        // A query fills its options in, and what is filled in cannot be detached.
        UnsafeBuffer bare = options(priority, handle);
        try {
            return calls.bpf_tc_query(hook.addressOffset(), there.addressOffset()) == 0
                    && calls.bpf_tc_detach(hook.addressOffset(), bare.addressOffset()) == 0;
        } finally {
            Reference.reachabilityFence(hook);
            Reference.reachabilityFence(there);
            Reference.reachabilityFence(bare);
        }
    }

    private static UnsafeBuffer hook(int ifindex) {
        UnsafeBuffer hook = Memory.options(HOOK_BYTES);
        Memory.putInt(hook, 8, ifindex);
        Memory.putInt(hook, 12, EGRESS);
        return hook;
    }

    private static UnsafeBuffer options(int priority, int handle) {
        UnsafeBuffer options = Memory.options(OPTIONS_BYTES);
        Memory.putInt(options, HANDLE, handle);
        Memory.putInt(options, PRIORITY, priority);
        return options;
    }

    /** Detaches, unless another process has put its own in this one's place, or the interface is gone. */
    @Override
    public void close() {
        UnsafeBuffer there = options(priority, handle);
        UnsafeBuffer ours = options(priority, handle);
        try {
            if (calls.bpf_tc_query(hook.addressOffset(), there.addressOffset()) == 0
                    && Memory.intAt(there, PROGRAM_ID) == programId) {
                int unused = calls.bpf_tc_detach(hook.addressOffset(), ours.addressOffset());
            }
        } finally {
            Reference.reachabilityFence(hook);
            Reference.reachabilityFence(there);
            Reference.reachabilityFence(ours);
        }
    }
}
