package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLL_CLOEXEC;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Real sockets on loopback for tests, made and used by system calls only; closes what it made. */
final class Loopback implements AutoCloseable {
    static final IpAddress ADDRESS = IpAddress.parse("127.0.0.1").orElseThrow();

    private static final int MEMORY_BYTES = 1 << 20;
    private static final int TIMEOUT_MS = 5_000;
    private static final int BACKLOG = 64;

    final Syscalls syscalls = new LinuxSyscalls();
    final Sockets sockets = new Sockets(syscalls);
    final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_BYTES, 8));
    private final List<Integer> fds = new ArrayList<>();

    /** Two ends of one connection. */
    record Pair(int client, int server) {}

    int own(int fd) {
        assertTrue(fd >= 0, () -> Errno.describe(-fd));
        fds.add(fd);
        return fd;
    }

    int listener() {
        return listener(new Endpoint(ADDRESS, 0), false);
    }

    int listener(Endpoint endpoint, boolean dualStack) {
        int fd = own(sockets.bind(endpoint, dualStack));
        assertEquals(0, sockets.listen(fd, BACKLOG));
        return fd;
    }

    int port(int fd) {
        return sockets.local(fd).port();
    }

    int accept(int listener) {
        await(listener, EPOLLIN);
        return own(sockets.accept(listener));
    }

    int connect(int port) {
        int fd = own(sockets.connect(ADDRESS, port, false));
        await(fd, EPOLLOUT);
        return fd;
    }

    Pair pair() {
        int listener = listener();
        int client = connect(port(listener));
        int server = accept(listener);
        close(listener);
        return new Pair(client, server);
    }

    void close(int fd) {
        forget(fd);
        assertEquals(0, syscalls.close(fd));
    }

    void reset(int fd) {
        forget(fd);
        assertEquals(0, sockets.reset(fd));
    }

    void forget(int fd) {
        assertTrue(fds.remove(Integer.valueOf(fd)));
    }

    long send(int fd, String text, int flags) {
        byte[] bytes = text.getBytes(US_ASCII);
        memory.putBytes(0, bytes);
        return syscalls.send(fd, memory.addressOffset(), bytes.length, MSG_NOSIGNAL | flags);
    }

    void send(int fd, String text) {
        assertEquals(text.length(), send(fd, text, 0));
    }

    long recv(int fd, int length, int flags) {
        return syscalls.recv(fd, memory.addressOffset(), length, flags);
    }

    long recv(int fd) {
        return recv(fd, MEMORY_BYTES, 0);
    }

    /** Waits for data, then takes it. */
    String recvText(int fd) {
        await(fd, EPOLLIN);
        return text((int) recv(fd));
    }

    String text(int length) {
        byte[] bytes = new byte[length];
        memory.getBytes(0, bytes);
        return new String(bytes, US_ASCII);
    }

    /** Sends until the kernel takes no more; the last send was short or refused. */
    long fill(int fd) {
        long total = 0;
        while (true) {
            long sent = syscalls.send(fd, memory.addressOffset(), MEMORY_BYTES, MSG_NOSIGNAL);
            if (sent < 0) {
                assertEquals(-Errno.EAGAIN, sent);
                return total;
            }
            total += sent;
            if (sent < MEMORY_BYTES) {
                return total;
            }
        }
    }

    /** Receives this many bytes, waiting for them. */
    void drain(int fd, long total) {
        long left = total;
        while (left > 0) {
            await(fd, EPOLLIN);
            long received = recv(fd);
            assertTrue(received > 0, () -> "recv: " + received);
            left -= received;
        }
    }

    int option(int fd, int level, int name) {
        memory.putInt(0, 0, ByteOrder.nativeOrder());
        memory.putInt(8, Integer.BYTES, ByteOrder.nativeOrder());
        assertEquals(0, syscalls.getsockopt(fd, level, name, memory.addressOffset(), memory.addressOffset() + 8));
        return memory.getInt(0, ByteOrder.nativeOrder());
    }

    /** Waits, level-triggered, until one of these events is there; all that are there. */
    int await(int fd, int events) {
        try (Watch watch = watch(fd, events)) {
            return watch.next();
        }
    }

    Watch watch(int fd, int events) {
        return new Watch(fd, events);
    }

    @Override
    public void close() {
        List.copyOf(fds).forEach(this::close);
    }

    /** One fd in an epoll of its own. */
    final class Watch implements AutoCloseable {
        private final EpollEvents event = new EpollEvents(1);
        private final int epoll = syscalls.epollCreate1(EPOLL_CLOEXEC);

        private Watch(int fd, int events) {
            event.put(0, events, fd);
            assertEquals(0, syscalls.epollCtl(epoll, EPOLL_CTL_ADD, fd, event.address()));
        }

        /** The next event, which must come. */
        int next() {
            assertEquals(1, syscalls.epollWait(epoll, event.address(), 1, TIMEOUT_MS), "no event came");
            return event.events(0);
        }

        /** Whether nothing has happened since the last event. */
        boolean isQuiet() {
            return syscalls.epollWait(epoll, event.address(), 1, 0) == 0;
        }

        /** Takes edges until all of these have been seen. */
        void until(int events) {
            int seen = 0;
            while ((seen & events) != events) {
                seen |= next();
            }
        }

        @Override
        public void close() {
            syscalls.close(epoll);
        }
    }
}
