package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class ListeningPortsTest {
    @Test
    void shouldSeeAListenerUntilItIsClosed() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
            assertTrue(ListeningPorts.contains(port));
        }
        assertFalse(ListeningPorts.contains(port));
    }

    @Test
    void shouldNotTakeAConnectionForAListener() {
        assertTrue(ListeningPorts.listens("0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000", 8080));
        assertFalse(ListeningPorts.listens("1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000", 8080));
        assertFalse(ListeningPorts.listens("2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000", 8080));
    }
}
