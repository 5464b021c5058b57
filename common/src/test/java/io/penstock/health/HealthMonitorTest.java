package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(30)
@ExtendWith(OpenFds.class)
class HealthMonitorTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    /** So that a slow machine is not taken for a target that does not answer. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final HealthPlan CHECK = HealthPlan.of(new HealthCheck(
            "tcp",
            new Probe.Tcp(),
            HealthCheck.TARGETS_PORT,
            new Schedule(OFTEN, OFTEN, LONG, Schedule.DEFAULT_JITTER, Schedule.Initial.UP),
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

    /** Two checks of one target, on ports of their own: the verdict is down while one is. */
    @Test
    void shouldCombineChecks() throws Exception {
        try (HealthMonitor monitor = new HealthMonitor("test-probe");
                LoopbackServer port = LoopbackServer.sending("")) {
            HealthCheck portCheck = check("port", new Probe.Tcp(), port.port(), Schedule.Initial.FULLY_DOWN);
            try (LoopbackServer app = LoopbackServer.sending("state: ok")) {
                Probe.Expect ok = new Probe.Expect.Bytes(Octets.utf8("ok"));
                Probe exchange = new Probe.Exchange(Octets.NONE, Optional.of(ok), Optional.empty());
                HealthCheck appCheck = check("app", exchange, app.port(), Schedule.Initial.UP);
                HealthPlan plan = new HealthPlan(List.of(portCheck, appCheck), new Combination.All());
                assertFalse(plan.isUpAtFirst());
                monitor.watch(endpoint(0), plan, this::onTransition);
                assertEquals("up port: connected", transition());
            }
            // Refused, or cut when it was under way as the server closed.
            String down = transition();
            assertTrue(down.startsWith("down app: connection "), down);
        }
    }

    /** A failure makes the next probe come after the fast interval: the usual one is longer than this test may take. */
    @Test
    void shouldProbeFastWhileInDoubt() throws Exception {
        Duration never = Duration.ofMinutes(10);
        Schedule schedule = new Schedule(never, OFTEN, LONG, 0, Schedule.Initial.FULLY_UP);
        HealthCheck check = new HealthCheck(
                "tcp", new Probe.Tcp(), HealthCheck.TARGETS_PORT, schedule, HealthCheck.Origin.PLAIN, 2, 5, 1);
        try (HealthMonitor monitor = new HealthMonitor("test-probe")) {
            int port = freePort();
            monitor.watch(endpoint(port), HealthPlan.of(check), this::onTransition);
            assertEquals("down connection refused (ECONNREFUSED)", transition());
        }
    }

    @Test
    void shouldTellEveryResult() throws Exception {
        BlockingQueue<ProbeResult> results = new LinkedBlockingQueue<>();
        HealthListener listener = new HealthListener() {
            @Override
            public void onTransition(boolean up, String evidence) {
                transitions.add(evidence);
            }

            @Override
            public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
                if (durationNs > 0 && check.name().equals("tcp")) {
                    results.add(result);
                }
            }
        };
        try (HealthMonitor monitor = new HealthMonitor("test-probe");
                LoopbackServer server = LoopbackServer.sending("")) {
            monitor.watch(endpoint(server.port()), CHECK, listener);
            for (int i = 0; i < 3; i++) {
                assertEquals(ProbeResult.success("connected"), results.poll(10, TimeUnit.SECONDS));
            }
            assertNull(transitions.peek());
        }
    }

    /** A bug of a listener is not swallowed, and does not end the checks. */
    @Test
    void shouldHandBugOfListenerToHandlerOfThread() throws Exception {
        BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> bugs.add(bug));
        try (HealthMonitor monitor = new HealthMonitor("test-probe");
                LoopbackServer server = LoopbackServer.sending("")) {
            RuntimeException bug = new IllegalStateException("bug");
            monitor.watch(endpoint(server.port()), CHECK, new HealthListener() {
                @Override
                public void onTransition(boolean up, String evidence) {}

                @Override
                public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
                    throw bug;
                }
            });
            assertSame(bug, bugs.poll(10, TimeUnit.SECONDS));
            assertSame(bug, bugs.poll(10, TimeUnit.SECONDS));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void shouldTellWhatAgentChanges() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>(
                List.of("up 100%\n", "up 100% # again\r\n", "hello\n", "75% without an end", "down # by hand\n"));
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        AgentListener listener = new AgentListener() {
            @Override
            public void onReport(AgentReport report) {
                told.add(report);
            }

            @Override
            public void onNoReport(String evidence) {
                told.add(evidence);
            }
        };
        try (HealthMonitor monitor = new HealthMonitor("test-probe");
                LoopbackServer agent = new LoopbackServer(client -> {
                    asked.add(LoopbackServer.readUntil(client, "\n"));
                    String line = lines.poll();
                    client.getOutputStream().write((line == null ? "ready\n" : line).getBytes(StandardCharsets.UTF_8));
                })) {
            Schedule schedule = new Schedule(OFTEN, OFTEN, LONG, 0, Schedule.Initial.UP);
            AgentCheck check = new AgentCheck(agent.port(), Octets.utf8("web-1\n"), schedule, HealthCheck.Origin.PLAIN);
            monitor.watchAgent(endpoint(1), check, listener);
            assertEquals(AgentReplyParser.parse("up 100%"), told.poll(10, TimeUnit.SECONDS));
            assertEquals("connection closed before the line", told.poll(10, TimeUnit.SECONDS));
            assertEquals(AgentReplyParser.parse("down # by hand"), told.poll(10, TimeUnit.SECONDS));
            assertEquals(AgentReplyParser.parse("ready"), told.poll(10, TimeUnit.SECONDS));
            assertEquals("web-1\n", asked.poll());
        }
    }

    /** Closes in the middle of everything: no descriptor stays, no listener is called, no program runs on. */
    @Test
    void shouldLeaveNothingWhenMonitorIsClosed() throws Exception {
        List<Probe> probes = List.of(
                new Probe.Exec(List.of("sleep", "1000"), 100),
                new Probe.Udp(Octets.utf8("ping"), Optional.empty(), false),
                new Probe.Handshake(new Probe.Tls(Optional.empty(), false, Optional.empty())),
                new Probe.Exchange(
                        Octets.NONE, Optional.of(new Probe.Expect.Bytes(Octets.utf8("x"))), Optional.empty()));
        BlockingQueue<String> connected = new LinkedBlockingQueue<>();
        List<ProcessHandle> programs;
        try (LoopbackServer silent = new LoopbackServer(client -> {
                    connected.add("yes");
                    LoopbackServer.awaitEnd(client);
                });
                DatagramSocket datagrams =
                        new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), silent.port()))) {
            HealthMonitor monitor = new HealthMonitor("test-probe");
            List<HealthCheck> checks = new ArrayList<>();
            for (Probe probe : probes) {
                checks.add(check("check" + checks.size(), probe, HealthCheck.TARGETS_PORT, Schedule.Initial.UP));
            }
            monitor.watch(endpoint(silent.port()), new HealthPlan(checks, new Combination.Any()), this::onTransition);
            assertNotNull(connected.poll(10, TimeUnit.SECONDS));
            assertNotNull(connected.poll(10, TimeUnit.SECONDS));
            datagrams.setSoTimeout(10_000);
            datagrams.receive(new DatagramPacket(new byte[10], 10));
            programs = programs();
            while (programs.isEmpty()) {
                LockSupport.parkNanos(1_000_000);
                programs = programs();
            }
            monitor.close();
        }
        for (ProcessHandle program : programs) {
            program.onExit().get(10, TimeUnit.SECONDS);
        }
        assertNull(transitions.peek());
    }

    private static List<ProcessHandle> programs() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").endsWith("sleep 1000"))
                .toList();
    }

    private static HealthCheck check(String name, Probe probe, int port, Schedule.Initial initial) {
        Schedule schedule = new Schedule(OFTEN, OFTEN, LONG, Schedule.DEFAULT_JITTER, initial);
        return new HealthCheck(name, probe, port, schedule, HealthCheck.Origin.PLAIN, 2, 3, 1);
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
