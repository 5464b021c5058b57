package io.penstock.forwarder.xdp.backend;

import static io.penstock.forwarder.xdp.backend.Frames.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as a little-endian kernel writes them. */
class LocalSocketTest {
    @TempDir
    private Path net;

    @Test
    void shouldReadWhoListens() throws IOException {
        Files.writeString(net.resolve("tcp"), """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0A0200C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
                   1: 0A0200C0:0050 076433C6:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1
                """);
        Files.writeString(net.resolve("tcp6"), """
                  sl  local_address                         remote_address                        st tx_queue
                   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000
                   1: B80D0120000000000000000010000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000
                """);
        assertEquals(
                List.of(
                        new LocalSocket(address("192.0.2.10"), 80),
                        new LocalSocket(address("::"), 443),
                        new LocalSocket(address("2001:db8::10"), 22)),
                LocalSocket.listening(net));
    }

    @Test
    void shouldReadUdpWithoutThoseThatAreConnected() throws IOException {
        Files.writeString(net.resolve("udp"), """
                   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref
                  100: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0
                  101: 0A0200C0:0035 076433C6:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 2 0
                """);
        assertEquals(List.of(new LocalSocket(address("0.0.0.0"), 53)), LocalSocket.datagram(net));
        assertEquals(List.of(), LocalSocket.listening(net));
    }

    @Test
    void shouldServeAnAddressWhenBoundToItOrToAny() {
        assertTrue(new LocalSocket(address("192.0.2.10"), 80).serves(address("192.0.2.10")));
        assertTrue(new LocalSocket(address("0.0.0.0"), 80).serves(address("192.0.2.10")));
        assertTrue(new LocalSocket(address("::"), 80).serves(address("192.0.2.10")));
        assertTrue(new LocalSocket(address("::"), 80).serves(address("2001:db8::10")));
        assertFalse(new LocalSocket(address("0.0.0.0"), 80).serves(address("2001:db8::10")));
        assertFalse(new LocalSocket(address("192.0.2.11"), 80).serves(address("192.0.2.10")));
    }
}
