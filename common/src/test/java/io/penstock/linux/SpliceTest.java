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

    /** Each skb takes a slot whatever its size, so EAGAIN with bytes in the pipe says nothing about the socket. */
    @Test
    void shouldRunOutOfSlotsLongBeforeItRunsOutOfBytes() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair in = net.pair();
            Pipe pipe = pipe(net);
            int sent = 0;
            for (int i = 0; i < 200; i++) {
                // Larger than what the kernel merges into the segment before, far smaller than a page.
                net.send(in.client(), "x".repeat(i % 2 == 0 ? 1_000 : 1_001));
                sent += i % 2 == 0 ? 1_000 : 1_001;
            }
            net.await(in.server(), EPOLLIN);
            int moved = 0;
            long result = 0;
            while (result >= 0) {
                moved += (int) result;
                result = net.syscalls.splice(in.server(), pipe.writeEnd(), 1 << 20, FLAGS);
            }
            assertEquals(-Errno.EAGAIN, result);
            assertTrue(moved < PIPE_BYTES && moved < sent, moved + " of " + sent);
            assertTrue(net.syscalls.recv(in.server(), net.memory.addressOffset(), 1, 0) == 1, "there was more");
        }
    }

    /**
     * Whoever took this for "drained", or on kernels that return zero for the end of the stream, would wait for ever or
     * cut the stream short. EPOLLPRI tells before.
     */
    @Test
    void shouldMoveNothingAtUrgentDataAlthoughTheStreamGoesOn() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair in = net.pair();
            Pipe pipe = pipe(net);
            net.send(in.client(), "before");
            net.memory.putByte(0, (byte) '!');
            assertEquals(1, net.syscalls.send(in.client(), net.memory.addressOffset(), 1, SocketConstants.MSG_OOB));
            net.send(in.client(), "after");
            net.await(in.server(), EPOLLIN | EpollConstants.EPOLLPRI);
            assertEquals(6, net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS));
            assertEquals(6, net.syscalls.read(pipe.readEnd(), net.memory.addressOffset(), 6));
            long result = net.syscalls.splice(in.server(), pipe.writeEnd(), PIPE_BYTES, FLAGS);
            assertTrue(result == -Errno.EAGAIN || result == 0, () -> "was " + result);
            assertEquals("after", net.recvText(in.server()));
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
