package io.penstock.perf.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who listens, by the kernel's own tables (proc_net_tcp in its documentation): asking disturbs nobody. */
public final class ListeningPorts {
    private static final List<Path> TCP = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final List<Path> UDP = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final String LISTEN = "0A";

    /** TCP_CLOSE: of a UDP socket, that it is bound and not connected. */
    private static final String UNCONNECTED = "07";

    private static final int HEX = 16;

    private ListeningPorts() {}

    /** On TCP. */
    public static boolean contains(int port) {
        return contains(TCP, LISTEN, port);
    }

    /** Whether a socket takes what anyone sends to the port. */
    public static boolean containsUdp(int port) {
        return contains(UDP, UNCONNECTED, port);
    }

    private static boolean contains(List<Path> tables, String state, int port) {
        return tables.stream().filter(Files::exists).anyMatch(table -> contains(table, state, port));
    }

    private static boolean contains(Path table, String state, int port) {
        try {
            return Files.readAllLines(table).stream().skip(1).anyMatch(line -> isIn(line, state, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line such as {@code 0: 0100007F:1F90 00000000:0000 0A …}. */
    static boolean listens(String line, int port) {
        return isIn(line, LISTEN, port);
    }

    private static boolean isIn(String line, String state, int port) {
        String[] fields = line.trim().split("\\s+", -1);
        String address = fields[LOCAL_ADDRESS];
        return fields[STATE].equals(state)
                && Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX) == port;
    }
}
