package io.penstock.perf.sessions;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What was measured of some thousand sessions, told for a million. */
final class MillionSessions {
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Path DESCRIPTORS = Path.of("/proc/sys/fs/nr_open");
    private static final int SESSIONS = 1_000_000;
    private static final double BYTES_PER_GB = 1e9;

    /** All that an unprivileged process may have. */
    private static final int MOST_PORTS = 65_536 - 1_024;

    private MillionSessions() {}

    /** @param processBytes and {@code kernelBytes}: of one session */
    static String text(double processBytes, double kernelBytes) throws IOException {
        String[] range = firstLine(PORTS).split("\\s+", -1);
        int ports = Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
        return text(processBytes, kernelBytes, Integer.parseInt(firstLine(DESCRIPTORS)), ports);
    }

    /**
     * As above, on a machine with such limits.
     *
     * @param descriptors a process may have, fs.nr_open
     * @param ports a socket without a port of its own is given one of, net.ipv4.ip_local_port_range
     */
    static String text(double processBytes, double kernelBytes, int descriptors, int ports) {
        return String.format(
                Locale.ROOT,
                "%.1f GB in the process and %.1f GB in the kernel; %,d descriptors and some hundred, of which a process of this"
                        + " machine may have %,d (fs.nr_open, and the limit it is started with); and source ports, one for each"
                        + " session: %,d source addresses with the %,d ports each of this machine"
                        + " (net.ipv4.ip_local_port_range), %d with %,d",
                processBytes * SESSIONS / BYTES_PER_GB,
                kernelBytes * SESSIONS / BYTES_PER_GB,
                SESSIONS,
                descriptors,
                addresses(ports),
                ports,
                addresses(MOST_PORTS),
                MOST_PORTS);
    }

    private static int addresses(int ports) {
        return (SESSIONS + ports - 1) / ports;
    }

    /** Not Files.readString: it begins with one byte, and a sysctl file answers the first read only. */
    private static String firstLine(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return reader.readLine().trim();
        }
    }
}
