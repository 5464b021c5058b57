package io.penstock.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel's word for what mark the sockets of probes have; as root, who may set one. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class ProbeMarkTest {
    private static final int MARK = 0x70000123;

    private ProbeRig rig;

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldMarkStreams() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Probe talk = new Probe.Exchange(
                    Octets.NONE, Optional.of(new Probe.Expect.Bytes(Octets.utf8("hello"))), Optional.empty());
            assertMarked("-tneH", talk, silent.getLocalPort());
        }
    }

    @Test
    void shouldMarkDatagrams() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertMarked("-uneH", Probe.Udp.NOTHING_SAID, silent.getLocalPort());
        }
    }

    @Test
    void shouldTellProgramsTheMark() throws Exception {
        Probe exec =
                new Probe.Exec(List.of("/bin/sh", "-c", "echo $PENSTOCK_ADDRESS $PENSTOCK_PORT $PENSTOCK_MARK"), 100);

        ProbeResult result = rig.run(rig.begin(exec, target(80), ProbeRig.LONG, HealthCheck.Origin.PLAIN));

        assertEquals(ProbeResult.success("127.0.0.1 80 " + MARK), result);
    }

    private void assertMarked(String kind, Probe probe, int port) throws Exception {
        for (ProbeTarget target :
                List.of(target(port), ProbeTarget.of(target(port).endpoint()))) {
            Prober prober = rig.begin(probe, target, ProbeRig.LONG, HealthCheck.Origin.PLAIN);
            CompletableFuture<ProbeResult> unused = rig.start(prober);

            String socket = socketTo(kind, port);

            boolean marked = target.mark() != ProbeTarget.NO_MARK;
            assertEquals(marked, socket.contains("fwmark:0x" + Integer.toHexString(MARK)), socket);
            rig.cancel(prober);
        }
    }

    private static ProbeTarget target(int port) {
        return new ProbeTarget(new Endpoint(ProbeRig.LOOPBACK, port), MARK);
    }

    /** What ss says of the connected socket of the probe, which waits for its answer. */
    private static String socketTo(String kind, int port) throws IOException {
        String socket = "";
        for (int i = 0; i < 200 && socket.isEmpty(); i++) {
            Process ss = new ProcessBuilder("ss", kind, "state", "connected", "dst", "127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .start();
            try (InputStream output = ss.getInputStream()) {
                socket = new String(output.readAllBytes(), UTF_8).strip();
            }
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(socket.contains(":" + port), "no socket to " + port);
        return socket;
    }
}
