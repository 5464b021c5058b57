package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where Linux puts what of struct tcp_info, where metrics count on it. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class TcpInfoKernelFactsTest {
    private final TcpInfo info = new TcpInfo();

    @Test
    void shouldTellOfAnEstablishedConnection() {
        try (Loopback net = new Loopback()) {
            Loopback.Pair pair = net.pair();
            assertEquals(0, net.sockets.info(pair.client(), info));
            assertEquals(TcpInfo.TCP_ESTABLISHED, info.state());
            assertEquals(0, info.dataSegmentsSent());
            assertEquals(0, info.retransmissions());

            for (int i = 1; i <= 3; i++) {
                net.send(pair.client(), "abc");
                net.await(pair.server(), EPOLLIN);
                assertEquals(3, net.recv(pair.server()));
            }
            assertEquals(0, net.sockets.info(pair.client(), info));
            assertEquals(3, info.dataSegmentsSent());
            assertEquals(0, info.retransmissions());
            assertTrue(info.rttUs() > 0 && info.rttUs() < 5_000_000, () -> info.rttUs() + " us");
            assertTrue(info.deliveryRate() > 0, () -> info.deliveryRate() + " bytes/s");

            assertEquals(0, net.sockets.info(pair.server(), info));
            assertEquals(0, info.dataSegmentsSent());
        }
    }

    @Test
    void shouldTellHowManyWaitToBeAcceptedAndHowManyMay() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            assertEquals(0, net.sockets.info(listener, info));
            assertEquals(TcpInfo.TCP_LISTEN, info.state());
            assertEquals(0, info.acceptQueue());
            assertEquals(64, info.acceptQueueLimit());

            net.connect(net.port(listener));
            net.connect(net.port(listener));
            assertEquals(0, net.sockets.info(listener, info));
            assertEquals(2, info.acceptQueue());

            net.accept(listener);
            assertEquals(0, net.sockets.info(listener, info));
            assertEquals(1, info.acceptQueue());
        }
    }

    @Test
    void shouldTellOfNothingButTcp() {
        try (Loopback net = new Loopback()) {
            int eventfd = net.own(net.syscalls.eventfd(0, 0));
            assertEquals(-Errno.ENOTSOCK, net.sockets.info(eventfd, info));
        }
    }
}
