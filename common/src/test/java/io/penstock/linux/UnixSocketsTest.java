package io.penstock.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.UnixAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the relay and the listeners rely on of AF_UNIX. */
class UnixSocketsTest {
    @TempDir
    Path directory;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final UnixSockets sockets = new UnixSockets(syscalls);
    private final Sockets tcp = new Sockets(syscalls);
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64, Long.BYTES));

    @Test
    void shouldKnowTheNameOfEachKind() {
        for (String name : List.of(directory.resolve("a.sock").toString(), "@" + directory.getFileName())) {
            UnixAddress address = new UnixAddress(name);
            assertTrue(sockets.connect(address) < 0, "nobody there");
            int fd = sockets.bind(address);
            assertTrue(fd >= 0);
            assertEquals(Optional.of(address), sockets.name(fd));
            assertEquals(-Errno.EADDRINUSE, sockets.bind(address));
            assertEquals(-Errno.ECONNREFUSED, sockets.connect(address), "bound only");
            assertEquals(0, syscalls.listen(fd, 0));
            int peer = sockets.connect(address);
            assertTrue(peer >= 0);
            assertEquals(-Errno.EAGAIN, sockets.connect(address), "the queue is full");
            syscalls.close(peer);
            syscalls.close(fd);
            assertEquals(-Errno.ECONNREFUSED, sockets.connect(address), "nobody there any more");
        }
    }

    @Test
    void shouldTellAPeerOfBytesThatNobodyRead() {
        for (int unread = 0; unread <= 1; unread++) {
            UnixAddress address = new UnixAddress("@" + directory.getFileName() + unread);
            int listener = sockets.bind(address);
            syscalls.listen(listener, 1);
            int peer = sockets.connect(address);
            int own = tcp.accept(listener);
            assertEquals(2, syscalls.send(peer, buffer.addressOffset(), 2, 0));
            assertEquals(2, tcp.unread(own));
            assertTrue(tcp.unacknowledged(peer) > 0);
            // MSG_TRUNC would have let TCP drop them without a look at the buffer.
            assertEquals(2 - unread, syscalls.recv(own, buffer.addressOffset(), 2 - unread, 0));
            tcp.reset(own);
            long expected = unread == 0 ? 0 : -Errno.ECONNRESET;
            assertEquals(expected, syscalls.recv(peer, buffer.addressOffset(), 1, 0));
            syscalls.close(peer);
            syscalls.close(listener);
        }
    }
}
