package io.penstock.forwarder.tcp;

import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;
import static io.penstock.linux.SocketConstants.AF_UNIX;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds out before the first connection whether splice(2) works here: seccomp filters, sandboxed kernels and hardened
 * hosts refuse it.
 */
public final class SpliceProbe {
    private static final int BYTES = 8;

    private final Syscalls syscalls;
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2 * Long.BYTES, Long.BYTES));
    private final List<Integer> fds = new ArrayList<>();

    private SpliceProbe(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Moves a few bytes from a socket through a pipe to another socket: 0 when they arrive, else {@code -errno}. */
    public static int run(Syscalls syscalls) {
        SpliceProbe probe = new SpliceProbe(syscalls);
        int result = probe.move();
        probe.fds.forEach(syscalls::close);
        return result;
    }

    private int move() {
        int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        int source = keep(syscalls.socketpair(AF_UNIX, type, 0, memory.addressOffset()));
        int sink = source < 0 ? source : keep(syscalls.socketpair(AF_UNIX, type, 0, memory.addressOffset()));
        int ends = sink < 0 ? sink : keep(syscalls.pipe2(memory.addressOffset(), O_NONBLOCK | O_CLOEXEC));
        if (ends < 0) {
            return ends;
        }
        Pipe pipe = new Pipe(syscalls, fds.get(ends), fds.get(ends + 1), BYTES);
        syscalls.send(fds.get(source), memory.addressOffset(), BYTES, MSG_NOSIGNAL);
        int filled = pipe.fill(fds.get(source + 1), BYTES);
        if (filled < 0) {
            return filled;
        }
        int drained = pipe.drain(fds.get(sink));
        if (drained < 0) {
            return drained;
        }
        long arrived = syscalls.recv(fds.get(sink + 1), memory.addressOffset(), BYTES, 0);
        return arrived == BYTES ? 0 : -Errno.EINVAL;
    }

    /** Remembers the two descriptors that a call just stored, to be closed: the index of the first, or the error. */
    private int keep(int result) {
        if (result < 0) {
            return result;
        }
        fds.add(memory.getInt(0, ByteOrder.nativeOrder()));
        fds.add(memory.getInt(Integer.BYTES, ByteOrder.nativeOrder()));
        return fds.size() - 2;
    }
}
