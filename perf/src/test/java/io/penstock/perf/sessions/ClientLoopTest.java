package io.penstock.perf.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients and backends without a forwarder between them. */
@Timeout(60)
class ClientLoopTest {
    private static final int CLIENTS = 50;
    private static final double RATE = 2_000;
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path directory;

    @Test
    void shouldSeeEveryAnswer() throws IOException {
        int port = LoopbackPorts.pick(1).get(0);
        try (ClientLoop loop = new ClientLoop(new LinuxSyscalls(), true)) {
            Site.serve(loop, port);
            Queries queries = loop.begin(new Queries.Plan(port, 7, CLIENTS, RATE));
            assertTrue(loop.await(() -> queries.sent() >= 1_000, LONG_NS));
            queries.stop();
            assertTrue(loop.await(queries::isAllAnswered, LONG_NS));
            loop.stop(queries);
            Seen seen = queries.seen();
            assertEquals(queries.sent(), seen.sent());
            assertEquals(0, queries.answeredAgain());
            assertTrue(seen.p50Us() > 0 && seen.p50Us() <= seen.p99Us() && seen.p99Us() <= seen.maxUs());
        }
    }

    @Test
    void shouldSeeWhatNobodyAnswers() throws IOException {
        int port = LoopbackPorts.pick(1).get(0);
        try (ClientLoop loop = new ClientLoop(new LinuxSyscalls(), true);
                SilentBackend silent = new SilentBackend(loop.syscalls(), port)) {
            Queries queries = loop.begin(new Queries.Plan(silent.port(), 0, CLIENTS, RATE));
            loop.await(() -> queries.sent() >= 100, LONG_NS);
            loop.stop(queries);
            assertEquals(queries.sent(), queries.seen().failed());
            assertEquals(0, queries.seen().answered());
        }
    }

    @Test
    void shouldSeeWhenAllClientsHaveMovedToTheOtherBackend() throws IOException, InterruptedException {
        int port = LoopbackPorts.pick(1).get(0);
        try (ClientLoop loop = new ClientLoop(new LinuxSyscalls(), true)) {
            long startNs = System.nanoTime();
            Queries queries = loop.begin(new Queries.Plan(port, 0, CLIENTS, RATE));
            try (EchoProcess first = EchoProcess.start(1, port, directory, Cores.available())) {
                assertTrue(loop.await(() -> Double.isFinite(queries.movedNs(startNs, 1)), LONG_NS));
                assertEquals(Double.POSITIVE_INFINITY, queries.movedNs(startNs, 2));
                first.kill();
            }
            long killedNs = System.nanoTime();
            try (EchoProcess second = EchoProcess.start(2, port, directory, Cores.available())) {
                assertTrue(loop.await(() -> Double.isFinite(queries.movedNs(startNs, 2)), LONG_NS));
                second.kill();
                loop.stop(queries);
                assertTrue(queries.movedNs(startNs, 2) > killedNs - startNs);
            }
        }
    }
}
