package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLET;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux does with UDP sockets: errors that ICMP brings, lengths, batches that end early, edges. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class UdpKernelFactsTest {
    private final UdpLoopback udp = new UdpLoopback();

    @AfterEach
    void close() {
        udp.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldTellConnectedSocketOfRefusalOnceWithTheNextReceive(String literal) {
        IpAddress address = UdpLoopback.address(literal);
        int client = udp.connect(address, udp.deafPort(address));
        udp.say(client, "anybody?");
        udp.awaitError(client);
        assertEquals(-Errno.ECONNREFUSED, udp.received.receiveConnected(udp.syscalls, client, 0, 8));
        assertEquals(-Errno.EAGAIN, udp.received.receiveConnected(udp.syscalls, client, 0, 8));
    }

    /** The datagram of the send that reports an earlier one's refusal is not sent; sending it again is right. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldTellOfRefusalWithTheNextSendInsteadOfSending(String literal) {
        IpAddress address = UdpLoopback.address(literal);
        int port = udp.deafPort(address);
        int client = udp.connect(address, port);
        udp.say(client, "anybody?");
        udp.awaitError(client);
        int server = udp.bind(address, port, false);
        udp.text("unsent");
        assertEquals(-Errno.ECONNREFUSED, udp.send(client));
        udp.say(client, "sent");
        assertEquals("sent", udp.hear(server));
    }

    @Test
    void shouldTellOfRefusalBeforeDatagramsThatWait() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.say(client, "hello");
        udp.hear(server);
        udp.reply(0);
        assertEquals(1, udp.send(server));
        udp.net.await(client, EPOLLIN);
        udp.net.close(server);
        udp.say(client, "too late");
        udp.awaitError(client);
        assertEquals(-Errno.ECONNREFUSED, udp.received.receiveConnected(udp.syscalls, client, 0, 8));
        assertEquals(1, udp.received.receiveConnected(udp.syscalls, client, 0, 8), "EAGAIN is what ends reading");
    }

    @Test
    void shouldTakeRefusalWithSoError() {
        int client = udp.connect(UdpLoopback.IPV4, udp.deafPort(UdpLoopback.IPV4));
        udp.say(client, "anybody?");
        udp.awaitError(client);
        assertEquals(-Errno.ECONNREFUSED, udp.sockets.takeError(client));
        assertEquals(0, udp.sockets.takeError(client));
        assertEquals(-Errno.EAGAIN, udp.received.receiveConnected(udp.syscalls, client, 0, 8));
    }

    /** It could not tell which of its peers was meant. */
    @Test
    void shouldNotTellUnconnectedSocketOfRefusal() {
        int deaf = udp.deafPort(UdpLoopback.IPV4);
        int socket = udp.bind(UdpLoopback.IPV4, 0, false);
        int connected = udp.connect(UdpLoopback.IPV4, deaf);
        udp.sent.to(udp.message(1), UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), deaf, 0);
        assertEquals(1, udp.send(socket));
        udp.say(connected, "the answer to this comes after the other's");
        udp.awaitError(connected);
        assertEquals(0, udp.net.option(socket, SOL_SOCKET, SO_ERROR));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 65507", "::1, 65527"})
    void shouldCarryFromNothingToTheLongestThatTheFamilyHas(String literal, int longest) {
        IpAddress address = UdpLoopback.address(literal);
        int server = udp.listener(address, false);
        int client = udp.connect(address, udp.port(server));
        udp.message(0);
        udp.more(longest);
        assertEquals(2, udp.send(client));
        assertEquals("", udp.hear(server), "a datagram like others, and no end of anything");
        assertEquals(longest, udp.hear(server).length());
        udp.message(longest + 1);
        assertEquals(-Errno.EMSGSIZE, udp.send(client));
    }

    @Test
    void shouldCutWhatIsLongerThanItsEntry() {
        ReceiveBatch small = new ReceiveBatch(2, 4);
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.say(client, "12345");
        udp.say(client, "1234");
        udp.net.await(server, EPOLLIN);
        assertEquals(1, small.receive(udp.syscalls, server, 0, 1));
        udp.net.await(server, EPOLLIN);
        assertEquals(1, small.receive(udp.syscalls, server, 1, 1));
        assertTrue(small.isTruncated(0));
        assertEquals(4, small.length(0));
        assertFalse(small.isTruncated(1));
    }

    @Test
    void shouldStopSendingAtMessageThatTheKernelRefusesAndSayWhyWhenAskedAgain() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.message(1);
        udp.more(65_508);
        udp.more(3);
        udp.more(4);
        assertEquals(1, udp.sent.send(udp.syscalls, client, 0));
        assertEquals(-Errno.EMSGSIZE, udp.sent.send(udp.syscalls, client, 1));
        assertEquals(2, udp.sent.send(udp.syscalls, client, 2));
        assertEquals(1, udp.hear(server).length());
        assertEquals(3, udp.hear(server).length());
        assertEquals(4, udp.hear(server).length());
    }

    @Test
    void shouldHaveTakenAllWhenFewerCameThanWereAskedFor() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        try (Loopback.Watch watch = udp.net.watch(server, EPOLLIN | EPOLLET)) {
            for (String text : List.of("a", "b", "c")) {
                udp.say(client, text);
                watch.until(EPOLLIN);
            }
        }
        assertEquals(2, udp.received.receive(udp.syscalls, server, 0, 2), "as many as asked for says nothing");
        assertEquals(1, udp.received.receive(udp.syscalls, server, 0, 8));
        assertEquals(-Errno.EAGAIN, udp.received.receive(udp.syscalls, server, 0, 8));
    }

    /** Unlike bytes of a stream, each datagram is an edge, whether the one before it has been read or not. */
    @Test
    void shouldGiveAnEdgeForEachDatagram() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        try (Loopback.Watch watch = udp.net.watch(server, EPOLLIN | EPOLLET)) {
            udp.say(client, "a");
            watch.until(EPOLLIN);
            assertTrue(watch.isQuiet());
            udp.say(client, "b");
            watch.until(EPOLLIN);
            assertEquals("a", udp.hear(server));
            assertTrue(watch.isQuiet(), "what is left must be remembered by the reader");
        }
    }

    /** So EPOLLOUT is for sockets whose send has been refused only. */
    @Test
    void shouldGiveAnEdgeForEachDatagramThatHasLeft() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        try (Loopback.Watch watch = udp.net.watch(client, EPOLLIN | EPOLLOUT | EPOLLET)) {
            watch.until(EPOLLOUT);
            assertTrue(watch.isQuiet());
            udp.say(client, "a");
            udp.hear(server);
            watch.until(EPOLLOUT);
        }
    }

    @Test
    void shouldTellEachHolderOfOneSocketWhichDatagramOneOfThemGets() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int same = udp.net.own(udp.syscalls.fcntl(server, F_DUPFD_CLOEXEC, 0));
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        try (Loopback.Watch one = udp.net.watch(server, EPOLLIN | EPOLLET);
                Loopback.Watch other = udp.net.watch(same, EPOLLIN | EPOLLET)) {
            udp.say(client, "a");
            one.until(EPOLLIN);
            other.until(EPOLLIN);
            assertEquals(1, udp.received.receive(udp.syscalls, server, 0, 8));
            assertEquals(-Errno.EAGAIN, udp.received.receive(udp.syscalls, same, 0, 8));
        }
    }

    /** A closed descriptor stays in its epoll as long as another one of the same socket is open: to be removed before. */
    @Test
    void shouldReportClosedDescriptorWhileItsSocketIsOpenElsewhere() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int same = udp.net.own(udp.syscalls.fcntl(server, F_DUPFD_CLOEXEC, 0));
        int client = udp.connect(UdpLoopback.IPV4, udp.port(same));
        try (Loopback.Watch watch = udp.net.watch(server, EPOLLIN | EPOLLET)) {
            udp.net.close(server);
            udp.say(client, "a");
            watch.until(EPOLLIN);
        }
        assertEquals("a", udp.hear(same));
    }

    @Test
    void shouldReportErrorEventThatNobodyAskedFor() {
        int client = udp.connect(UdpLoopback.IPV4, udp.deafPort(UdpLoopback.IPV4));
        try (Loopback.Watch watch = udp.net.watch(client, EPOLLIN | EPOLLET)) {
            udp.say(client, "anybody?");
            watch.until(EPOLLERR);
        }
    }
}
