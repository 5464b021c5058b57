package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.events.EventLog;
import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.config.PoolConfig.SlowStart;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.forwarder.config.ProcessConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.health.AgentCheck;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Octets;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.FlowHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The control thread with real listeners as backends and a real worker to tell. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class ControllerTest {
    private static final HealthPlan FAST = PoolConfigs.tcpCheck(0, Duration.ofMillis(20), Duration.ofMillis(20), 2, 2);
    private static final long WAIT_NS = 10_000_000_000L;

    @Test
    void shouldTakeDeadBackendOutAndBringItBack() throws Exception {
        ServerSocket first = listen(0);
        try (ServerSocket second = listen(0)) {
            int port = first.getLocalPort();
            ForwarderConfig config = config(
                    Optional.of(FAST),
                    new BackendConfig("first", "127.0.0.1", port, 1),
                    new BackendConfig("second", "127.0.0.1", second.getLocalPort(), 1));
            try (Running running = new Running(config)) {
                assertEquals(2, running.eligible(), "up from the start");
                BackendLoad load = running.backend("first").load();
                assertEquals(BackendLoad.NOT_LOST, load.lostSinceNs());
                first.close();
                await(() -> load.lostSinceNs() != BackendLoad.NOT_LOST);
                assertEquals(1, running.eligible(), "whoever leaves it finds another");
                long adoptedWhenDown = running.version();
                try (ServerSocket again = listen(port)) {
                    assertEquals(port, again.getLocalPort());
                    await(() -> running.eligible() == 2);
                    assertEquals(BackendLoad.NOT_LOST, load.lostSinceNs());
                }
                assertTrue(running.version() > adoptedWhenDown);
            }
        } finally {
            first.close();
        }
    }

    /** A program needs no port, and so may check a backend that has the client's. */
    @Test
    void shouldRunProgramsForBackendsWithoutAPort() throws Exception {
        HealthCheck tcp = FAST.checks().get(0);
        Probe program = new Probe.Exec(List.of("/bin/sh", "-c", "test $PENSTOCK_PORT -ne 0"), 100);
        Schedule schedule = new Schedule(
                Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofSeconds(10), 0, Schedule.Initial.UP);
        HealthPlan plan = HealthPlan.of(
                new HealthCheck("exec", program, HealthCheck.TARGETS_PORT, schedule, tcp.origin(), 1, 1, 1));
        ForwarderConfig config =
                config(Optional.of(plan), new BackendConfig("any", "127.0.0.1", BackendConfig.CLIENTS_PORT, 1));
        try (Running running = new Running(config)) {
            await(() -> running.eligible() == 0);
        }
    }

    @Test
    void shouldWakeWorkersForEachTable() throws Exception {
        ServerSocket backend = listen(0);
        ForwarderConfig config =
                config(Optional.of(FAST), new BackendConfig("only", "127.0.0.1", backend.getLocalPort(), 1));
        try (Running running = new Running(config)) {
            await(() -> running.adopted() >= 1);
            backend.close();
            await(() -> running.eligible() == 0);
            // The worker has nothing else to wake up for.
            await(() -> running.adopted() >= 2);
        } finally {
            backend.close();
        }
    }

    @Test
    void shouldResolveNamesBeforeTheFirstWorkerAsks() throws Exception {
        ForwarderConfig config = config(Optional.empty(), new BackendConfig("named", "localhost", 80, 1));
        try (Running running = new Running(config)) {
            await(() -> running.eligible() >= 1);
        }
    }

    @Test
    void shouldStartWithoutNamesThatDoNotResolve() throws Exception {
        ForwarderConfig config = config(
                Optional.empty(),
                new BackendConfig("lost", "no-such-name.invalid", 80, 1),
                new BackendConfig("fixed", "127.0.0.1", 80, 1));
        try (Running running = new Running(config)) {
            await(() -> running.version() >= 2);
            assertEquals(1, running.eligible());
        }
    }

    @Test
    void shouldDrainWorkers() throws Exception {
        try (Running running = new Running(config(Optional.empty(), new BackendConfig("b", "127.0.0.1", 80, 1)))) {
            running.controller.drain();
            running.thread.join(WAIT_NS / 1_000_000);
            assertTrue(!running.thread.isAlive());
        }
    }

    @Test
    void shouldGiveNoNewConnectionsToMembersThatAreTakenOut() throws Exception {
        try (ServerSocket backend = listen(0);
                Running running = new Running(config(
                        Optional.of(FAST),
                        new BackendConfig("in", "127.0.0.1", backend.getLocalPort(), 1),
                        wanted("drained", backend.getLocalPort(), 0, BackendConfig.State.DRAIN),
                        wanted("maintained", backend.getLocalPort(), 0, BackendConfig.State.MAINTENANCE)))) {
            await(() -> running.adopted() >= 1);
            assertEquals(Set.of("in"), running.selected());
            // But connections that another process had there can go on.
            Map<Backend.Key, Backend> all = running.controller.backends();
            assertEquals(
                    Set.of("in", "drained", "maintained"),
                    all.values().stream().map(Backend::id).collect(Collectors.toSet()));
            all.forEach((key, known) -> assertEquals(known.key(), key));
        }
    }

    @Test
    void shouldTurnToTheBackupWhileNoOtherIsUp() throws Exception {
        ServerSocket first = listen(0);
        try (ServerSocket backup = listen(0)) {
            int port = first.getLocalPort();
            ForwarderConfig config = config(
                    Optional.of(FAST),
                    new BackendConfig("first", "127.0.0.1", port, 1),
                    wanted("backup", backup.getLocalPort(), 1, BackendConfig.State.READY));
            try (Running running = new Running(config)) {
                assertEquals(Set.of("first"), running.selected());
                first.close();
                await(() -> running.selected().equals(Set.of("backup")));
                try (ServerSocket again = listen(port)) {
                    assertEquals(port, again.getLocalPort());
                    await(() -> running.selected().equals(Set.of("first")));
                }
            }
        } finally {
            first.close();
        }
    }

    /** Every step of its weight is a table, and the last one gives it the whole. */
    @Test
    void shouldStartABackendSlowlyThatReturns() throws Exception {
        ServerSocket first = listen(0);
        try (ServerSocket second = listen(0)) {
            int port = first.getLocalPort();
            Return slowly = new Return(
                    Optional.of(new SlowStart(Duration.ofMillis(300), SlowStart.Curve.LINEAR)), Optional.empty());
            ForwarderConfig config = config(pool(
                    slowly,
                    Optional.empty(),
                    Optional.empty(),
                    new BackendConfig("first", "127.0.0.1", port, 1),
                    new BackendConfig("second", "127.0.0.1", second.getLocalPort(), 1)));
            try (Running running = new Running(config)) {
                assertEquals(100, running.weight("first"), "not at the start of the process");
                first.close();
                await(() -> running.eligible() == 1);
                long without = running.version();
                try (ServerSocket again = listen(port)) {
                    assertEquals(port, again.getLocalPort());
                    await(() -> running.weight("first") == 100);
                    assertTrue(running.version() >= without + 2, "a table that has it in, and one that raises it");
                }
            }
        } finally {
            first.close();
        }
    }

    /** What a worker sees takes effect without any check. */
    @Test
    void shouldEjectABackendWhoseConnectsFailAndBringItBack() throws Exception {
        OutlierEjection ejection =
                new OutlierEjection(5, 5, 0, Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofMillis(50), 50);
        try (ServerSocket backend = listen(0);
                Running running = new Running(config(pool(
                        Return.AT_ONCE,
                        Optional.of(ejection),
                        Optional.empty(),
                        new BackendConfig("sick", "127.0.0.1", backend.getLocalPort(), 1),
                        new BackendConfig("well", "127.0.0.1", backend.getLocalPort(), 1))))) {
            await(() -> running.adopted() >= 1);
            long before = running.version();
            BackendLoad load = running.backend("sick").load();
            for (int i = 0; i < 5; i++) {
                assertTrue(load.tryAcquire());
                load.onConnectFailed();
            }
            await(() -> running.version() >= before + 2);
            assertEquals(2, running.eligible(), "out, and in again after its time");
        }
    }

    /** The agent of the other backend does not answer, which changes nothing. */
    @Test
    void shouldObeyTheAgentBesideABackend() throws Exception {
        try (ServerSocket backend = listen(0);
                Agent agent = new Agent()) {
            Schedule schedule = new Schedule(
                    Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofSeconds(1), 0, Schedule.Initial.UP);
            AgentCheck check =
                    new AgentCheck(agent.socket.getLocalPort(), Octets.NONE, schedule, HealthCheck.Origin.PLAIN);
            ForwarderConfig config = config(pool(
                    Return.AT_ONCE,
                    Optional.empty(),
                    Optional.of(check),
                    new BackendConfig("asked", "127.0.0.1", backend.getLocalPort(), 2),
                    new BackendConfig("other", "127.0.0.2", backend.getLocalPort(), 1)));
            try (Running running = new Running(config)) {
                agent.line = "50%";
                await(() -> running.weight("asked") == 100);
                for (String out : List.of("drain", "maint", "down", "0%")) {
                    agent.line = out;
                    await(() -> running.selected().equals(Set.of("other")));
                    agent.line = "up ready 75%";
                    await(() -> running.weight("asked") == 150);
                }
            }
        }
    }

    /** Answers everybody with one line. */
    private static final class Agent implements AutoCloseable {
        private final ServerSocket socket = listen(0);
        private final Thread thread = new Thread(this::answer, "test-agent");
        private volatile String line = "ready";

        private Agent() throws IOException {
            thread.start();
        }

        private void answer() {
            while (!socket.isClosed()) {
                try (Socket asking = socket.accept()) {
                    asking.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    // The test is over, or the one that asked has gone.
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            await(() -> !thread.isAlive());
        }
    }

    /** A controller with one worker that runs. */
    private static final class Running implements AutoCloseable {
        private final Controller controller;
        private final Worker worker;
        private final Thread thread;

        private Running(ForwarderConfig config) throws InterruptedException {
            controller = new Controller(config, ClientPlaces.unknown(config.place()), new EventLog(Clock.systemUTC()));
            worker = new Worker("test-w0", new LinuxSyscalls(), controller.publication(), true);
            thread = new Thread(worker, "test-w0");
            thread.start();
            controller.start(List.of(worker.proxy()), Listeners.NONE, false);
        }

        int eligible() {
            return controller.publication().current().service(0).pool().size();
        }

        /** Whom the table of this moment gives connections to, by the ids. */
        Set<String> selected() {
            return backends().keySet();
        }

        int weight(String id) {
            Backend backend = backend(id);
            return backend == null ? 0 : backend.weight();
        }

        Backend backend(String id) {
            return backends().get(id);
        }

        private Map<String, Backend> backends() {
            BackendPool pool = controller.publication().current().service(0).pool();
            Selection selection = new Selection(1);
            Map<String, Backend> backends = new HashMap<>();
            for (int i = 0; i < 1_000; i++) {
                selection.begin(0);
                Backend backend = pool.select(selection.nextRandom(), BackendPool.UNKNOWN_ZONE, selection);
                if (backend != null) {
                    backends.put(backend.id(), backend);
                }
            }
            return backends;
        }

        long version() {
            return controller.publication().current().version();
        }

        long adopted() {
            return worker.proxy().counters().value(WorkerCounter.TABLES_ADOPTED);
        }

        @Override
        public void close() {
            worker.proxy().tryStop();
            await(() -> !thread.isAlive());
            controller.close();
            worker.release();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, "did not happen");
            LockSupport.parkNanos(200_000);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    private static BackendConfig wanted(String id, int port, int priority, BackendConfig.State state) {
        return new BackendConfig(id, "127.0.0.1", port, 1, Optional.empty(), priority, state, 0);
    }

    private static ForwarderConfig config(Optional<HealthPlan> health, BackendConfig... backends) {
        return config(PoolConfigs.maglev("pool", 1009, health, Duration.ofMillis(20), backends));
    }

    /** Checked when nothing else is to tell how it is. */
    private static PoolConfig pool(
            Return comeback,
            Optional<OutlierEjection> outliers,
            Optional<AgentCheck> agent,
            BackendConfig... backends) {
        PoolConfig plain = PoolConfigs.maglev("pool", 1009, Optional.of(FAST), Duration.ofMillis(20), backends);
        return new PoolConfig(
                plain.name(),
                plain.balance(),
                plain.affinity(),
                plain.locality(),
                outliers.isEmpty() && agent.isEmpty() ? plain.health() : Optional.empty(),
                agent,
                outliers,
                plain.circuitBreaker(),
                comeback,
                plain.limits(),
                plain.failBack(),
                plain.outgoing(),
                plain.resolveInterval(),
                plain.backends());
    }

    private static ForwarderConfig config(PoolConfig pool) {
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        Tcp tcp = new Tcp(Optional.empty(), Optional.empty(), Optional.empty());
        ServiceConfig service = new ServiceConfig(
                "web", List.of(), "pool", List.of(), timeouts, 3, tcp, AdmissionConfig.OPEN, Optional.empty());
        return new ForwarderConfig(
                Path.of("forwarder.yaml"),
                new FlowHash(1, 2),
                false,
                1,
                true,
                false,
                Duration.ofSeconds(1),
                Optional.empty(),
                ProcessConfig.DEFAULT,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of("web", service),
                Map.of("pool", pool),
                Set.of(),
                new JsonObject());
    }
}
