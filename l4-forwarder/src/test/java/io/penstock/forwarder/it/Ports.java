package io.penstock.forwarder.it;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports free for TCP and UDP, below the kernel's ephemeral range, so that no outgoing connection takes one before the forwarder does. */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    static int free() {
        return free(1);
    }

    /** The first of several ports in a row. */
    public static int free(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count);
            if (isFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean isFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket tcp = new ServerSocket();
                    DatagramSocket udp = new DatagramSocket(new InetSocketAddress(port))) {
                tcp.bind(udp.getLocalSocketAddress());
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
