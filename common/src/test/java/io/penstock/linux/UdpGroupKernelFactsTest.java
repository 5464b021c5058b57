package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLL_CLOEXEC;
import static io.penstock.linux.EpollConstants.EPOLL_CTL_ADD;
import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IP_LOCAL_PORT_RANGE;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which socket of a SO_REUSEPORT group gets a client's datagrams, and what ports connected sockets have. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class UdpGroupKernelFactsTest {
    private static final int MEMBERS = 4;
    private static final int CLIENTS = 64;
    private static final int TIMEOUT_MS = 5_000;

    /** Two ports, from 40000 on; the option has the highest in its upper half. */
    private static final int PORT_RANGE = 40_001 << 16 | 40_000;

    private final UdpLoopback udp = new UdpLoopback();

    @AfterEach
    void close() {
        udp.close();
    }

    /** So one process may hand the group's sockets to another and close its own descriptors. */
    @Test
    void shouldKeepClientsWhereTheyAreWhenDuplicatesAreClosed() {
        List<Integer> group = group();
        List<Integer> clients = clients(udp.port(group.get(0)));
        List<Integer> before = owners(group, clients);
        assertNotEquals(1, before.stream().distinct().count(), "they are spread");
        List<Integer> same = new ArrayList<>();
        for (int fd : group) {
            same.add(udp.net.own(udp.syscalls.fcntl(fd, F_DUPFD_CLOEXEC, 0)));
        }
        group.forEach(udp.net::close);
        assertEquals(before, owners(same, clients));
    }

    @Test
    void shouldMoveClientsWhenMemberIsAddedAndBackWhenItLeaves() {
        List<Integer> group = group();
        int port = udp.port(group.get(0));
        List<Integer> clients = clients(port);
        List<Integer> before = owners(group, clients);
        List<Integer> larger = new ArrayList<>(group);
        larger.add(udp.bind(UdpLoopback.IPV4, port, false));
        assertNotEquals(before, owners(larger, clients));
        udp.net.close(larger.get(MEMBERS));
        assertEquals(before, owners(group, clients));
    }

    /** Not only those of the one that left: the rest of the group is spread anew, and the last member takes its place. */
    @Test
    void shouldMoveClientsOfOthersWhenMemberLeaves() {
        List<Integer> group = group();
        List<Integer> clients = clients(udp.port(group.get(0)));
        List<Integer> before = owners(group, clients);
        udp.net.close(group.get(0));
        List<Integer> after = owners(group.subList(1, MEMBERS), clients);
        int moved = 0;
        for (int i = 0; i < CLIENTS; i++) {
            if (before.get(i) != 0 && before.get(i) != after.get(i) + 1) {
                moved++;
            }
        }
        assertNotEquals(0, moved);
    }

    /** A connected socket is nearer than any listener, whatever the group says; adopting a session needs no group. */
    @Test
    void shouldPreferConnectedSocketToGroup() {
        List<Integer> group = group();
        int port = udp.port(group.get(0));
        int client = udp.bind(UdpLoopback.IPV4, 0, false);
        int session = udp.net.own(udp.sockets.open(true));
        assertEquals(0, udp.net.sockets.setOption(session, SOL_SOCKET, SO_REUSEPORT, 1));
        assertEquals(0, udp.sockets.bindSource(session, UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), port));
        assertEquals(0, udp.sockets.connect(session, UdpLoopback.IPV4, udp.port(client)));
        udp.sent.to(udp.message(1), UdpLoopback.IPV4.high(), UdpLoopback.IPV4.low(), port, 0);
        assertEquals(1, udp.send(client));
        assertEquals(1, udp.receive(session));
    }

    /** Unlike TCP's: two sockets of one address never share a port, wherever they connect to. */
    @Test
    void shouldRunOutOfPortsTowardsAllAddressesAtOnce() throws Throwable {
        NewNetwork.run(1500, () -> {
            assertEquals(0, connectInRange("127.0.0.1", "127.0.0.2"));
            assertEquals(0, connectInRange("127.0.0.1", "127.0.0.3"));
            assertEquals(-Errno.EAGAIN, connectInRange("127.0.0.1", "127.0.0.4"));
            assertEquals(0, connectInRange("127.0.0.9", "127.0.0.4"), "another source has ports of its own");
        });
    }

    /** A source that nobody gave counts as all addresses when the port is chosen. */
    @Test
    void shouldRunOutOfPortsOfAllSourcesWhenNoneIsGiven() throws Throwable {
        NewNetwork.run(1500, () -> {
            assertEquals(0, connectInRange("127.0.0.9", "127.0.0.2"));
            assertEquals(0, connectInRange("127.0.0.9", "127.0.0.3"));
            assertEquals(-Errno.EAGAIN, connectInRange("0.0.0.0", "127.0.0.4"));
        });
    }

    private int connectInRange(String source, String target) {
        int fd = udp.net.own(udp.sockets.open(true));
        assumeTrue(
                udp.net.sockets.setOption(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, PORT_RANGE) == 0,
                "skipped: needs Linux 6.3 or newer");
        IpAddress own = UdpLoopback.address(source);
        assertEquals(0, udp.sockets.bindSource(fd, own.high(), own.low(), 0));
        return udp.sockets.connect(fd, UdpLoopback.address(target), 9);
    }

    private List<Integer> group() {
        List<Integer> group = new ArrayList<>();
        int port = 0;
        for (int i = 0; i < MEMBERS; i++) {
            group.add(udp.net.own(udp.sockets.bind(new Endpoint(UdpLoopback.IPV4, port), false, BindOptions.NONE)));
            port = udp.port(group.get(0));
        }
        return group;
    }

    private List<Integer> clients(int port) {
        List<Integer> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(udp.connect(UdpLoopback.IPV4, port));
        }
        return clients;
    }

    /** For each client, the index of the member that its datagram came to. */
    private List<Integer> owners(List<Integer> group, List<Integer> clients) {
        EpollEvents event = new EpollEvents(1);
        int epoll = udp.syscalls.epollCreate1(EPOLL_CLOEXEC);
        for (int i = 0; i < group.size(); i++) {
            event.put(0, EPOLLIN, i);
            assertEquals(0, udp.syscalls.epollCtl(epoll, EPOLL_CTL_ADD, group.get(i), event.address()));
        }
        List<Integer> owners = new ArrayList<>();
        for (int client : clients) {
            udp.say(client, "mine?");
            assertEquals(1, udp.syscalls.epollWait(epoll, event.address(), 1, TIMEOUT_MS));
            int owner = (int) event.data(0);
            assertEquals("mine?", udp.hear(group.get(owner)));
            owners.add(owner);
        }
        udp.syscalls.close(epoll);
        return owners;
    }
}
