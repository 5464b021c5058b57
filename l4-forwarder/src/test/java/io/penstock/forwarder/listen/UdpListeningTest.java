package io.penstock.forwarder.listen;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_RECVPKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_V6ONLY;
import static io.penstock.linux.SocketConstants.IP_MTU_DISCOVER;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_RECVTOS;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_DGRAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SOL_UDP;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.SO_REUSEADDR;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static io.penstock.linux.SocketConstants.UDP_GRO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.ListenerSpec.Address;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import io.penstock.forwarder.udp.UdpListenerSocket;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.Sockets;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over the kernel's own sockets, without workers. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpListeningTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final int BUFFER = 300_000;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final Sockets options = new Sockets(syscalls);
    private final DatagramSockets datagrams = new DatagramSockets(syscalls);
    private final int port = RunningWorkers.freePort();

    @Test
    void shouldOpenOneOfAGroupForEachWorker() throws Exception {
        SocketOpener opener = new SocketOpener(syscalls, 3);
        List<ListeningSocket> opened = opener.open(udp(LOOPBACK, UdpOptions.DEFAULT), List.of());
        assertEquals(List.of(0, 1, 2), workers(opened));
        for (ListeningSocket socket : opened) {
            assertEquals(1, options.option(socket.fd(), SOL_SOCKET, SO_REUSEPORT));
            assertEquals(0, options.option(socket.fd(), SOL_SOCKET, SO_REUSEADDR));
            assertEquals(1, options.option(socket.fd(), SOL_UDP, UDP_GRO));
            assertEquals(1, options.option(socket.fd(), IPPROTO_IP, IP_RECVTOS));
            assertEquals(0, options.option(socket.fd(), IPPROTO_IP, IP_PKTINFO), "it has an address");
        }
        opener.close(opened);
    }

    @Test
    void shouldAskForTheDestinationWhereTheSocketHasNoAddress() throws Exception {
        SocketOpener opener = new SocketOpener(syscalls, 1);
        List<ListeningSocket> opened =
                opener.open(udp(IpAddress.parse("0.0.0.0").orElseThrow(), UdpOptions.DEFAULT), List.of());
        assertEquals(1, options.option(opened.get(0).fd(), IPPROTO_IP, IP_PKTINFO));
        opener.close(opened);
        opened = opener.open(
                new ListenerSpec(0, new Endpoint(IpAddress.ANY_IPV6, port), true, BindOptions.NONE, UdpOptions.DEFAULT),
                List.of());
        int fd = opened.get(0).fd();
        assertEquals(0, options.option(fd, IPPROTO_IPV6, IPV6_V6ONLY));
        assertEquals(1, options.option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO));
        assertEquals(1, options.option(fd, IPPROTO_IP, IP_PKTINFO), "of IPv4 clients");
        opener.close(opened);
    }

    @Test
    void shouldGiveEachSocketWhatItsServiceWants() {
        for (Fragmentation fragmentation : Fragmentation.values()) {
            UdpOptions wanted = new UdpOptions(false, UdpOptions.ANY, 1, 0, fragmentation, BUFFER, BUFFER);
            int fd = UdpListenerSocket.bind(syscalls, datagrams, udp(LOOPBACK, wanted));
            int mode = options.option(fd, IPPROTO_IP, IP_MTU_DISCOVER);
            int buffer = options.option(fd, SOL_SOCKET, SO_RCVBUF);
            syscalls.close(fd);
            assertEquals(
                    switch (fragmentation) {
                        case AUTO -> DatagramSockets.DONT_FRAGMENT_AUTO;
                        case NEVER -> DatagramSockets.DONT_FRAGMENT_ALWAYS;
                        case ALLOWED -> DatagramSockets.DONT_FRAGMENT_NEVER;
                    },
                    mode);
            assertTrue(buffer >= BUFFER, () -> "SO_RCVBUF is " + buffer);
        }
    }

    @Test
    void shouldRefuseAnAddressWhereSomebodyElseReceives() throws Exception {
        String refusal = "cannot listen on 127.0.0.1:" + port + "/udp: address already in use (EADDRINUSE)";
        ListenerSpec wanted = udp(LOOPBACK, UdpOptions.DEFAULT);
        try (DatagramSocket other = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            assertTrue(other.isBound());
            assertEquals(refusal, refusedToCheck(wanted).getMessage());
        }
        // Another forwarder of the same user, whose group this one would join in silence.
        int fd = UdpListenerSocket.bind(syscalls, datagrams, wanted);
        assertEquals(refusal, refusedToCheck(wanted).getMessage());
        syscalls.close(fd);
        ListenerSet.checkFree(syscalls, List.of(wanted), new InheritedSockets());
    }

    private ListenException refusedToCheck(ListenerSpec wanted) {
        return assertThrows(
                ListenException.class, () -> ListenerSet.checkFree(syscalls, List.of(wanted), new InheritedSockets()));
    }

    /** That is how DNS is served. */
    @Test
    void shouldShareItsPortWithTcp() throws Exception {
        ListenerSpec udp = udp(LOOPBACK, UdpOptions.DEFAULT);
        ListenerSpec tcp = RunningWorkers.spec(0, port);
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertTrue(other.isBound());
            ListenerSet.checkFree(syscalls, List.of(udp), new InheritedSockets());
            assertThrows(
                    ListenException.class,
                    () -> ListenerSet.checkFree(syscalls, List.of(udp, tcp), new InheritedSockets()));
        }
        ListenerSet.checkFree(syscalls, List.of(udp, tcp), new InheritedSockets());
        // One of one's own is no excuse for the other.
        InheritedSockets inherited = new InheritedSockets();
        inherited.add(tcp.address(), -1);
        try (DatagramSocket other = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            assertTrue(other.isBound());
            assertThrows(ListenException.class, () -> ListenerSet.checkFree(syscalls, List.of(udp, tcp), inherited));
        }
    }

    /** The order says who is whose: the next process, with as many workers, has each session on the same one. */
    @Test
    void shouldLeaveAnInheritedGroupAsItIs() throws Exception {
        ListenerSpec spec = udp(LOOPBACK, UdpOptions.DEFAULT);
        for (int[] row : new int[][] {{3, 2}, {2, 3}, {1, 4}, {4, 4}}) {
            SocketOpener before = new SocketOpener(syscalls, row[0]);
            List<Integer> inherited = before.open(spec, List.of()).stream()
                    .map(ListeningSocket::fd)
                    .toList();
            SocketOpener opener = new SocketOpener(syscalls, row[1]);
            List<ListeningSocket> opened = opener.open(spec, inherited);
            assertEquals(inherited, opened.stream().map(ListeningSocket::fd).toList());
            for (int i = 0; i < row[0]; i++) {
                assertEquals(new ListeningSocket(i % row[1], inherited.get(i), false, false), opened.get(i));
            }
            opener.close(opened);
        }
    }

    /** As a supervisor opens it: alone, and without SO_REUSEPORT. */
    @Test
    void shouldGiveASocketThatIsAloneToOneWorker() throws Exception {
        ListenerSpec spec = udp(LOOPBACK, UdpOptions.DEFAULT);
        int fd = syscalls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        SocketAddress address = new SocketAddress().set(LOOPBACK, port);
        assertEquals(0, syscalls.bind(fd, address.address(), address.length()));
        assertEquals(Optional.of(spec.address()), new SocketInspector(syscalls).adopt(fd));
        SocketOpener opener = new SocketOpener(syscalls, 3);
        List<ListeningSocket> opened = opener.open(spec, List.of(fd));
        assertEquals(List.of(new ListeningSocket(0, fd, false, false)), opened);
        assertEquals(1, options.option(fd, SOL_UDP, UDP_GRO));
        opener.close(opened);
    }

    @Test
    void shouldTellWhatADescriptorIs() {
        SocketInspector inspector = new SocketInspector(syscalls);
        int unbound = syscalls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assertEquals(Optional.empty(), inspector.adopt(unbound), "nobody can send to it");
        syscalls.close(unbound);
        for (boolean dualStack : new boolean[] {false, true}) {
            Endpoint endpoint = new Endpoint(IpAddress.ANY_IPV6, port);
            ListenerSpec spec = new ListenerSpec(0, endpoint, dualStack, BindOptions.NONE, UdpOptions.DEFAULT);
            int fd = UdpListenerSocket.bind(syscalls, datagrams, spec);
            Optional<Address> found = inspector.adopt(fd);
            syscalls.close(fd);
            assertEquals(Optional.of(spec.address()), found);
        }
    }

    private ListenerSpec udp(IpAddress address, UdpOptions udp) {
        return new ListenerSpec(0, new Endpoint(address, port), false, BindOptions.NONE, udp);
    }

    private static List<Integer> workers(List<ListeningSocket> sockets) {
        return sockets.stream().map(ListeningSocket::worker).toList();
    }
}
