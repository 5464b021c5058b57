package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(30)
@ExtendWith(OpenFds.class)
class HealthMonitorTest {
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final HealthPlan CHECK = HealthPlan.of(new HealthCheck(
            "tcp",
            new Probe.Tcp(),
            HealthCheck.TARGETS_PORT,
            new Schedule(OFTEN, OFTEN, OFTEN, Schedule.DEFAULT_JITTER, Schedule.Initial.UP),
            HealthCheck.Origin.PLAIN,
            2,
            3,
            1));

    private final BlockingQueue<String> transitions = new LinkedBlockingQueue<>();

    @Test
    void shouldFollowTargetDownAndUp() throws Exception {
        try (HealthMonitor monitor = new HealthMonitor("test-probe")) {
            ServerSocket server = listen(0);
            monitor.watch(endpoint(server.getLocalPort()), CHECK, this::onTransition);
            awaitProbe(server);
            assertNull(transitions.peek(), "up from the start is no transition");
            server.close();
            assertTrue(transition().startsWith("down"), "down");
            try (ServerSocket again = listen(server.getLocalPort())) {
                assertEquals("up connected", transition());
                awaitProbe(again);
            }
        }
    }

    @Test
    void shouldTellWhyTargetIsDownWhenNobodyListens() throws Exception {
        int port = freePort();
        try (HealthMonitor monitor = new HealthMonitor("test-probe")) {
            monitor.watch(endpoint(port), CHECK, this::onTransition);
            String transition = transition();
            assertTrue(transition.startsWith("down") && transition.contains("refused"), transition);
        }
    }

    @Test
    void shouldProbeNoMoreWhenWatchIsClosed() throws Exception {
        try (HealthMonitor monitor = new HealthMonitor("test-probe");
                ServerSocket server = listen(0);
                ServerSocket other = listen(0)) {
            HealthMonitor.Watch watch = monitor.watch(endpoint(server.getLocalPort()), CHECK, this::onTransition);
            awaitProbe(server);
            watch.close();
            monitor.watch(endpoint(other.getLocalPort()), CHECK, this::onTransition);
            for (int probes = 0; probes < 5; probes++) {
                awaitProbe(other); // as long as several intervals of the closed watch
            }
            server.setSoTimeout(1);
            int late = 0;
            try {
                while (true) {
                    server.accept().close();
                    late++;
                }
            } catch (IOException e) {
                assertTrue(late <= 2, late + " probes after close; one may have been under way");
            }
        }
    }

    /** Names go on resolving while a process drains, after its checks ended: a new address is then simply not checked. */
    @Test
    void shouldIgnoreWatchWhenMonitorIsClosed() throws Exception {
        HealthMonitor monitor = new HealthMonitor("test-probe");
        monitor.close();
        monitor.watch(endpoint(freePort()), CHECK, this::onTransition).close();
        assertNull(transitions.peek());
    }

    private void onTransition(boolean up, String evidence) {
        transitions.add((up ? "up " : "down ") + evidence);
    }

    private String transition() throws InterruptedException {
        String transition = transitions.poll(10, TimeUnit.SECONDS);
        assertNotNull(transition, "no transition came");
        return transition;
    }

    /** A probe connects and resets; nothing is sent. */
    private static void awaitProbe(ServerSocket server) throws IOException {
        server.setSoTimeout(10_000);
        try (Socket probe = server.accept()) {
            assertEquals(-1, probe.getInputStream().read());
        } catch (SocketException reset) {
            assertTrue(reset.getMessage().contains("reset"), reset.getMessage());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket server = listen(0)) {
            return server.getLocalPort();
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    private static Endpoint endpoint(int port) {
        return new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), port);
    }
}
