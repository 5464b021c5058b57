package io.penstock.perf.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FloodSourceTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Syscalls syscalls = new LinuxSyscalls();

    @Test
    void shouldComeFromSomebodyElseEachTime() throws IOException {
        int port = LoopbackPorts.pick(1).get(0);
        Endpoint target = new Endpoint(IpAddress.ofIpv4(0x7f000001), port);
        int fd = new DatagramSockets(syscalls).bind(target, false, BindOptions.NONE);
        try (FloodSource flood = new FloodSource(syscalls, port, Double.POSITIVE_INFINITY, 0)) {
            int sent = flood.turn(SECOND_NS);
            ReceiveBatch received = new ReceiveBatch(sent, 64);
            assertEquals(sent, received.receive(syscalls, fd, 0, sent));
            Set<Long> addresses = new HashSet<>();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < sent; i++) {
                addresses.add(received.sourceLow(i));
                ports.add(received.sourcePort(i));
                assertEquals(127, received.sourceLow(i) >> 24 & 0xff);
            }
            // Of a hundred random ones in eight million two may be the same.
            assertTrue(addresses.size() >= sent - 2, () -> addresses.size() + " addresses");
            assertTrue(ports.size() > 1);
        } finally {
            syscalls.close(fd);
        }
    }

    @Test
    void shouldKeepItsRate() throws IOException {
        int port = LoopbackPorts.pick(1).get(0);
        try (FloodSource flood = new FloodSource(syscalls, port, 1_000, 0)) {
            while (flood.turn(SECOND_NS) > 0) {
                assertTrue(flood.sent() <= 1_000);
            }
            assertTrue(flood.sent() > 900, () -> "sent " + flood.sent());
            assertEquals((double) flood.sent(), flood.perSecond(SECOND_NS));
        }
    }
}
