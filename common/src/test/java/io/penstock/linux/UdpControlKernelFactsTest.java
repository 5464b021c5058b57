package io.penstock.linux;

import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_TCLASS;
import static io.penstock.linux.SocketConstants.IP_TOS;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses and traffic classes beside datagrams, through real sockets of either family and of both. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class UdpControlKernelFactsTest {
    /** DSCP EF with ECT(1): both parts of the octet. */
    private static final int CLASS = 0xb9;

    private static final int SO_BROADCAST = 6;

    private final UdpLoopback udp = new UdpLoopback();

    @AfterEach
    void close() {
        udp.close();
    }

    /** Without that, the reply to a client of 127.0.0.9 would come from 127.0.0.1, and its socket would not take it. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.9, false", "::, ::1, false", "::, ::1, true", "::, 127.0.0.9, true"})
    void shouldAnswerFromTheAddressThatWasAsked(String bound, String asked, boolean dualStack) {
        IpAddress address = UdpLoopback.address(asked);
        int server = udp.listener(UdpLoopback.address(bound), dualStack);
        int client = udp.connect(address, udp.port(server));
        udp.say(client, "to whom?");
        assertEquals("to whom?", udp.hear(server));
        assertEquals(address, udp.destination(0));
        assertEquals(udp.port(client), udp.received.sourcePort(0));
        udp.sent.from(udp.reply(0), udp.received.destinationHigh(0), udp.received.destinationLow(0));
        assertEquals(1, udp.send(server));
        assertEquals(1, udp.receive(client));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1, false", "::, 127.0.0.1, true"})
    void shouldLeaveFromGivenAddressThoughAnotherWasAsked(String bound, String asked, boolean dualStack) {
        int server = udp.listener(UdpLoopback.address(bound), dualStack);
        int client = udp.bind(UdpLoopback.address(asked), 0, false);
        IpAddress own = UdpLoopback.address("127.0.0.77");
        int message = udp.message(1);
        udp.sent.to(message, UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), udp.port(client), 0);
        udp.sent.from(message, own.high(), own.low());
        assertEquals(1, udp.send(server));
        assertEquals(1, udp.receive(client));
        assertEquals(own, udp.source(0));
    }

    @Test
    void shouldRefuseToLeaveFromForeignAddress() {
        int server = udp.listener(IpAddress.ANY_IPV6, true);
        IpAddress foreign = UdpLoopback.address("2001:db8::9");
        int message = udp.message(1);
        udp.sent.to(message, UdpLoopback.IPV6.high(), UdpLoopback.IPV6.low(), udp.port(server), 0);
        udp.sent.from(message, foreign.high(), foreign.low());
        assertEquals(-Errno.EINVAL, udp.send(server));
    }

    @Test
    void shouldNotTellDestinationOfSocketThatHasAnAddress() {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.say(client, "to whom?");
        udp.hear(server);
        assertFalse(udp.received.hasDestination(0));
    }

    /** ipi_addr would be the broadcast address, which nothing can leave from. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0, false", "::, true"})
    void shouldGiveOwnAddressAsDestinationOfBroadcast(String bound, boolean dualStack) {
        int server = udp.listener(UdpLoopback.address(bound), dualStack);
        int client = udp.bind(UdpLoopback.IPV4, 0, false);
        assertEquals(0, udp.net.sockets.setOption(client, SOL_SOCKET, SO_BROADCAST, 1));
        IpAddress all = UdpLoopback.address("127.255.255.255");
        int message = udp.message(1);
        udp.sent.to(message, all.high(), all.low(), udp.port(server), 0);
        assertEquals(1, udp.send(client));
        udp.receive(server);
        assertEquals(UdpLoopback.IPV4, udp.destination(0));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, false", "::1, ::1, false", "::, ::1, true", "::, 127.0.0.1, true"})
    void shouldTellTrafficClassOfSocket(String bound, String asked, boolean dualStack) {
        IpAddress address = UdpLoopback.address(asked);
        int server = udp.listener(UdpLoopback.address(bound), dualStack);
        int client = udp.connect(address, udp.port(server));
        udp.say(client, "plain");
        udp.hear(server);
        assertEquals(0, udp.received.trafficClass(0));
        int result = address.isIpv4()
                ? udp.net.sockets.setOption(client, IPPROTO_IP, IP_TOS, CLASS)
                : udp.net.sockets.setOption(client, IPPROTO_IPV6, IPV6_TCLASS, CLASS);
        assertEquals(0, result);
        udp.say(client, "marked");
        udp.hear(server);
        assertEquals(CLASS, udp.received.trafficClass(0));
    }

    /** The sender is a dual-stack socket; each message is marked, cut and given its source by itself. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1", "::1"})
    void shouldTakeEachMessagesClassSegmentsAndSourceTogether(String literal) {
        IpAddress address = UdpLoopback.address(literal);
        int server = udp.listener(IpAddress.ANY_IPV6, true);
        int client = udp.listener(address, false);
        udp.sent.clear();
        for (int octet : new int[] {CLASS, 0x03}) {
            int message = udp.more(25);
            udp.sent.to(message, address.high(), address.low(), udp.port(client), 0);
            udp.sent.from(message, address.high(), address.low());
            udp.sent.trafficClass(message, octet, address.isIpv4());
            udp.sent.segment(message, 10);
        }
        assertEquals(2, udp.send(server));
        assertEquals(25, udp.hear(client).length());
        assertEquals(CLASS, udp.received.trafficClass(0));
        assertEquals(10, udp.received.segmentBytes(0));
        assertEquals(25, udp.hear(client).length());
        assertEquals(0x03, udp.received.trafficClass(0));
    }

    /** What the kernel does not look at for the family that a message goes by, it passes over without a word. */
    @Test
    void shouldIgnoreClassOfTheOtherFamily() {
        int server = udp.listener(IpAddress.ANY_IPV6, true);
        int client = udp.listener(UdpLoopback.IPV4, false);
        int message = udp.message(1);
        udp.sent.to(message, UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), udp.port(client), 0);
        udp.sent.trafficClass(message, CLASS, false);
        assertEquals(1, udp.send(server));
        udp.receive(client);
        assertEquals(0, udp.received.trafficClass(0));
    }

    @Test
    void shouldSendToIpv4FromDualStackSocketOnly() {
        int only = udp.listener(IpAddress.ANY_IPV6, false);
        int message = udp.message(1);
        udp.sent.to(message, UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), 9, 0);
        assertEquals(-Errno.ENETUNREACH, udp.send(only));
    }

    /** Nobody has such an address here. */
    @Test
    void shouldLeaveFromForeignAddressOfTransparentSocket() throws Throwable {
        NewNetwork.run(1500, () -> {
            IpAddress foreign = UdpLoopback.address("192.0.2.9");
            int server = udp.net.own(
                    udp.sockets.bind(new Endpoint(foreign, 0), false, new BindOptions(BindOptions.ANY_DEVICE, true)));
            assertEquals(0, udp.sockets.prepareListener(server, true, true));
            int client = udp.listener(UdpLoopback.IPV4, false);
            int message = udp.message(1);
            udp.sent.to(message, UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), udp.port(client), 0);
            udp.sent.from(message, foreign.high(), foreign.low());
            assertEquals(1, udp.send(server));
            assertEquals(1, udp.receive(client));
            assertEquals(foreign, udp.source(0));
        });
    }

    @Test
    void shouldLeaveNothingOfTheMessageThatHadThePlaceBefore() {
        int server = udp.listener(IpAddress.ANY_IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        int message = udp.message(20);
        udp.sent.trafficClass(message, CLASS, true);
        udp.sent.segment(message, 10);
        assertEquals(1, udp.send(client));
        assertEquals(20, udp.hear(server).length());
        assertNotEquals(0, udp.received.segmentBytes(0));
        udp.say(client, "plain");
        assertEquals("plain", udp.hear(server));
        assertEquals(0, udp.received.segmentBytes(0));
        assertEquals(0, udp.received.trafficClass(0));
        assertTrue(udp.received.hasDestination(0));
    }

    /** The kernel leaves of each length what it used: nothing of control messages first, and a sockaddr_in. */
    @Test
    void shouldHaveRoomAgainAfterDatagramThatNeededLess() {
        int small = udp.bind(UdpLoopback.IPV4, 0, false);
        udp.say(udp.connect(UdpLoopback.IPV4, udp.port(small)), "small");
        assertEquals("small", udp.hear(small));
        int large = udp.listener(IpAddress.ANY_IPV6, false);
        int client = udp.connect(UdpLoopback.IPV6, udp.port(large));
        udp.sent.segment(udp.message(20), 10);
        assertEquals(1, udp.send(client));
        assertEquals(20, udp.hear(large).length());
        assertEquals(UdpLoopback.IPV6, udp.source(0));
        assertEquals(UdpLoopback.IPV6, udp.destination(0));
        assertEquals(10, udp.received.segmentBytes(0));
    }
}
