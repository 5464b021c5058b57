package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_KEEPALIVE;
import static io.penstock.linux.SocketConstants.TCP_DEFER_ACCEPT;
import static io.penstock.linux.SocketConstants.TCP_FASTOPEN;
import static io.penstock.linux.SocketConstants.TCP_KEEPCNT;
import static io.penstock.linux.SocketConstants.TCP_KEEPIDLE;
import static io.penstock.linux.SocketConstants.TCP_KEEPINTVL;
import static io.penstock.linux.SocketConstants.TCP_NODELAY;
import static io.penstock.linux.SocketConstants.TCP_QUICKACK;
import static io.penstock.linux.SocketConstants.TCP_USER_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners, connects, their addresses and options, as the kernel understands them. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class SocketsTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, false", "::1, ::1, false", "::, ::1, true", "::, 127.0.0.1, true"})
    void shouldTellPeerAndLocalAddress(String bound, String connected, boolean dualStack) {
        try (Loopback net = new Loopback()) {
            IpAddress target = IpAddress.parse(connected).orElseThrow();
            int listener = listen(net, bound, 0, dualStack);
            int port = net.port(listener);
            int client = net.own(net.sockets.connect(target, port, false));
            net.await(client, EPOLLOUT);
            assertEquals(0, net.sockets.takeError(client));
            int clientPort = net.port(client);
            int server = net.accept(listener);
            // The same value whether it arrives as sockaddr_in or as an IPv4-mapped sockaddr_in6.
            assertEquals(new Endpoint(target, clientPort), net.sockets.peer().endpoint());
            assertEquals(new Endpoint(target, port), net.sockets.local(server).endpoint());
        }
    }

    /** {@code [::]} is IPv6 only, so IPv4 may have the same port with a listener of its own. */
    @Test
    void shouldRefuseIpv4WhenIpv6OnlyWildcardListens() {
        try (Loopback net = new Loopback()) {
            int listener = listen(net, "::", 0, false);
            int port = net.port(listener);
            int client = net.own(net.sockets.connect(Loopback.ADDRESS, port, false));
            net.await(client, EPOLLOUT);
            assertEquals(-Errno.ECONNREFUSED, net.sockets.takeError(client));
            listen(net, "0.0.0.0", port, false);
        }
    }

    @Test
    void shouldBindWithOptionsOrSayWhyNot() {
        try (Loopback net = new Loopback()) {
            Endpoint any = new Endpoint(IpAddress.ANY_IPV6, 0);
            int listener = net.own(net.sockets.bind(any, true, new BindOptions("lo", false)));
            assertEquals(0, net.sockets.fastOpen(listener, 16));
            assertEquals(0, net.sockets.listen(listener, 64));
            assertEquals(16, net.option(listener, IPPROTO_TCP, TCP_FASTOPEN));
            net.connect(net.port(listener));
            net.accept(listener);
            assertEquals(-Errno.ENODEV, net.sockets.bind(any, true, new BindOptions("no-such-device", false)));
        }
    }

    /** 192.0.2.0/24 is for documentation (RFC 5737): no host has it. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void shouldBindToAddressOfAnotherHostOnlyWhenTransparent(String other) {
        try (Loopback net = new Loopback()) {
            Endpoint endpoint = new Endpoint(IpAddress.parse(other).orElseThrow(), 0);
            assertEquals(-Errno.EADDRNOTAVAIL, net.sockets.bind(endpoint, false));
            int fd = net.sockets.bind(endpoint, false, new BindOptions(BindOptions.ANY_DEVICE, true));
            assumeTrue(fd != -Errno.EPERM, "skipped: needs root");
            assertEquals(
                    endpoint.address(),
                    net.sockets.local(net.own(fd)).endpoint().address());
        }
    }

    /** Those who may not be transparent may do this. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void shouldBindToAddressThatThisHostDoesNotHaveYetWithFreebind(String other) {
        try (Loopback net = new Loopback()) {
            Endpoint endpoint = new Endpoint(IpAddress.parse(other).orElseThrow(), 0);
            BindOptions freebind = new BindOptions(BindOptions.ANY_DEVICE, false, true);
            int fd = net.own(net.sockets.bind(endpoint, false, freebind));
            assertEquals(endpoint.address(), net.sockets.local(fd).endpoint().address());
            assertEquals(
                    freebind.bound(),
                    net.sockets.bindOptions(fd, endpoint.address().isIpv4()));
        }
    }

    @Test
    void shouldInheritOptionsFromListener() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            assertEquals(0, net.sockets.keepAlive(listener, 120, 30, 4));
            assertEquals(0, net.sockets.userTimeout(listener, 30_000));
            int client = net.connect(net.port(listener));
            int server = net.accept(listener);
            assertEquals(0, net.option(client, SOL_SOCKET, SO_KEEPALIVE));
            assertEquals(0, net.option(client, IPPROTO_TCP, TCP_USER_TIMEOUT));
            assertNotEquals(0, net.option(client, IPPROTO_TCP, TCP_NODELAY));
            assertNotEquals(0, net.option(server, IPPROTO_TCP, TCP_NODELAY));
            assertNotEquals(0, net.option(server, SOL_SOCKET, SO_KEEPALIVE));
            assertEquals(120, net.option(server, IPPROTO_TCP, TCP_KEEPIDLE));
            assertEquals(30, net.option(server, IPPROTO_TCP, TCP_KEEPINTVL));
            assertEquals(4, net.option(server, IPPROTO_TCP, TCP_KEEPCNT));
            assertEquals(30_000, net.option(server, IPPROTO_TCP, TCP_USER_TIMEOUT));
        }
    }

    /** The server's side exists once the handshake's last acknowledgement is there, and that travels with the data. */
    @Test
    void shouldEndTheHandshakeWithTheDataThatFollows() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            int client = net.own(net.sockets.connect(Loopback.ADDRESS, net.port(listener), true));
            net.await(client, EPOLLOUT);
            assertEquals(-Errno.EAGAIN, net.sockets.accept(listener));
            net.send(client, "hello");
            assertEquals("hello", net.recvText(net.accept(listener)));
            assertEquals(0, net.option(client, IPPROTO_TCP, TCP_QUICKACK), "would delay acknowledgements from now on");
            assertEquals(0, net.sockets.quickAck(client));
            assertEquals(1, net.option(client, IPPROTO_TCP, TCP_QUICKACK));
            assertEquals(0, net.option(client, IPPROTO_TCP, TCP_NODELAY));
            assertEquals(0, net.sockets.noDelay(client));
            assertNotEquals(0, net.option(client, IPPROTO_TCP, TCP_NODELAY));
        }
    }

    /** Counted in SYN-ACKs, each of which waits twice as long as the one before: so many seconds are meant by it. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "3, 3", "4, 7", "8, 15", "16, 31", "60, 63"})
    void shouldRoundDeferredAcceptUpToRetransmissions(int seconds, int meant) {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            assertEquals(0, net.sockets.deferAccept(listener, seconds));
            assertEquals(meant, net.option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT));
        }
    }

    @Test
    void shouldAcceptDeferredClientOnlyWhenItSpeaks() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            assertEquals(0, net.sockets.deferAccept(listener, 60));
            int silent = net.connect(net.port(listener));
            int speaking = net.connect(net.port(listener));
            assertEquals(-Errno.EAGAIN, net.sockets.accept(listener));
            net.send(speaking, "hello");
            int accepted = net.accept(listener);
            assertEquals(net.port(speaking), net.sockets.peer().port());
            assertEquals("hello", net.recvText(accepted));
            assertEquals(-Errno.EAGAIN, net.sockets.accept(listener));
            net.send(silent, "now");
            assertEquals("now", net.recvText(net.accept(listener)));
        }
    }

    @Test
    void shouldLetSeveralListenersShareAPortAndItsClients() {
        try (Loopback net = new Loopback()) {
            int first = net.listener();
            int port = net.port(first);
            int second = listen(net, "127.0.0.1", port, false);
            int accepted = 0;
            int byFirst = 0;
            // Each chance is a half by the kernel's hash of ports: both get some of a hundred.
            for (int i = 0; i < 100; i++) {
                int client = net.connect(port);
                int fd = net.sockets.accept(first);
                if (fd >= 0) {
                    byFirst++;
                } else {
                    fd = net.sockets.accept(second);
                }
                net.own(fd);
                accepted++;
                net.reset(client);
            }
            assertEquals(100, accepted);
            assertTrue(byFirst > 0 && byFirst < 100, byFirst + " of 100");
        }
    }

    @Test
    void shouldFindPortTakenWhileSomeoneListensWithReusePort() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            Endpoint endpoint = new Endpoint(Loopback.ADDRESS, net.port(listener));
            assertEquals(-Errno.EADDRINUSE, net.sockets.probeFree(endpoint, false));
            assertEquals(
                    -Errno.EADDRINUSE,
                    net.sockets.probeFree(new Endpoint(IpAddress.ANY_IPV4, endpoint.port()), false),
                    "the wildcard would share it too");
            assertEquals(
                    -Errno.EADDRINUSE,
                    net.sockets.probeFree(new Endpoint(IpAddress.ANY_IPV6, endpoint.port()), true),
                    "and so would a dual-stack wildcard");
            assertEquals(0, net.sockets.probeFree(new Endpoint(IpAddress.ANY_IPV6, endpoint.port()), false));
            net.close(listener);
            assertEquals(0, net.sockets.probeFree(endpoint, false));
        }
    }

    /** A restart must not wait for the connections of the last run. */
    @Test
    void shouldFindPortFreeWhenOnlyOldConnectionsHaveIt() {
        try (Loopback net = new Loopback()) {
            int listener = net.listener();
            Endpoint endpoint = new Endpoint(Loopback.ADDRESS, net.port(listener));
            int client = net.connect(endpoint.port());
            int server = net.accept(listener);
            net.close(listener);
            assertEquals(0, net.sockets.probeFree(endpoint, false), "while one is open");
            net.close(server);
            net.await(client, EPOLLIN);
            net.close(client);
            assertEquals(0, net.sockets.probeFree(endpoint, false), "while one is in TIME_WAIT");
            assertTrue(listen(net, "127.0.0.1", endpoint.port(), false) >= 0);
        }
    }

    @Test
    void shouldLeaveNoSocketBehindWhenCallsFail() {
        try (Loopback net = new Loopback()) {
            IpAddress notOurs = IpAddress.parse("192.0.2.1").orElseThrow();
            assertEquals(-Errno.EADDRNOTAVAIL, net.sockets.bind(new Endpoint(notOurs, 0), false));
            assertEquals(-Errno.EADDRNOTAVAIL, net.sockets.probeFree(new Endpoint(notOurs, 0), false));
            // Multicast can be no connection's end.
            assertTrue(net.sockets.connect(IpAddress.parse("ff02::1").orElseThrow(), 80, false) < 0);
            assertNull(net.sockets.local(1_000_000));
            assertEquals(-Errno.EBADF, net.sockets.takeError(1_000_000));
            assertEquals(-Errno.EBADF, net.sockets.unacknowledged(1_000_000));
        }
    }

    private static int listen(Loopback net, String address, int port, boolean dualStack) {
        Endpoint endpoint = new Endpoint(IpAddress.parse(address).orElseThrow(), port);
        return net.listener(endpoint, dualStack);
    }
}
