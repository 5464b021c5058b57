package io.penstock.forwarder.tcp;

import io.penstock.linux.FcntlConstants;
import io.penstock.linux.Syscalls;

/**
 * A kernel pipe through which one direction moves bytes without copying them; see splice(2). It is filled only while
 * empty: then EAGAIN means that the source has nothing, never that small fragments took all the slots.
 */
final class Pipe {
    /** Both ends are non-blocking too, but kernels before 5.1 ask this flag alone. */
    private static final int FLAGS = FcntlConstants.SPLICE_F_MOVE | FcntlConstants.SPLICE_F_NONBLOCK;

    private final Syscalls syscalls;
    private final int readFd;
    private final int writeFd;
    private final int capacityBytes;
    private int heldBytes;

    Pipe(Syscalls syscalls, int readFd, int writeFd, int capacityBytes) {
        this.syscalls = syscalls;
        this.readFd = readFd;
        this.writeFd = writeFd;
        this.capacityBytes = capacityBytes;
    }

    int capacityBytes() {
        return capacityBytes;
    }

    boolean isEmpty() {
        return heldBytes == 0;
    }

    /**
     * Takes up to {@code limit} bytes, or as many as it can hold, from a socket: how many, {@code -errno}, or 0 at the end of the stream. Urgent data stops it with EAGAIN
     * or 0 although there is more.
     */
    int fill(int sourceFd, int limit) {
        int moved = (int) syscalls.splice(sourceFd, writeFd, Math.min(limit, capacityBytes), FLAGS);
        heldBytes += Math.max(moved, 0);
        return moved;
    }

    /** Hands what it holds, or the first part of it, to a socket: how many bytes, or {@code -errno}. */
    int drain(int sinkFd) {
        int moved = (int) syscalls.splice(readFd, sinkFd, heldBytes, FLAGS);
        heldBytes -= Math.max(moved, 0);
        return moved;
    }

    /** Drops what it holds. */
    void close() {
        heldBytes = 0;
        syscalls.close(readFd);
        syscalls.close(writeFd);
    }
}
