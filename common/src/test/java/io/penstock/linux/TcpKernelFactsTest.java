package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static io.penstock.linux.SocketConstants.MSG_MORE;
import static io.penstock.linux.SocketConstants.MSG_OOB;
import static io.penstock.linux.SocketConstants.MSG_PEEK;
import static io.penstock.linux.SocketConstants.MSG_TRUNC;
import static io.penstock.linux.SocketConstants.SHUT_WR;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Linux does with TCP sockets and edge-triggered epoll, where the relays of the data plane count on it. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class TcpKernelFactsTest {
    private static final int EVERYTHING = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;

    @Test
    void shouldReadZeroAtEndOfStreamAndEagainWhenNothingIsThere() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            assertEquals(-Errno.EAGAIN, net.recv(pair.server()));
            net.syscalls.shutdown(pair.client(), SHUT_WR);
            net.await(pair.server(), EPOLLRDHUP);
            assertEquals(0, net.recv(pair.server()));
            assertEquals(0, net.recv(pair.server()), "and again");
        }
    }

    @Test
    void shouldGiveNewEdgeForNewDataAfterShortRead() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                watch.until(EPOLLOUT);
                net.send(pair.client(), "abc");
                watch.until(EPOLLIN);
                assertEquals(3, net.recv(pair.server(), 16, 0), "short: drained, no EAGAIN needed");
                assertTrue(watch.isQuiet());
                net.send(pair.client(), "d");
                watch.until(EPOLLIN);
                assertEquals(1, net.recv(pair.server(), 16, 0));
            }
        }
    }

    @Test
    void shouldGiveNoEdgeForDataThatWasLeftUnread() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                net.send(pair.client(), "abc");
                watch.until(EPOLLIN);
                assertEquals(2, net.recv(pair.server(), 2, 0));
                assertTrue(watch.isQuiet(), "what is left must be remembered by the reader");
            }
        }
    }

    /** So a read that comes up short after it has reached the end of the stream. */
    @Test
    void shouldReportRdhupOnlyOnceAllDataBeforeTheFinIsReadable() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                net.send(pair.client(), "abc");
                net.syscalls.shutdown(pair.client(), SHUT_WR);
                watch.until(EPOLLRDHUP);
                assertEquals(3, net.recv(pair.server(), 16, 0));
                assertEquals(0, net.recv(pair.server(), 16, 0));
            }
        }
    }

    @Test
    void shouldReportHupOnceBothDirectionsAreShut() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                net.syscalls.shutdown(pair.client(), SHUT_WR);
                watch.until(EPOLLRDHUP);
                net.syscalls.shutdown(pair.server(), SHUT_WR);
                watch.until(EPOLLHUP);
                assertEquals(0, net.sockets.takeError(pair.server()), "which is no error");
            }
        }
    }

    @Test
    void shouldKeepDataReadableBeforeResetAndThenReportIt() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                net.send(pair.client(), "last words");
                watch.until(EPOLLIN);
                net.reset(pair.client());
                watch.until(EPOLLERR | EPOLLHUP | EPOLLRDHUP);
                assertEquals(10, net.recv(pair.server()));
                assertEquals(-Errno.ECONNRESET, net.recv(pair.server()));
                assertEquals(0, net.recv(pair.server()), "reported once");
            }
        }
    }

    /** Two relays share a socket: one's failed send takes the error that the other's recv would have seen. */
    @Test
    void shouldEndReadsWithZeroWhenFailedSendTookTheReset() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.send(pair.client(), "last words");
            net.await(pair.server(), EPOLLIN);
            net.reset(pair.client());
            net.await(pair.server(), EPOLLERR);
            assertEquals(-Errno.ECONNRESET, net.send(pair.server(), "x", 0));
            assertEquals(-Errno.EPIPE, net.send(pair.server(), "x", 0));
            assertEquals(10, net.recv(pair.server()));
            assertEquals(0, net.recv(pair.server()));
        }
    }

    /** A reset after a FIN is no ECONNRESET any more: only EPOLLERR tells it from a clean end. */
    @Test
    void shouldReadZeroWhenResetFollowsFin() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.syscalls.shutdown(pair.client(), SHUT_WR);
            net.await(pair.server(), EPOLLRDHUP);
            // Data that arrives at a closed socket is answered with a reset.
            net.close(pair.client());
            net.send(pair.server(), "too late");
            net.await(pair.server(), EPOLLERR);
            assertEquals(0, net.recv(pair.server()));
            assertEquals(-Errno.EPIPE, net.send(pair.server(), "x", 0));
        }
    }

    @Test
    void shouldResetWhenClosedWithLingerZero() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.reset(pair.server());
            net.await(pair.client(), EPOLLERR);
            assertEquals(-Errno.ECONNRESET, net.recv(pair.client()));
        }
    }

    @Test
    void shouldFinishWhenClosedAfterEverythingWasRead() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.close(pair.server());
            assertEquals(0, net.await(pair.client(), EPOLLIN) & EPOLLERR);
            assertEquals(0, net.recv(pair.client()));
        }
    }

    /** Why both directions must have ended before a clean close. */
    @Test
    void shouldResetWhenClosedWithUnreadData() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.send(pair.client(), "unread");
            net.await(pair.server(), EPOLLIN);
            net.close(pair.server());
            net.await(pair.client(), EPOLLERR);
            assertEquals(-Errno.ECONNRESET, net.recv(pair.client()));
        }
    }

    @Test
    void shouldGiveEdgeWhenShortWriteHasRoomAgain() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.client(), EVERYTHING)) {
                watch.until(EPOLLOUT);
                long sent = net.fill(pair.client());
                assertTrue(sent > 0);
                while (!watch.isQuiet()) {
                    // An edge may be left from before the last, short write: room that it used up.
                    sent += net.fill(pair.client());
                }
                net.drain(pair.server(), sent);
                watch.until(EPOLLOUT);
            }
        }
    }

    @Test
    void shouldCountBytesUntilPeerAcknowledgesThem() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            // A small window, inherited by the accepted socket, so that the rest stays with the sender.
            net.sockets.setOption(listener, SOL_SOCKET, SO_RCVBUF, 4096);
            int client = net.connect(net.port(listener));
            int server = net.accept(listener);
            assertEquals(0, net.sockets.unacknowledged(client));
            long sent = net.fill(client);
            assertTrue(net.sockets.unacknowledged(client) > 0);
            net.drain(server, sent);
            awaitAcknowledged(net, client);
            net.send(client, "received by the peer's kernel is enough, nobody has to read it");
            awaitAcknowledged(net, client);
        }
    }

    private static void awaitAcknowledged(Loopback net, int fd) {
        while (net.sockets.unacknowledged(fd) != 0) {
            Thread.onSpinWait(); // the test's timeout bounds it
        }
    }

    @Test
    void shouldLeaveDataInKernelWhenPeekedAndDropItWithTrunc() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            net.send(pair.client(), "abcdef");
            net.await(pair.server(), EPOLLIN);
            assertEquals(6, net.recv(pair.server(), 16, MSG_PEEK));
            assertEquals("abcdef", net.text(6));
            assertEquals(6, net.recv(pair.server(), 16, MSG_PEEK), "still there");
            net.memory.setMemory(0, 16, (byte) '-');
            assertEquals(4, net.recv(pair.server(), 4, MSG_TRUNC));
            assertEquals("----", net.text(4), "dropped without being copied");
            assertEquals("ef", net.recvText(pair.server()));
        }
    }

    @Test
    void shouldStopReadAtUrgentMarkAndRaisePri() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            try (Loopback.Watch watch = net.watch(pair.server(), EVERYTHING)) {
                net.send(pair.client(), "abc");
                assertEquals(1, net.send(pair.client(), "!", MSG_OOB));
                net.send(pair.client(), "def");
                net.syscalls.shutdown(pair.client(), SHUT_WR);
                watch.until(EPOLLPRI | EPOLLRDHUP);
                assertEquals(3, net.recv(pair.server(), 16, 0), "short, though neither drained nor at the end");
                assertEquals("abc", net.text(3));
                assertEquals(3, net.recv(pair.server(), 16, 0), "the urgent byte itself is skipped");
                assertEquals("def", net.text(3));
                assertEquals(0, net.recv(pair.server(), 16, 0));
            }
        }
    }

    @Test
    void shouldDeliverAllWhenShutdownFollowsMore() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            assertEquals(3, net.send(pair.client(), "abc", MSG_MORE));
            net.syscalls.shutdown(pair.client(), SHUT_WR);
            net.await(pair.server(), EPOLLRDHUP);
            assertEquals("abc", net.recvText(pair.server()));
            assertEquals(0, net.recv(pair.server()));
        }
    }

    @Test
    void shouldDeliverAllWhenCloseFollowsMore() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            assertEquals(3, net.send(pair.client(), "abc", MSG_MORE));
            net.close(pair.client());
            net.await(pair.server(), EPOLLRDHUP);
            assertEquals("abc", net.recvText(pair.server()));
            assertEquals(0, net.recv(pair.server()));
        }
    }

    /** Registered first, connected later: the first event says which of both it was. */
    @Test
    void shouldReportErrorTogetherWithOutWhenConnectIsRefused() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            int port = net.port(listener);
            net.close(listener);
            int fd = net.own(net.sockets.connect(Loopback.ADDRESS, port, false));
            try (Loopback.Watch watch = net.watch(fd, EVERYTHING)) {
                watch.until(EPOLLERR | EPOLLHUP);
                assertEquals(-Errno.ECONNREFUSED, net.sockets.takeError(fd));
            }
        }
    }

    /** Unlike a refused one: a reset that answers the SYN is ECONNREFUSED, one that comes later is ECONNRESET. */
    @Test
    void shouldTellResetAfterAcceptFromRefusedConnect() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            int fd = net.own(net.sockets.connect(Loopback.ADDRESS, net.port(listener), false));
            int accepted = net.accept(listener);
            net.send(accepted, "last words");
            net.reset(accepted);
            try (Loopback.Watch watch = net.watch(fd, EVERYTHING)) {
                watch.until(EPOLLOUT | EPOLLERR | EPOLLHUP);
                assertEquals(-Errno.ECONNRESET, net.sockets.takeError(fd));
                assertEquals("last words", net.recvText(fd));
            }
        }
    }
}
