package io.penstock.forwarder.bpf;

import java.lang.ref.Reference;
import org.agrona.concurrent.UnsafeBuffer;

/** A program of a loaded {@link BpfObject}, which closes it. */
public final class BpfProgram {
    /**
     * <pre>
     * struct bpf_test_run_opts {            bpf/bpf.h
     *     size_t sz;            0           __u32 ctx_size_in;   48
     *     const void *data_in;  8           __u32 ctx_size_out;  52
     *     void *data_out;      16           __u32 retval;        56
     *     __u32 data_size_in;  24           int repeat;          60
     *     __u32 data_size_out; 28           __u32 duration;      64   (ns, mean of the repetitions)
     *     const void *ctx_in;  32           __u32 flags;         68
     *     void *ctx_out;       40           __u32 cpu;           72
     * };                                    __u32 batch_size;    76
     * </pre>
     */
    private static final int OPTIONS_BYTES = 80;

    private static final int DATA_IN = 8;
    private static final int DATA_OUT = 16;
    private static final int DATA_SIZE_IN = 24;
    private static final int DATA_SIZE_OUT = 28;
    private static final int CONTEXT_IN = 32;
    private static final int CONTEXT_OUT = 40;
    private static final int CONTEXT_SIZE_IN = 48;
    private static final int CONTEXT_SIZE_OUT = 52;
    private static final int VERDICT = 56;
    private static final int REPEAT = 60;
    private static final int DURATION = 64;

    /** What a packet may grow by, and more. */
    private static final int ROOM = 512;

    /**
     * <pre>
     * struct bpf_prog_info {   linux/bpf.h
     *     __u32 type;  0       __u32 id;  4 ...
     * };
     * </pre>
     */
    private static final int INFO_BYTES = 8;

    private static final int INFO_ID = 4;

    private final String name;
    private final int fd;

    BpfProgram(String name, int fd) {
        this.name = name;
        this.fd = fd;
    }

    public String name() {
        return name;
    }

    public int fd() {
        return fd;
    }

    /** The kernel's number of it, as bpftool(8) shows it. */
    public int id() throws BpfException {
        return Memory.intAt(ObjectInfo.of(fd, INFO_BYTES, "program " + name), INFO_ID);
    }

    /**
     * Runs it on a packet that came from nowhere and goes nowhere (BPF_PROG_TEST_RUN).
     *
     * @param packet from its Ethernet header on
     * @param repeat at least 1; each time the program finds what it left the last time
     */
    public TestRun run(byte[] packet, int repeat) throws BpfException {
        return run(packet, repeat, Memory.zeroed(SkbContext.BYTES), 0);
    }

    /**
     * Runs a program of tc on a packet that leaves nowhere.
     *
     * @param packet from its Ethernet header on
     * @param mark as of SO_MARK
     */
    public TestRun runMarked(byte[] packet, int mark) throws BpfException {
        return run(packet, 1, SkbContext.marked(mark), SkbContext.BYTES);
    }

    private TestRun run(byte[] packet, int repeat, UnsafeBuffer context, int contextLength) throws BpfException {
        UnsafeBuffer in = Memory.copyOf(packet);
        UnsafeBuffer out = Memory.zeroed(packet.length + ROOM);
        UnsafeBuffer options = Memory.options(OPTIONS_BYTES);
        Memory.putLong(options, DATA_IN, in.addressOffset());
        Memory.putLong(options, DATA_OUT, out.addressOffset());
        Memory.putInt(options, DATA_SIZE_IN, packet.length);
        Memory.putInt(options, DATA_SIZE_OUT, out.capacity());
        Memory.putInt(options, REPEAT, repeat);
        if (contextLength > 0) {
            Memory.putLong(options, CONTEXT_IN, context.addressOffset());
            Memory.putLong(options, CONTEXT_OUT, context.addressOffset());
            Memory.putInt(options, CONTEXT_SIZE_IN, contextLength);
            Memory.putInt(options, CONTEXT_SIZE_OUT, contextLength);
        }
        try {
            BpfException.check(
                    Libbpf.calls().bpf_prog_test_run_opts(fd, options.addressOffset()), "cannot run program " + name);
        } finally {
            Reference.reachabilityFence(in);
        }
        byte[] after = new byte[Memory.intAt(options, DATA_SIZE_OUT)];
        out.getBytes(0, after);
        return new TestRun(
                Memory.intAt(options, VERDICT), after, Memory.intAt(options, DURATION), SkbContext.mark(context));
    }
}
