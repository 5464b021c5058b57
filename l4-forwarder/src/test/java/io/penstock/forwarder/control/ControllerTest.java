package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.health.HealthPlan;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.FlowHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
                first.close();
                await(() -> running.eligible() == 1);
                long adoptedWhenDown = running.version();
                try (ServerSocket again = listen(port)) {
                    assertEquals(port, again.getLocalPort());
                    await(() -> running.eligible() == 2);
                }
                assertTrue(running.version() > adoptedWhenDown);
            }
        } finally {
            first.close();
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

    /** A controller with one worker that runs. */
    private static final class Running implements AutoCloseable {
        private final Controller controller;
        private final Worker worker;
        private final Thread thread;

        private Running(ForwarderConfig config) throws InterruptedException {
            controller = new Controller(config, ClientPlaces.unknown(config.place()));
            worker = new Worker("test-w0", new LinuxSyscalls(), controller.publication(), true);
            thread = new Thread(worker, "test-w0");
            thread.start();
            controller.start(List.of(worker.proxy()));
        }

        int eligible() {
            return controller.publication().current().service(0).pool().size();
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

    private static ForwarderConfig config(Optional<HealthPlan> health, BackendConfig... backends) {
        PoolConfig pool = PoolConfigs.maglev("pool", 1009, health, Duration.ofMillis(20), backends);
        Timeouts timeouts = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        Tcp tcp = new Tcp(Optional.empty(), Optional.empty(), Optional.empty());
        ServiceConfig service = new ServiceConfig("web", List.of(), "pool", List.of(), timeouts, 3, tcp);
        return new ForwarderConfig(
                Path.of("forwarder.yaml"),
                new FlowHash(1, 2),
                false,
                1,
                true,
                false,
                Duration.ofSeconds(1),
                Optional.empty(),
                Optional.empty(),
                Map.of("web", service),
                Map.of("pool", pool));
    }
}
