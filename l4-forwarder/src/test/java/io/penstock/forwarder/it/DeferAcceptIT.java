package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tcp.defer-accept}: clients that speak are served, clients that do not wait with the kernel. */
@Timeout(60)
class DeferAcceptIT {
    private static final int SPEAKERS = 20;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldTakeClientsOnlyWhenTheySpeak() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(echo, "1m");
                Socket silent = Clients.connect(port)) {
            for (int i = 0; i < SPEAKERS; i++) {
                try (Socket speaker = Clients.connect(port)) {
                    Clients.assertEchoes(speaker, "hello");
                }
            }
            assertEquals(SPEAKERS, echo.accepted());
            Clients.assertEchoes(silent, "now me");
            assertEquals(SPEAKERS + 1, echo.accepted());
            silent.shutdownOutput();
            Clients.assertEnded(silent);
            assertEquals(0, forwarder.stop());
            assertEquals(SPEAKERS + 1, forwarder.total("accepted"));
        }
    }

    /** What the option costs where the server speaks first. */
    @Test
    void shouldTakeASilentClientWhenItsTimeIsOver() throws Exception {
        try (TestBackend greeting = TestBackend.running(TestBackend.saying("hello"));
                ForwarderProcess forwarder = start(greeting, "1s")) {
            long startNs = System.nanoTime();
            assertEquals("hello", Clients.ask(port));
            long waitedNs = System.nanoTime() - startNs;
            assertTrue(waitedNs > Duration.ofSeconds(1).toNanos() * 9 / 10, () -> "greeted after " + waitedNs + " ns");
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_completed"));
        }
    }

    @Test
    void shouldResetAClientThatStillWaitsWhenItStops() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(echo, "1m");
                Socket silent = Clients.connect(port)) {
            assertEquals(0, forwarder.stop());
            Clients.write(silent, "anyone there?");
            Clients.assertReset(silent);
            assertEquals(0, forwarder.total("accepted"));
        }
    }

    private ForwarderProcess start(TestBackend backend, String deferAccept) throws Exception {
        ForwarderYaml yaml = ForwarderYaml.of(port, backend).service("tcp: { defer-accept: " + deferAccept + " }");
        return ForwarderProcess.start(directory, yaml.text());
    }
}
