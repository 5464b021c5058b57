package io.penstock.forwarder.it;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What the kernel says of sockets of this network namespace: /proc/net/tcp, tcp6 and so on, see proc(5). */
public final class KernelSockets {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final List<Path> UDP_TABLES =
            List.of(Path.of("/proc/thread-self/net/udp"), Path.of("/proc/thread-self/net/udp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int TIMER = 5;
    private static final String LISTEN = "0A";

    /**
     * What the kernel only remembers of a socket, in TIME_WAIT or in FIN_WAIT2: whoever closed in FIN_WAIT2 stays for tcp_fin_timeout
     * (60 s) when the other end's reset was outside of its window, as it can be after a window shrank.
     */
    private static final String TIME_WAIT_TIMER = "03:";

    private KernelSockets() {}

    /** Bytes that this socket has written and its peer's kernel has not acknowledged. */
    static long unacknowledged(Socket socket) throws IOException {
        return row(socket.getLocalPort(), socket.getPort())
                .map(row -> Long.parseLong(row[QUEUES].substring(0, row[QUEUES].indexOf(':')), 16))
                .orElseThrow();
    }

    /** Whether there still is a socket, open or in some state of closing, at the other end of this one. */
    static boolean hasPeer(int localPort, int remotePort) throws IOException {
        return row(/* localPort= */ remotePort, /* remotePort= */ localPort).isPresent();
    }

    /**
     * Sockets with such a port at either end that are neither listeners nor only remembered, as the kernel lists them:
     * addresses, state, queues, timer, retransmissions.
     */
    public static List<String> connected(IntPredicate port) throws IOException {
        List<String> connected = new ArrayList<>();
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] row = line.trim().split("\\s+", -1);
                boolean isHeading = row[LOCAL].indexOf(':') < 0;
                if (!isHeading
                        && !row[STATE].equals(LISTEN)
                        && !row[TIMER].startsWith(TIME_WAIT_TIMER)
                        && (port.test(port(row[LOCAL])) || port.test(port(row[REMOTE])))) {
                    connected.add(line);
                }
            }
        }
        return connected;
    }

    /** Waits until somebody takes datagrams at this port. */
    static void awaitUdp(int port) throws Exception {
        String local = ":%04X".formatted(port);
        Await.until("a UDP socket at port " + port, () -> {
            boolean found = false;
            for (Path table : UDP_TABLES) {
                found |= Files.readAllLines(table).stream()
                        .anyMatch(line -> line.trim().split("\\s+", -1)[LOCAL].endsWith(local));
            }
            return found;
        });
    }

    /** Datagrams that found no room at sockets of the calling thread's namespace at these ports of their own, or connected to these. */
    static long dropped(int localPort, int remotePort) throws IOException {
        long drops = 0;
        for (Path table : UDP_TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] row = line.trim().split("\\s+", -1);
                boolean isHeading = row[LOCAL].indexOf(':') < 0;
                if (!isHeading && (port(row[LOCAL]) == localPort || port(row[REMOTE]) == remotePort)) {
                    drops += Long.parseLong(row[row.length - 1]);
                }
            }
        }
        return drops;
    }

    /** Datagrams that found no room at any socket of the calling thread's namespace, ever: RcvbufErrors of /proc/net/snmp. */
    static long dropped() throws IOException {
        List<String> udp = Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                .filter(line -> line.startsWith("Udp:"))
                .toList();
        int column = List.of(udp.get(0).split(" ", -1)).indexOf("RcvbufErrors");
        return Long.parseLong(udp.get(1).split(" ", -1)[column]);
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    private static Optional<String[]> row(int localPort, int remotePort) throws IOException {
        String local = ":%04X".formatted(localPort);
        String remote = ":%04X".formatted(remotePort);
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] row = line.trim().split("\\s+", -1);
                if (row[LOCAL].endsWith(local) && row[REMOTE].endsWith(remote)) {
                    return Optional.of(row);
                }
            }
        }
        return Optional.empty();
    }
}
