package io.penstock.perf.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who listens on TCP, by the kernel's own table (proc_net_tcp in its documentation): asking disturbs nobody. */
public final class ListeningPorts {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final String LISTEN = "0A";
    private static final int HEX = 16;

    private ListeningPorts() {}

    public static boolean contains(int port) {
        return TABLES.stream().filter(Files::exists).anyMatch(table -> contains(table, port));
    }

    private static boolean contains(Path table, int port) {
        try {
            return Files.readAllLines(table).stream().skip(1).anyMatch(line -> listens(line, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line such as {@code 0: 0100007F:1F90 00000000:0000 0A …}. */
    static boolean listens(String line, int port) {
        String[] fields = line.trim().split("\\s+", -1);
        String address = fields[LOCAL_ADDRESS];
        return fields[STATE].equals(LISTEN)
                && Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX) == port;
    }
}
