package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the process ends, and when it does not even begin. */
@Timeout(60)
class StopIT {
    /** Signal 2 of signal(7), as proc(5) shows it. */
    private static final long SIGINT_BIT = 1 << 1;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void shouldLetOpenConnectionsFinishAndRefuseNewOnesWhenSignalled(String signal) throws Exception {
        assumeTrue(
                !signal.equals("INT") || !isInterruptIgnored(),
                "skipped: SIGINT is ignored here and by all that is started here, as a shell does it for what runs in the background");
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend));
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            forwarder.signal(signal);
            Await.until("new connections are refused", this::refuses);
            Clients.assertEchoes(client, "while draining");
            assertTrue(forwarder.isAlive());
            client.shutdownOutput();
            Clients.assertEnded(client);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(0, forwarder.total("closed_stopped"));
            backend.assertNoFailures();
        }
    }

    private static boolean isInterruptIgnored() throws IOException {
        String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(mask, 16) & SIGINT_BIT) != 0;
    }

    @Test
    void shouldCutConnectionsAndExitWithZeroWhenTheDrainTakesTooLong() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.of(port, backend).top("drain-timeout: 400ms"));
                Socket client = Clients.connect(port);
                Socket server = backend.next()) {
            forwarder.terminate();
            Clients.assertReset(client);
            Clients.assertReset(server);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.logged("event=drain-timeout", "cut=1"));
            assertEquals(1, forwarder.total("closed_stopped"));
        }
    }

    @Test
    void shouldCutAtOnceWhenSignalledTwice() throws Exception {
        try (TestBackend backend = TestBackend.byHand();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.of(port, backend).top("drain-timeout: 1h"));
                Socket client = Clients.connect(port);
                Socket server = backend.next()) {
            forwarder.terminate();
            forwarder.awaitLog("state=draining");
            forwarder.terminate();
            Clients.assertReset(client);
            Clients.assertReset(server);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.logged("event=second-signal"));
        }
    }

    @Test
    void shouldExitWithZeroAtOnceWhenNothingIsOpen() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        start(ForwarderYaml.of(port, backend).top("drain-timeout: 1h"))) {
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldServeEveryConnectionThatWasEstablishedBeforeTheSignal() throws Exception {
        try (TestBackend backend = TestBackend.running(TestBackend.saying("served"));
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend))) {
            Socket[] clients = new Socket[200];
            try {
                for (int i = 0; i < clients.length; i++) {
                    clients[i] = Clients.connect(port);
                }
                forwarder.terminate();
                for (Socket client : clients) {
                    assertEquals("served", Clients.readToEnd(client));
                }
            } finally {
                closeAll(clients);
            }
            assertEquals(0, forwarder.awaitExit());
        }
    }

    @Test
    void shouldExitWithOneAndOneLineWhenAPortIsTaken() throws Exception {
        int first = Ports.free(5);
        try (ServerSocket other = new ServerSocket();
                TestBackend backend = TestBackend.echo()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first + 4));
            ForwarderYaml yaml =
                    ForwarderYaml.of(port, backend).listen("\"127.0.0.1:" + first + "-" + (first + 4) + "\"");
            try (ForwarderProcess forwarder = launch(yaml)) {
                assertEquals(1, forwarder.awaitExit());
                assertOneComplaint(forwarder, "cannot listen on 127.0.0.1:" + other.getLocalPort() + ": ");
            }
            assertEquals(0, backend.accepted());
        }
    }

    @Test
    void shouldRefuseASecondInstanceAndLeaveTheFirstAlone() throws Exception {
        try (TestBackend backend = TestBackend.running(TestBackend.saying("first"));
                ForwarderProcess first = start(ForwarderYaml.of(port, backend));
                ForwarderProcess second = launch(ForwarderYaml.of(port, backend))) {
            assertEquals(1, second.awaitExit());
            assertOneComplaint(second, "cannot listen on 127.0.0.1:" + port + ": ");
            for (int i = 0; i < 100; i++) {
                assertEquals("first", Clients.ask(port));
            }
            assertEquals(0, first.stop());
            assertEquals(100, first.total("accepted"));
        }
    }

    @Test
    void shouldReportEveryMistakeOfTheFileAndExitWithOne() throws Exception {
        try (ForwarderProcess forwarder =
                ForwarderProcess.launch(directory, ForwarderYaml.TEN_MISTAKES, List.of(), Map.of())) {
            assertEquals(1, forwarder.awaitExit());
            List<String> problems = forwarder
                    .log()
                    .lines()
                    .filter(line -> line.matches(".*forwarder\\.yaml:[0-9]+:[0-9]+: .*"))
                    .toList();
            assertEquals(10, problems.size(), forwarder.log());
            assertFalse(forwarder.log().contains("state=running"));
            assertFalse(forwarder.log().contains("\tat "), forwarder.log());
        }
    }

    private static void assertOneComplaint(ForwarderProcess forwarder, String beginning) {
        List<String> complaints =
                forwarder.log().lines().filter(line -> !line.contains(" INFO ")).toList();
        assertEquals(1, complaints.size(), forwarder.log());
        assertTrue(complaints.get(0).startsWith("l4-forwarder: " + beginning), forwarder.log());
    }

    private boolean refuses() throws IOException {
        try (Socket probe = Clients.connect(port)) {
            return probe.isClosed();
        } catch (ConnectException refused) {
            return true;
        }
    }

    private static void closeAll(Socket[] sockets) throws IOException {
        for (Socket socket : sockets) {
            if (socket != null) {
                socket.close();
            }
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    private ForwarderProcess launch(ForwarderYaml yaml) throws IOException {
        return ForwarderProcess.launch(directory, yaml.text(), List.of(), Map.of());
    }
}
