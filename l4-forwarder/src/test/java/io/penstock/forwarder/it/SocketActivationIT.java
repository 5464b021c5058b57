package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listening socket is there before the process: who connects first starts it, and is served. */
@Timeout(60)
class SocketActivationIT {
    private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");
    private static final int CLIENTS = 30;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldAcceptFromTheSocketThatTheSupervisorOpened() throws Exception {
        assumeTrue(Files.isExecutable(ACTIVATE), "skipped: no systemd-socket-activate");
        int unused = Ports.free();
        List<String> activate =
                List.of(ACTIVATE.toString(), "-E", "JAVA_HOME", "-l", "127.0.0.1:" + port, "-l", "127.0.0.1:" + unused);
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.launch(
                        directory,
                        ForwarderYaml.of(port, backend).top("workers: 3").text(),
                        activate,
                        Map.of())) {
            forwarder.awaitLog("Listening on 127.0.0.1:" + unused);
            try (Socket first = Clients.connect(port)) {
                Clients.assertEchoes(first, "who started it");
            }
            forwarder.awaitLog("state=running");
            assertEquals(2, forwarder.logged("event=socket-inherited"));
            assertTrue(forwarder.log().contains("event=socket-inherited fd=3 address=127.0.0.1:" + port));
            for (int i = 0; i < CLIENTS; i++) {
                try (Socket client = Clients.connect(port)) {
                    Clients.assertEchoes(client, "by whichever worker");
                }
            }
            assertEquals(0, forwarder.stop());
            backend.assertNoFailures();
        }
    }
}
