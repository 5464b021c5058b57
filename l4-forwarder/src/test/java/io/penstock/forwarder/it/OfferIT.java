package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a configuration that is offered to a forwarder that runs. */
@Timeout(60)
class OfferIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldReportEveryProblemAndChangeNothingWhenAWrongFileIsOffered() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "before");
            forwarder.offer(ForwarderYaml.TEN_MISTAKES);
            forwarder.awaitLog("event=config-refused", "problems=10", "effect=none");
            assertEquals(10, forwarder.logged("event=config-problem", "forwarder.yaml:"));
            Clients.assertEchoes(open, "after");
            try (Socket another = Clients.connect(port)) {
                Clients.assertEchoes(another, "a new connection");
            }
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("accepted"));
        }
    }

    @Test
    void shouldSayThatAGoodFileNeedsARestart() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text())) {
            forwarder.offer(ForwarderYaml.of(port, backend).top("workers: 1").text());
            forwarder.awaitLog("event=config-valid", "before a restart");
            assertEquals(0, forwarder.stop());
        }
    }

    /** The JVM would end on it, and connections with it. */
    @Test
    void shouldLogWhatWasCountedWhenAsked() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "hello");
            forwarder.signal("USR1");
            forwarder.awaitLog("event=totals connections=1 accepted=1 connected=1");
            Clients.assertEchoes(open, "still there");
        }
    }

    @Test
    void shouldSayWhenBackendsFailWhatItMeansForClients() throws Exception {
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory, ForwarderYaml.to(port, "127.0.0.1:" + Ports.free()).text())) {
            Clients.assertResetOnArrival(port);
            forwarder.awaitLog("event=trouble counter=connect_failed");
            forwarder.awaitLog("event=trouble counter=closed_connect_failed");
        }
    }

    /** The JVM would end on it. */
    @Test
    void shouldSurviveSighupWhileStarting() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.launch(
                        directory, ForwarderYaml.of(port, backend).text(), List.of(), Map.of())) {
            forwarder.awaitLog("state=starting");
            forwarder.signal("HUP");
            forwarder.awaitLog("state=running");
            assertFalse(forwarder.log().contains("config-problem"));
            assertEquals(0, forwarder.stop());
        }
    }
}
