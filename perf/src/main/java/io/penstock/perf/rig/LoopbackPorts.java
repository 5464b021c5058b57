package io.penstock.perf.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Free ports that stay free. The kernel gives outgoing connections ports of its ephemeral range, so a backend that died
 * there might find its port taken on return; worse, a connect to a dead port of that range may be given the very same
 * port as its source and connect to itself.
 */
public final class LoopbackPorts {
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST_UNPRIVILEGED_PORT = 1_024;
    private static final int LAST_PORT = 65_535;
    private static final int ATTEMPTS_MAX = 10_000;

    private LoopbackPorts() {}

    public static List<Integer> pick(int count) throws IOException {
        String[] range;
        // Not Files.readString: it begins with one byte, and a sysctl file answers the first read only.
        try (BufferedReader reader = Files.newBufferedReader(EPHEMERAL_RANGE)) {
            range = reader.readLine().split("\\s+", -1);
        }
        int ephemeralFirst = Integer.parseInt(range[0]);
        int ephemeralLast = Integer.parseInt(range[1]);
        // The larger side, so that a machine with an unusual range still has ports for us.
        boolean below = ephemeralFirst - FIRST_UNPRIVILEGED_PORT >= LAST_PORT - ephemeralLast;
        int first = below ? Math.max(FIRST_UNPRIVILEGED_PORT, ephemeralFirst / 2) : ephemeralLast + 1;
        int last = below ? ephemeralFirst - 1 : LAST_PORT;
        if (last - first < count) {
            throw new IOException("no room for " + count + " ports outside of " + EPHEMERAL_RANGE);
        }
        Random random = new Random();
        List<Integer> picked = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS_MAX && picked.size() < count; attempt++) {
            int port = first + random.nextInt(last - first + 1);
            if (!picked.contains(port) && isFree(port)) {
                picked.add(port);
            }
        }
        if (picked.size() < count) {
            throw new IOException("found only " + picked.size() + " free ports from " + first + " to " + last);
        }
        return picked;
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
