package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.FcntlConstants.F_GETPIPE_SZ;
import static io.penstock.linux.FcntlConstants.F_SETPIPE_SZ;
import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;
import static io.penstock.linux.FcntlConstants.SPLICE_F_MOVE;
import static io.penstock.linux.FcntlConstants.SPLICE_F_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one call with six arguments, and pipes. Moving bytes is the point: a bad sixth argument fails with EINVAL. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class SpliceTest {
    private static final int FLAGS = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
    private static final int PIPE_BYTES = 1 << 16;

    @Test
    void shouldMoveBytesFromSocketToSocketThroughPipe() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair in = net.pair();
            Loopback.Pair out = net.pair();
            Pipe pipe = pipe(net);
            net.send(in.client(), "penstock");
            net.await(in.server(), EPOLLIN);
            assertEquals(8, net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS));
            assertEquals(8, net.syscalls.splice(pipe.readEnd(), out.client(), 8, FLAGS));
            assertEquals("penstock", net.recvText(out.server()));
        }
    }

    /** Many times over: what stands in a register by chance differs from call to call. */
    @Test
    void shouldMoveBytesEveryTime() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair in = net.pair();
            Loopback.Pair out = net.pair();
            Pipe pipe = pipe(net);
            for (int i = 0; i < 20_000; i++) {
                net.send(in.client(), "x");
                long moved = net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS);
                if (moved == -Errno.EAGAIN) {
                    net.await(in.server(), EPOLLIN);
                    moved = net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS);
                }
                assertEquals(1, moved);
                assertEquals(1, net.syscalls.splice(pipe.readEnd(), out.client(), 1, FLAGS));
                assertEquals("x", net.recvText(out.server()));
            }
        }
    }

    @Test
    void shouldTellEmptySocketFromEndOfStream() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair in = net.pair();
            Pipe pipe = pipe(net);
            assertEquals(-Errno.EAGAIN, net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS));
            net.close(in.client());
            net.await(in.server(), EPOLLIN);
            assertEquals(0, net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS));
        }
    }

    @Test
    void shouldResizePipeAndReadSizeBack() {
        try (Loopback net = new Loopback()) {
            Pipe pipe = pipe(net);
            assertEquals(PIPE_BYTES, net.syscalls.fcntl(pipe.readEnd(), F_GETPIPE_SZ, 0));
            assertEquals(1 << 20, net.syscalls.fcntl(pipe.writeEnd(), F_SETPIPE_SZ, 1 << 20));
            assertEquals(1 << 20, net.syscalls.fcntl(pipe.readEnd(), F_GETPIPE_SZ, 0));
        }
    }

    @Test
    void shouldMakePipeNonBlockingAndCloseOnExec() {
        try (Loopback net = new Loopback()) {
            Pipe pipe = pipe(net);
            int flags = net.syscalls.fcntl(pipe.readEnd(), FcntlConstants.F_GETFL, 0);
            assertTrue((flags & O_NONBLOCK) != 0);
            assertEquals(-Errno.EAGAIN, net.syscalls.read(pipe.readEnd(), net.memory.addressOffset(), 1));
        }
    }

    private record Pipe(int readEnd, int writeEnd) {}

    private static Pipe pipe(Loopback net) {
        assertEquals(0, net.syscalls.pipe2(net.memory.addressOffset(), O_NONBLOCK | O_CLOEXEC));
        return new Pipe(
                net.own(net.memory.getInt(0, ByteOrder.nativeOrder())),
                net.own(net.memory.getInt(4, ByteOrder.nativeOrder())));
    }
}
