package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.FcntlConstants.F_GETFL;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_MTU_DISCOVER;
import static io.penstock.linux.SocketConstants.IPV6_RECVPKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_RECVTCLASS;
import static io.penstock.linux.SocketConstants.IP_MTU_DISCOVER;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_RECVTOS;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.SO_REUSEADDR;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static io.penstock.linux.SocketConstants.SO_SNDBUF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagram sockets, their addresses and options, as the kernel understands them. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class DatagramSocketsTest {
    private static final BindOptions TRANSPARENT = new BindOptions(BindOptions.ANY_DEVICE, true);

    private final UdpLoopback udp = new UdpLoopback();
    private final DatagramSockets sockets = udp.sockets;

    @AfterEach
    void close() {
        udp.close();
    }

    @Test
    void shouldShareEndpointAndPortButNotAddressReuse() {
        int first = udp.bind(UdpLoopback.IPV4, 0, false);
        assertEquals(1, udp.net.option(first, SOL_SOCKET, SO_REUSEPORT));
        assertEquals(0, udp.net.option(first, SOL_SOCKET, SO_REUSEADDR));
        assertNotEquals(0, udp.syscalls.fcntl(first, F_GETFL, 0) & O_NONBLOCK);
        int second = udp.bind(UdpLoopback.IPV4, udp.port(first), false);
        assertEquals(udp.port(first), udp.port(second));
        assertEquals(
                new Endpoint(UdpLoopback.IPV4, udp.port(first)),
                sockets.local(second).endpoint());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, false",
        "::1, ::1, false",
        "0.0.0.0, 127.0.0.1, false",
        "127.0.0.1, 0.0.0.0, false",
        "127.0.0.1, ::, true",
        "::, 127.0.0.1, true"
    })
    void shouldFindEndpointInUse(String taken, String asked, boolean dualStack) {
        int holder = udp.bind(UdpLoopback.address(taken), 0, dualStack);
        Endpoint endpoint = new Endpoint(UdpLoopback.address(asked), udp.port(holder));
        assertEquals(-Errno.EADDRINUSE, sockets.probeFree(endpoint, dualStack, BindOptions.NONE));
        udp.net.close(holder);
        assertEquals(0, sockets.probeFree(endpoint, dualStack, BindOptions.NONE));
    }

    /** TCP's ports are others. */
    @Test
    void shouldFindEndpointFreeWhereStreamSocketListens() {
        int listener = udp.net.listener();
        Endpoint endpoint = new Endpoint(UdpLoopback.IPV4, udp.port(listener));
        assertEquals(0, sockets.probeFree(endpoint, false, BindOptions.NONE));
    }

    @Test
    void shouldLeaveIpv4ToOthersUnlessDualStack() {
        int only = udp.bind(IpAddress.ANY_IPV6, 0, false);
        Endpoint ipv4 = new Endpoint(IpAddress.ANY_IPV4, udp.port(only));
        assertEquals(0, sockets.probeFree(ipv4, false, BindOptions.NONE));
    }

    @Test
    void shouldSayWhyItCannotBind() {
        Endpoint foreign = new Endpoint(UdpLoopback.address("192.0.2.9"), 0);
        assertEquals(-Errno.EADDRNOTAVAIL, sockets.bind(foreign, false, BindOptions.NONE));
        Endpoint any = new Endpoint(IpAddress.ANY_IPV4, 0);
        assertEquals(-Errno.ENODEV, sockets.bind(any, false, new BindOptions("no-such-device", false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.9", "2001:db8::9"})
    void shouldBindWithOptionsAndTellThem(String foreign) {
        Endpoint endpoint = new Endpoint(UdpLoopback.address(foreign), 0);
        boolean ipv4 = endpoint.address().isIpv4();
        int result = sockets.bind(endpoint, false, TRANSPARENT);
        assumeTrue(result != -Errno.EPERM, "skipped: needs CAP_NET_RAW");
        int fd = udp.net.own(result);
        assertEquals(TRANSPARENT, sockets.bindOptions(fd, ipv4));
        BindOptions loopbackOnly = new BindOptions("lo", false);
        Endpoint any = new Endpoint(ipv4 ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6, 0);
        assertEquals(loopbackOnly, sockets.bindOptions(udp.net.own(sockets.bind(any, false, loopbackOnly)), ipv4));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, false", "0.0.0.0, true"})
    void shouldAskIpv4SocketForWhatIsNeeded(String bound, boolean any) {
        int fd = udp.bind(UdpLoopback.address(bound), 0, false);
        assertEquals(0, sockets.prepareListener(fd, true, any));
        assertEquals(1, udp.net.option(fd, IPPROTO_IP, IP_RECVTOS));
        assertEquals(any ? 1 : 0, udp.net.option(fd, IPPROTO_IP, IP_PKTINFO));
    }

    @ParameterizedTest
    @CsvSource({"::1, false", "::, true"})
    void shouldAskIpv6SocketForBothFamilies(String bound, boolean any) {
        int fd = udp.bind(UdpLoopback.address(bound), 0, any);
        assertEquals(0, sockets.prepareListener(fd, false, any));
        assertEquals(1, udp.net.option(fd, IPPROTO_IP, IP_RECVTOS));
        assertEquals(1, udp.net.option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS));
        assertEquals(any ? 1 : 0, udp.net.option(fd, IPPROTO_IP, IP_PKTINFO));
        assertEquals(any ? 1 : 0, udp.net.option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO));
    }

    /** The kernel answers with twice of what was asked; small enough for any limit. */
    @Test
    void shouldGiveBuffersOrLeaveThem() {
        int fd = udp.bind(UdpLoopback.IPV4, 0, false);
        int receive = udp.net.option(fd, SOL_SOCKET, SO_RCVBUF);
        int send = udp.net.option(fd, SOL_SOCKET, SO_SNDBUF);
        assertEquals(0, sockets.buffers(fd, 0, 0));
        assertEquals(receive, udp.net.option(fd, SOL_SOCKET, SO_RCVBUF));
        assertEquals(0, sockets.buffers(fd, 50_000, 0));
        assertEquals(100_000, udp.net.option(fd, SOL_SOCKET, SO_RCVBUF));
        assertEquals(send, udp.net.option(fd, SOL_SOCKET, SO_SNDBUF));
        assertEquals(0, sockets.buffers(fd, 0, 40_000));
        assertEquals(80_000, udp.net.option(fd, SOL_SOCKET, SO_SNDBUF));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                DatagramSockets.DONT_FRAGMENT_AUTO,
                DatagramSockets.DONT_FRAGMENT_ALWAYS,
                DatagramSockets.DONT_FRAGMENT_NEVER
            })
    void shouldSetFragmentationOfBothFamilies(int mode) {
        int ipv4 = udp.bind(UdpLoopback.IPV4, 0, false);
        assertEquals(0, sockets.fragmentation(ipv4, true, mode));
        assertEquals(mode, udp.net.option(ipv4, IPPROTO_IP, IP_MTU_DISCOVER));
        int dual = udp.bind(IpAddress.ANY_IPV6, 0, true);
        assertEquals(0, sockets.fragmentation(dual, false, mode));
        assertEquals(mode, udp.net.option(dual, IPPROTO_IP, IP_MTU_DISCOVER));
        assertEquals(mode, udp.net.option(dual, IPPROTO_IPV6, IPV6_MTU_DISCOVER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldFragmentUnlessToldNotTo(String literal) throws Throwable {
        NewNetwork.run(1500, () -> {
            IpAddress address = UdpLoopback.address(literal);
            int server = udp.listener(address, false);
            int client = udp.connect(address, udp.port(server));
            udp.message(4000);
            assertEquals(0, sockets.fragmentation(client, address.isIpv4(), DatagramSockets.DONT_FRAGMENT_ALWAYS));
            assertEquals(-Errno.EMSGSIZE, udp.send(client));
            assertEquals(0, sockets.fragmentation(client, address.isIpv4(), DatagramSockets.DONT_FRAGMENT_AUTO));
            assertEquals(1, udp.send(client));
            assertEquals(4000, udp.hear(server).length());
            assertEquals(0, sockets.fragmentation(client, address.isIpv4(), DatagramSockets.DONT_FRAGMENT_NEVER));
            assertEquals(1, udp.send(client));
            assertEquals(4000, udp.hear(server).length());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldConnectFromGivenAddress(int given) {
        IpAddress own = UdpLoopback.address("127.0.0.77");
        int server = udp.listener(UdpLoopback.IPV4, false);
        int port = given == 0 ? 0 : udp.deafPort(own);
        int client = udp.net.own(sockets.open(true));
        assertEquals(0, sockets.bindSource(client, own.high(), own.low(), port));
        assertEquals(0, sockets.connect(client, UdpLoopback.IPV4, udp.port(server)));
        udp.say(client, "from there");
        udp.hear(server);
        assertEquals(own, udp.source(0));
        assertEquals(port == 0 ? udp.port(client) : port, udp.received.sourcePort(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldOpenConnectedSocketThatTakesGroups(String literal) {
        IpAddress address = UdpLoopback.address(literal);
        int server = udp.listener(address, false);
        int client = udp.net.own(sockets.openConnected(address, udp.port(server)));
        assertNotEquals(0, udp.syscalls.fcntl(client, F_GETFL, 0) & O_NONBLOCK);
        udp.say(client, "many, please");
        udp.hear(server);
        int reply = udp.message(30);
        udp.sent.to(reply, address.high(), address.low(), udp.port(client), 0);
        udp.sent.segment(reply, 10);
        assertEquals(1, udp.send(server));
        udp.net.await(client, EPOLLIN);
        assertEquals(1, udp.received.receiveConnected(udp.syscalls, client, 0, 8));
        assertTrue(udp.holdsMessage(0, 30));
        assertEquals(10, udp.received.segmentBytes(0));
    }

    @Test
    void shouldKeepNoDescriptorWhenThereIsNoRoute() throws Throwable {
        NewNetwork.run(
                1500,
                () -> assertEquals(-Errno.ENETUNREACH, sockets.openConnected(UdpLoopback.address("192.0.2.9"), 9)));
    }

    @Test
    void shouldTellDatagramSocketFromOthers() {
        assertTrue(sockets.isDatagram(udp.bind(UdpLoopback.IPV4, 0, false)));
        assertFalse(sockets.isDatagram(udp.net.listener()));
        assertFalse(sockets.isDatagram(udp.net.own(udp.syscalls.eventfd(0, 0))));
    }
}
