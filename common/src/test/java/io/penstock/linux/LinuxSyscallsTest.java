package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_DEL;
import static io.penstock.linux.FcntlConstants.EFD_CLOEXEC;
import static io.penstock.linux.FcntlConstants.EFD_NONBLOCK;
import static io.penstock.linux.FcntlConstants.F_GETFL;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Errno discipline, accept4, epoll and eventfd. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class LinuxSyscallsTest {
    private static final int NO_SUCH_FD = 1_000_000;
    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;

    @Test
    void shouldReturnNegativeErrnoWhenFdIsNotOpen() {
        try (Loopback net = new Loopback()) {
            Syscalls syscalls = net.syscalls;
            long memory = net.memory.addressOffset();
            assertEquals(-Errno.EBADF, syscalls.bind(NO_SUCH_FD, memory, 16));
            assertEquals(-Errno.EBADF, syscalls.listen(NO_SUCH_FD, 1));
            assertEquals(-Errno.EBADF, syscalls.accept4(NO_SUCH_FD, 0, 0, 0));
            assertEquals(-Errno.EBADF, syscalls.connect(NO_SUCH_FD, memory, 16));
            assertEquals(-Errno.EBADF, syscalls.getsockname(NO_SUCH_FD, memory, memory));
            assertEquals(-Errno.EBADF, syscalls.shutdown(NO_SUCH_FD, 1));
            assertEquals(-Errno.EBADF, syscalls.close(NO_SUCH_FD));
            assertEquals(-Errno.EBADF, syscalls.recv(NO_SUCH_FD, memory, 1, 0));
            assertEquals(-Errno.EBADF, syscalls.send(NO_SUCH_FD, memory, 1, 0));
            assertEquals(-Errno.EBADF, syscalls.read(NO_SUCH_FD, memory, 1));
            assertEquals(-Errno.EBADF, syscalls.write(NO_SUCH_FD, memory, 1));
            assertEquals(-Errno.EBADF, syscalls.splice(NO_SUCH_FD, NO_SUCH_FD, 1, 0));
            assertEquals(-Errno.EBADF, syscalls.fcntl(NO_SUCH_FD, F_GETFL, 0));
            assertEquals(-Errno.EBADF, syscalls.ioctl(NO_SUCH_FD, SocketConstants.SIOCOUTQ, memory));
            assertEquals(-Errno.EBADF, syscalls.setsockopt(NO_SUCH_FD, 1, 2, memory, 4));
            assertEquals(-Errno.EBADF, syscalls.getsockopt(NO_SUCH_FD, 1, 2, memory, memory));
            assertEquals(-Errno.EBADF, syscalls.epollCtl(NO_SUCH_FD, EPOLL_CTL_ADD, 0, memory));
            assertEquals(-Errno.EBADF, syscalls.epollWait(NO_SUCH_FD, memory, 1, 0));
        }
    }

    @Test
    void shouldReturnOtherErrnosToo() {
        try (Loopback net = new Loopback()) {
            assertEquals(-Errno.EAFNOSUPPORT, net.syscalls.socket(12345, 1, 0));
            assertEquals(-Errno.EINVAL, net.syscalls.epollCreate1(-1));
            assertEquals(-Errno.EINVAL, net.syscalls.eventfd(0, -1));
            assertEquals(-Errno.EINVAL, net.syscalls.pipe2(net.memory.addressOffset(), 1));
            Loopback.Pair pair = net.pair();
            assertEquals(-Errno.EAGAIN, net.recv(pair.server()));
        }
    }

    @Test
    void shouldReturnResultWhenCallSucceeds() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.send(pair.client(), "abc");
            net.await(pair.server(), EPOLLIN);
            assertEquals(0, net.recv(pair.server(), 0, 0), "nothing was asked for");
            assertEquals(3, net.recv(pair.server()));
            assertEquals(-Errno.EAGAIN, net.recv(pair.server(), 0, 0), "even so");
        }
    }

    @Test
    void shouldReportRefusedConnect() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            int port = net.port(listener);
            net.close(listener);
            int fd = net.own(net.sockets.connect(Loopback.ADDRESS, port, false));
            net.await(fd, EPOLLOUT);
            assertEquals(-Errno.ECONNREFUSED, net.sockets.takeError(fd));
            assertEquals(0, net.sockets.takeError(fd), "reading clears it");
        }
    }

    @Test
    void shouldGiveAcceptedSocketTheFlagsOfAccept4() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            for (int flags : new int[] {0, SOCK_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK | SOCK_CLOEXEC}) {
                net.connect(net.port(listener));
                net.await(listener, EPOLLIN);
                int fd = net.own(net.syscalls.accept4(listener, 0, 0, flags));
                // Not inherited from the listener, which has both.
                assertEquals((flags & SOCK_NONBLOCK) != 0, (net.syscalls.fcntl(fd, F_GETFL, 0) & O_NONBLOCK) != 0);
                assertEquals((flags & SOCK_CLOEXEC) != 0, (net.syscalls.fcntl(fd, F_GETFD, 0) & FD_CLOEXEC) != 0);
            }
        }
    }

    @Test
    void shouldReturnEagainWhenNobodyWaitsToBeAccepted() {
        try (Loopback net = new Loopback()) {
            assertEquals(-Errno.EAGAIN, net.sockets.accept(net.listener()));
        }
    }

    @Test
    void shouldWakeUpEpollOfAnotherThreadThroughEventfd() {
        try (Loopback net = new Loopback()) {
            int eventfd = net.own(net.syscalls.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
            try (Loopback.Watch watch = net.watch(eventfd, EPOLLIN)) {
                assertTrue(watch.isQuiet());
                net.memory.putLong(0, 1, ByteOrder.nativeOrder());
                CompletableFuture<Long> written = CompletableFuture.supplyAsync(
                        () -> net.syscalls.write(eventfd, net.memory.addressOffset(), Long.BYTES));
                assertEquals(EPOLLIN, watch.next());
                assertEquals(8L, written.join());
                net.syscalls.write(eventfd, net.memory.addressOffset(), Long.BYTES);
                assertEquals(8, net.syscalls.read(eventfd, net.memory.addressOffset(), Long.BYTES));
                assertEquals(2, net.memory.getLong(0, ByteOrder.nativeOrder()), "signals add up and are taken at once");
                assertTrue(watch.isQuiet());
            }
        }
    }

    @Test
    void shouldDropFdFromEpollWhenItIsClosed() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EPOLLIN)) {
                net.send(pair.client(), "x");
                assertEquals(EPOLLIN, watch.next());
                net.close(pair.server());
                assertTrue(watch.isQuiet());
            }
        }
    }

    @Test
    void shouldRemoveFdFromEpollWithoutAnEvent() {
        try (Loopback net = new Loopback()) {
            int epoll = net.own(net.syscalls.epollCreate1(0));
            int fd = net.listener();
            EpollEvents event = new EpollEvents(1).put(0, EPOLLIN, 7);
            assertEquals(0, net.syscalls.epollCtl(epoll, EPOLL_CTL_ADD, fd, event.address()));
            assertEquals(0, net.syscalls.epollCtl(epoll, EPOLL_CTL_DEL, fd, 0));
            net.connect(net.port(fd));
            assertEquals(0, net.syscalls.epollWait(epoll, event.address(), 1, 0));
        }
    }

    /** The layout of struct epoll_event, in arrays of several: both ways through the kernel. */
    @Test
    void shouldCarrySixtyFourBitsOfDataPerEvent() {
        try (Loopback net = new Loopback()) {
            int epoll = net.own(net.syscalls.epollCreate1(0));
            EpollEvents registration = new EpollEvents(1);
            EpollEvents ready = new EpollEvents(4);
            long[] data = {0xfedc_ba98_7654_3210L, -1L, 1L};
            for (long token : data) {
                int fd = net.own(net.syscalls.eventfd(1, EFD_NONBLOCK));
                registration.put(0, EPOLLIN | EPOLLET, token);
                assertEquals(token, registration.data(0));
                assertEquals(EPOLLIN | EPOLLET, registration.events(0));
                assertEquals(0, net.syscalls.epollCtl(epoll, EPOLL_CTL_ADD, fd, registration.address()));
            }
            assertEquals(4, ready.capacity());
            assertEquals(3, net.syscalls.epollWait(epoll, ready.address(), ready.capacity(), 5_000));
            for (int i = 0; i < data.length; i++) {
                assertEquals(EPOLLIN, ready.events(i));
                assertEquals(data[i], ready.data(i));
            }
        }
    }

    @Test
    void shouldNameErrnosForOperators() {
        assertEquals("address already in use (EADDRINUSE)", Errno.describe(Errno.EADDRINUSE));
        assertEquals("errno 12345", Errno.describe(12345));
    }
}
