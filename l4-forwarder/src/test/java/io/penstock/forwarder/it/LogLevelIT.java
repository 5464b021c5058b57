package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher makes of PENSTOCK_LOG_LEVEL. */
@Timeout(90)
class LogLevelIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    private ForwarderProcess launch(TestBackend backend, String level) throws IOException {
        String yaml = ForwarderYaml.of(port, backend).text();
        return ForwarderProcess.launch(directory, yaml, List.of(), Map.of("PENSTOCK_LOG_LEVEL", level));
    }

    @Test
    void shouldSayNothingOfWhatIsBelowTheLevel() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = launch(backend, "warn")) {
            Await.until("it serves", this::isServed);
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.logged(" INFO "), forwarder::log);
        }
    }

    private boolean isServed() {
        try (Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "hello");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void shouldSayWhatItDoesByDefault() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = launch(backend, "")) {
            forwarder.awaitLog(" INFO ", "state=running");
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldRefuseWhatIsNoLevel() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = launch(backend, "loud")) {
            assertEquals(127, forwarder.awaitExit());
            assertTrue(
                    forwarder
                            .log()
                            .contains(
                                    "PENSTOCK_LOG_LEVEL is one of error, warn, info, debug, trace and off (was loud)"),
                    forwarder::log);
        }
    }
}
