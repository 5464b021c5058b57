package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real process under the real clients, with no balancer between them: every failure is seen, and its end. */
@Timeout(120)
final class BackendProcessTest {
    private static final String NAME = "backend-1";

    @TempDir
    private Path directory;

    @Test
    void shouldFailAndReturnInEveryWay() throws IOException, InterruptedException {
        int port = LoopbackPorts.pick(1).get(0);
        try (BackendProcess backend = BackendProcess.start(new Site.Server(NAME, port), directory);
                Clients clients = new Clients(port)) {
            await(clients, outcome -> NAME.equals(outcome.backend()));
            for (Failure failure :
                    List.of(Failure.KILLED, Failure.REFUSING, Failure.STOPPED, Failure.SILENT, Failure.RESETTING)) {
                Fault fault = new Fault(failure, backend);
                fault.prepare();
                fault.inject();
                await(clients, Outcome::isFailed);
                fault.recover();
                await(clients, outcome -> NAME.equals(outcome.backend()));
            }
        }
    }

    @Test
    void shouldGiveUpOnABackendThatIsSilent() throws IOException, InterruptedException {
        int port = LoopbackPorts.pick(1).get(0);
        try (BackendProcess backend = BackendProcess.start(new Site.Server(NAME, port), directory);
                Clients clients = new Clients(port)) {
            backend.tell("silent");
            Outcome failed = await(clients, Outcome::isFailed);
            assertEquals("no answer in time", failed.problem());
            assertTrue(failed.tookNs() >= Clients.TIMEOUT_NS, "took " + failed.tookNs() + " ns");
        }
    }

    /** The first outcome of that kind of a client that comes from now on. */
    private static Outcome await(Clients clients, Predicate<Outcome> wanted) throws InterruptedException {
        long sinceNs = System.nanoTime();
        while (true) {
            for (Outcome outcome : clients.outcomes()) {
                if (outcome.startNs() - sinceNs >= 0 && wanted.test(outcome)) {
                    return outcome;
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
