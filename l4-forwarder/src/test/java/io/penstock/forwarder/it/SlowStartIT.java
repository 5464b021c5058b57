package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a backend comes back: with little at first, and not at once when it keeps failing. */
@Timeout(60)
class SlowStartIT {
    private static final int ROUND = 100;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;

    @BeforeEach
    void startBackends() throws Exception {
        backends = NamedBackends.running(2);
    }

    @AfterEach
    void stopBackends() {
        backends.close();
    }

    @Test
    void shouldRaiseTheShareOfABackendThatReturned() throws Exception {
        // A step of a twentieth each second.
        try (ForwarderProcess forwarder = start("slow-start: 20s")) {
            assertEquals(ROUND / 2, turnsOfB(), "those that were there from the beginning need not warm up");
            restart(forwarder);
            forwarder.awaitLog("backend=test/b from=DOWN to=STARTING reason=check");
            forwarder.awaitLogged(2, "event=table", "eligible=2");
            int first = turnsOfB();
            // 5 of 105 at first, and a third of them only after 9 s.
            assertTrue(first < ROUND / 3, () -> first + " of " + ROUND);
            Await.until(
                    () -> "more than " + first + " of " + ROUND, Duration.ofSeconds(20), () -> turnsOfB() >= first + 4);
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldGiveItsWholeShareToABackendThatHasStarted() throws Exception {
        try (ForwarderProcess forwarder = start("slow-start: { time: 300ms, curve: exponential }")) {
            restart(forwarder);
            forwarder.awaitLog("backend=test/b from=STARTING to=UP reason=slow-start-over");
            Await.until("half of the turns", () -> turnsOfB() == ROUND / 2);
            assertEquals(0, forwarder.stop());
        }
    }

    private void restart(ForwarderProcess forwarder) throws Exception {
        backends.stop("b");
        forwarder.awaitLog("event=table", "eligible=1");
        backends.start("b");
    }

    private int turnsOfB() throws IOException {
        return NamedBackends.tally(port, ROUND).getOrDefault("b", 0);
    }

    @Test
    void shouldHoldABackendThatKeepsFailingUntilItStaysUp() throws Exception {
        try (ForwarderProcess forwarder = start("hold-down: { changes: 2, within: 10m, time: 1s }")) {
            backends.stop("b");
            forwarder.awaitLog("backend=test/b from=UP to=DOWN");
            backends.start("b");
            forwarder.awaitLog("backend=test/b from=DOWN to=UP");
            backends.stop("b");
            forwarder.awaitLogged(2, "backend=test/b from=UP to=DOWN");
            backends.start("b");
            forwarder.awaitLog("backend=test/b from=DOWN to=HELD reason=hold-down", "down 2 times within 600 s");
            // Checks reach it, clients do not before it is let in.
            Await.until("b is back", () -> NamedBackends.ask(port).equals("b"));
            assertEquals(1, forwarder.logged("backend=test/b from=HELD to=UP reason=quiet"), forwarder.log());
            assertEquals(1, forwarder.logged("backend=test/b from=DOWN to=UP"));
            assertEquals(0, forwarder.stop());
        }
    }

    private ForwarderProcess start(String comeback) throws Exception {
        ForwarderYaml yaml = backends.pool(port)
                .health("{ " + ForwarderYaml.CHECK_TIMES + " }")
                .pool("balance: { policy: round-robin }")
                .pool(comeback);
        return ForwarderProcess.start(directory, yaml.text());
    }
}
