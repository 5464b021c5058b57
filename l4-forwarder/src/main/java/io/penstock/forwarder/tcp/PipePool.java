package io.penstock.forwarder.tcp;

import static io.penstock.linux.FcntlConstants.F_GETPIPE_SZ;
import static io.penstock.linux.FcntlConstants.F_SETPIPE_SZ;
import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;

import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One worker's pipes. A direction has one only while bytes are in it, so directions whose sinks keep up share a single
 * pipe, the last used first; the bound is met when many sinks are full at once, and those that get none copy. NOT
 * thread safe.
 */
final class PipePool {
    /**
     * With the size, the bound of what a worker keeps in pipes: 32 MiB. Users without CAP_SYS_RESOURCE have 64 such
     * pipes in all (fs.pipe-user-pages-soft, see pipe(7)).
     */
    static final int MAX_PIPES = 32;

    /**
     * The kernel's bound for unprivileged users (fs.pipe-max-size). Measured, GB per CPU-second: 64 KiB 1.9, 256 KiB 2.8,
     * 1 MiB 3.7.
     */
    static final int PIPE_BYTES = 1 << 20;

    /** What pipes must at least hold to be worth their calls: below, copying through the buffer is as cheap. */
    private static final int MIN_PIPE_BYTES = 256 << 10;

    /** Kept for the next transfers: each costs two descriptors and a share of what the user may have. */
    static final int MAX_FREE = 4;

    /** How long to do without after the kernel gave none, or a short one. */
    private static final long PAUSE_NS = 1_000_000_000;

    private final Syscalls syscalls;
    private final int maxPipes;
    private final List<Pipe> free;
    private final UnsafeBuffer fds = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2 * Integer.BYTES, Long.BYTES));
    private final Counters<TcpCounter> counters;
    private int inUse;
    private boolean paused;
    private long pausedNs;

    /** At most {@code maxPipes} at a time, created when first wanted; 0 for none. */
    PipePool(Syscalls syscalls, int maxPipes, Counters<TcpCounter> counters) {
        this.counters = counters;
        this.syscalls = syscalls;
        this.maxPipes = maxPipes;
        free = new ArrayList<>(MAX_FREE);
    }

    /** An empty pipe, or null when there is none to be had now. */
    Pipe acquire(long nowNs) {
        Pipe pipe = free.isEmpty() ? create(nowNs) : free.remove(free.size() - 1);
        if (pipe != null) {
            inUse++;
        }
        return pipe;
    }

    private Pipe create(long nowNs) {
        if (inUse >= maxPipes || (paused && nowNs - pausedNs < PAUSE_NS)) {
            return null;
        }
        paused = false;
        if (syscalls.pipe2(fds.addressOffset(), O_NONBLOCK | O_CLOEXEC) < 0) {
            return pause(nowNs);
        }
        int readFd = fds.getInt(0, ByteOrder.nativeOrder());
        int writeFd = fds.getInt(Integer.BYTES, ByteOrder.nativeOrder());
        int capacityBytes = enlarge(writeFd);
        Pipe pipe = new Pipe(syscalls, readFd, writeFd, capacityBytes);
        if (capacityBytes < MIN_PIPE_BYTES) {
            pipe.close();
            return pause(nowNs);
        }
        return pipe;
    }

    /** As large as the kernel allows, and what that is. */
    private int enlarge(int writeFd) {
        for (int bytes = PIPE_BYTES; bytes >= MIN_PIPE_BYTES; bytes >>= 1) {
            if (syscalls.fcntl(writeFd, F_SETPIPE_SZ, bytes) >= 0) {
                break;
            }
        }
        return syscalls.fcntl(writeFd, F_GETPIPE_SZ, 0);
    }

    private Pipe pause(long nowNs) {
        counters.increment(TcpCounter.PIPE_SHORTFALLS);
        paused = true;
        pausedNs = nowNs;
        return null;
    }

    /**
     * Takes a pipe back. One that still holds bytes is closed, so that they never reach another connection, and so is
     * one more than are worth keeping.
     */
    void release(Pipe pipe) {
        inUse--;
        if (pipe.isEmpty() && free.size() < MAX_FREE) {
            free.add(pipe);
        } else {
            pipe.close();
        }
    }

    /** Pipes that directions hold. */
    int inUse() {
        return inUse;
    }

    int free() {
        return free.size();
    }

    /** Closes those that nobody holds. */
    void close() {
        for (int i = 0; i < free.size(); i++) {
            free.get(i).close();
        }
        free.clear();
    }
}
