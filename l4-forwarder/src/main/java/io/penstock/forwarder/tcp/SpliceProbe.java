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
        int[] source = pairOf(
                syscalls.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, memory.addressOffset()));
        int[] sink = pairOf(
                syscalls.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, memory.addressOffset()));
        int[] ends = pairOf(syscalls.pipe2(memory.addressOffset(), O_NONBLOCK | O_CLOEXEC));
        if (source.length == 0 || sink.length == 0 || ends.length == 0) {
            return -Errno.EMFILE;
        }
        Pipe pipe = new Pipe(syscalls, ends[0], ends[1], BYTES);
        syscalls.send(source[0], memory.addressOffset(), BYTES, MSG_NOSIGNAL);
        int filled = pipe.fill(source[1], BYTES);
        if (filled < 0) {
            return filled;
        }
        int drained = pipe.drain(sink[0]);
        if (drained < 0) {
            return drained;
        }
        long arrived = syscalls.recv(sink[1], memory.addressOffset(), BYTES, 0);
        return arrived == BYTES ? 0 : -Errno.EINVAL;
    }

    /** The two descriptors that a call just stored, which are then to be closed; none when it failed. */
    private int[] pairOf(int result) {
        if (result < 0) {
            return new int[0];
        }
        int[] pair = {memory.getInt(0, ByteOrder.nativeOrder()), memory.getInt(Integer.BYTES, ByteOrder.nativeOrder())};
        fds.add(pair[0]);
        fds.add(pair[1]);
        return pair;
    }
}
