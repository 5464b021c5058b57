package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends that die and return, while clients go on. */
@Timeout(60)
class HealthIT {
    private static final String FAST = "{ interval: 50ms, timeout: 50ms, rise: 2, fall: 2 }";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldTakeOutADeadBackendAndBringItBackWithoutAFailureAtClients() throws Exception {
        try (TestBackend steady = TestBackend.running(TestBackend.saying("steady"))) {
            TestBackend shaky = TestBackend.running(TestBackend.saying("shaky"));
            try (ForwarderProcess forwarder =
                    start(ForwarderYaml.of(port, steady, shaky).health(FAST))) {
                askUntil("both answer", Set.of("steady", "shaky"));
                shaky.close();
                // A client whose backend has just died is given the other one.
                Await.until("down is logged", () -> ask("steady") && forwarder.logged("event=backend", "to=DOWN") == 1);
                Await.until("out of the table", () -> forwarder.logged("event=table", "eligible=1", "backends=2") == 1);
                for (int i = 0; i < 50; i++) {
                    assertEquals("steady", Clients.ask(port));
                }
                try (TestBackend returned = TestBackend.at("127.0.0.1", shaky.port(), TestBackend.saying("shaky"))) {
                    forwarder.awaitLog("event=backend", "to=UP");
                    askUntil("both answer again", Set.of("steady", "shaky"));
                    assertTrue(returned.accepted() > 0);
                }
                assertEquals(0, forwarder.stop());
                assertEquals(0, forwarder.total("closed_connect_failed"));
                assertEquals(0, forwarder.total("closed_no_backend"));
            } finally {
                shaky.close();
            }
        }
    }

    @Test
    void shouldResetClientsWhileNoBackendIsLeftAndRecover() throws Exception {
        TestBackend only = TestBackend.running(TestBackend.saying("only"));
        try (ForwarderProcess forwarder = start(ForwarderYaml.of(port, only).health(FAST))) {
            assertEquals("only", Clients.ask(port));
            only.close();
            forwarder.awaitLog("event=table", "eligible=0");
            assertThrows(IOException.class, () -> Clients.ask(port));
            try (TestBackend returned = TestBackend.at("127.0.0.1", only.port(), TestBackend.saying("only"))) {
                forwarder.awaitLog("event=backend", "to=UP");
                Await.until("served again", () -> answers());
                assertTrue(returned.accepted() > 0);
            }
            assertEquals(0, forwarder.stop());
        } finally {
            only.close();
        }
    }

    @Test
    void shouldNeverTakeOutABackendThatIsNotChecked() throws Exception {
        try (TestBackend steady = TestBackend.running(TestBackend.saying("steady"))) {
            TestBackend dead = TestBackend.running(TestBackend.saying("dead"));
            dead.close();
            try (ForwarderProcess forwarder = start(ForwarderYaml.of(port, steady, dead))) {
                for (int i = 0; i < 100; i++) {
                    assertEquals("steady", Clients.ask(port));
                }
                assertEquals(0, forwarder.stop());
                assertEquals(0, forwarder.logged("event=backend"));
                assertTrue(forwarder.total("connect_retried") > 10, forwarder.log());
            }
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    private boolean ask(String expected) throws IOException {
        return Clients.ask(port).equals(expected);
    }

    private boolean answers() {
        try {
            return ask("only");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void askUntil(String what, Set<String> expected) throws Exception {
        Set<String> seen = new HashSet<>();
        Await.until(what, () -> {
            seen.add(Clients.ask(port));
            return seen.equals(expected);
        });
    }
}
