package io.penstock.forwarder.listen;

import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.ReceiveBatch;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel does with the UDP sockets of one SO_REUSEPORT group (reuseport_select_sock). */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpGroupTest {
    private static final int SOCKETS = 4;
    private static final int CLIENTS = 64;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final DatagramSockets sockets = new DatagramSockets(syscalls);
    private final ReceiveBatch received = new ReceiveBatch(CLIENTS, ReceiveBatch.MAX_BYTES);
    private final int port = RunningWorkers.freePort();

    /** So it does not matter to a client which process has the sockets, nor by which number. */
    @Test
    void shouldKeepEachClientOnItsSocketWhenAnotherDescriptorStandsForIt() throws Exception {
        List<Integer> group = group(SOCKETS);
        List<DatagramSocket> clients = clients();
        try {
            Map<Integer, Integer> before = socketsByClient(group, clients);
            assertTrue(before.values().stream().distinct().count() > 1, "all on one socket");
            List<Integer> copies = new ArrayList<>();
            for (int i = SOCKETS - 1; i >= 0; i--) {
                copies.add(0, syscalls.fcntl(group.get(i), F_DUPFD_CLOEXEC, 0));
            }
            close(group);
            group = copies;
            assertEquals(before, socketsByClient(group, clients));
        } finally {
            close(group);
            clients.forEach(DatagramSocket::close);
        }
    }

    /** That is why an inherited group is left as it is. */
    @Test
    void shouldMoveClientsToOtherSocketsWhenTheGroupGrowsOrShrinks() throws Exception {
        List<Integer> group = group(SOCKETS);
        List<DatagramSocket> clients = clients();
        try {
            Map<Integer, Integer> before = socketsByClient(group, clients);
            group.addAll(group(1));
            assertNotEquals(before, socketsByClient(group, clients));
            close(List.of(group.remove(0), group.remove(0)));
            group.add(0, -1);
            group.add(0, -1);
            Map<Integer, Integer> after = socketsByClient(group, clients);
            long moved = before.keySet().stream()
                    .filter(client ->
                            before.get(client) > 1 && !before.get(client).equals(after.get(client)))
                    .count();
            assertTrue(moved > 0, "those whose socket stays have kept it");
        } finally {
            close(group);
            clients.forEach(DatagramSocket::close);
        }
    }

    private List<Integer> group(int count) {
        List<Integer> fds = new ArrayList<>();
        Endpoint endpoint = new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), port);
        for (int i = 0; i < count; i++) {
            int fd = sockets.bind(endpoint, false, BindOptions.NONE);
            assertTrue(fd >= 0, () -> "bind: " + fd);
            fds.add(fd);
        }
        return fds;
    }

    private static List<DatagramSocket> clients() throws IOException {
        List<DatagramSocket> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        }
        return clients;
    }

    /** For the port of each client, the place in the group of the socket that gets what it sends. */
    private Map<Integer, Integer> socketsByClient(List<Integer> group, List<DatagramSocket> clients)
            throws IOException {
        for (DatagramSocket client : clients) {
            client.send(
                    new DatagramPacket(new byte[1], 1, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        Map<Integer, Integer> places = new TreeMap<>();
        RunningWorkers.await(() -> {
            for (int place = 0; place < group.size(); place++) {
                int fd = group.get(place);
                int count = fd < 0 ? 0 : received.receive(syscalls, fd, 0, CLIENTS);
                for (int i = 0; i < count; i++) {
                    places.put(received.sourcePort(i), place);
                }
            }
            return places.size() == CLIENTS;
        });
        return places;
    }

    private void close(List<Integer> fds) {
        fds.stream().filter(fd -> fd >= 0).forEach(syscalls::close);
    }
}
