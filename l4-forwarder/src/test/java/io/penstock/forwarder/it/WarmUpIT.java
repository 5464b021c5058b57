package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traffic with itself at the start: beside the first clients, or before it takes over. */
@Timeout(60)
class WarmUpIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldLeaveNothingBehindAndCountNothing() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess cold = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(Ports.free(), backend)
                                .top("workers: 1\nwarm-up: none")
                                .text());
                ForwarderProcess warm = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, backend)
                                .top("workers: 1\nwarm-up: auto")
                                .text())) {
            assertEquals(0, cold.logged("event=warm"));
            warm.awaitLog("event=warmed-up");
            warm.awaitKernelObjects(cold.openKernelObjects());
            assertEquals(0, warm.openPipeEnds());
            assertEquals(0, backend.accepted());
            assertEquals(0, warm.stop());
            assertEquals(0, warm.total("accepted"));
            assertEquals(0, warm.total("bytes_to_backends"));
        }
    }

    @Test
    void shouldListenBeforeItWarmsUpWhenNobodyServesTheClients() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, backend).top("warm-up: auto").text())) {
            forwarder.awaitLog("event=warmed-up");
            assertTrue(
                    forwarder.log().indexOf("event=listening") < forwarder.log().indexOf("event=warmed-up"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldWarmUpBeforeItTakesOver() throws Exception {
        String yaml = ForwarderYaml.to(port, "127.0.0.1:1")
                .top("warm-up: auto\ntake-over: { socket: " + directory.resolve("take-over.sock") + " }")
                .text();
        try (ForwarderProcess old = ForwarderProcess.start(directory, yaml);
                ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml)) {
            assertTrue(next.log().indexOf("event=warmed-up") < next.log().indexOf("event=take-over"));
            assertEquals(1, next.logged("event=warmed-up"));
            assertEquals(0, old.awaitExit());
            assertEquals(0, next.stop());
        }
    }

    /** A namespace whose loopback is down, as fresh ones are. */
    @Test
    void shouldStartWithoutItWhereThereIsNoLoopback() throws Exception {
        Tools.assume("unshare");
        List<String> noLoopback = List.of("unshare", "--net");
        Tools.assumeRuns("root to make a network namespace", "unshare", "--net", "true");
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, "127.0.0.1:1").top("warm-up: auto").text(),
                noLoopback,
                Map.of())) {
            forwarder.awaitLog("event=warm-up-ended");
            assertEquals(0, forwarder.stop());
        }
    }
}
