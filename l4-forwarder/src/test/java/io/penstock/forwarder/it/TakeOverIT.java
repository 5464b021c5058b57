package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that take over from each other, and their clients. */
@Timeout(400)
class TakeOverIT {
    private static final int HAND_OVERS = 10;
    private static final int LONG_CONNECTIONS = 8;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldLoseNoClientInTenHandOversInARow() throws Exception {
        List<ForwarderProcess> all = new ArrayList<>();
        List<Socket> longOnes = new ArrayList<>();
        try (TestBackend backend = TestBackend.echo()) {
            all.add(ForwarderProcess.start(directory, yaml(backend, 2)));
            for (int i = 0; i < LONG_CONNECTIONS; i++) {
                longOnes.add(Clients.connect(port));
            }
            try (ShortClients clients = new ShortClients(port, 4)) {
                for (int i = 0; i < HAND_OVERS; i++) {
                    int before = clients.served();
                    // Other numbers of workers, so that sockets are shared out anew.
                    all.add(ForwarderProcess.takeOver(directory, yaml(backend, 1 + i % 3)));
                    all.get(i).awaitLog("event=take-over", "role=running", "step=done");
                    longOnes.add(Clients.connect(port));
                    for (Socket client : longOnes) {
                        Clients.assertEchoes(client, "hand-over " + i);
                    }
                    Await.until("clients of the next process", () -> clients.served() > before + 20);
                }
                clients.assertNoFailures();
            }
            for (Socket client : longOnes) {
                client.shutdownOutput();
                Clients.assertEnded(client);
                client.close();
            }
            ForwarderProcess last = all.remove(all.size() - 1);
            for (ForwarderProcess old : all) {
                assertEquals(0, old.awaitExit(), old::log);
                assertEquals(0, old.total("closed_stopped"), old::log);
            }
            assertEquals("still here", echo("still here"));
            assertEquals(0, last.stop());
            backend.assertNoFailures();
        } finally {
            all.forEach(ForwarderProcess::close);
        }
    }

    @Test
    void shouldServeTheAddressesOfTheNewFileAndFreeThoseOfTheOld() throws Exception {
        int dropped = Ports.free();
        int added = Ports.free();
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(
                        directory, listening(backend, port, dropped).text());
                ForwarderProcess next = ForwarderProcess.takeOver(
                        directory, listening(backend, port, added).text())) {
            assertEquals(0, old.awaitExit());
            for (int open : List.of(port, added)) {
                try (Socket client = Clients.connect(open)) {
                    Clients.assertEchoes(client, "here");
                }
            }
            assertThrows(ConnectException.class, () -> Clients.connect(dropped));
            assertEquals(1, next.logged("event=take-over", "role=new", "step=done"));
        }
    }

    @Test
    void shouldHaveNoDescriptorMoreThanAnOrdinaryStart() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(directory, yaml(backend, 2))) {
            int ordinary = old.openKernelObjects();
            echo("before");
            old.awaitKernelObjects(ordinary);
            try (ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml(backend, 2))) {
                assertEquals(0, old.awaitExit());
                echo("after");
                next.awaitKernelObjects(ordinary);
                assertEquals(0, next.stop());
            }
        }
    }

    @Test
    void shouldGoOnWhenTheNewerProcessCannotStart() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ForwarderProcess old = ForwarderProcess.start(directory, yaml(backend, 2));
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            int before = old.openKernelObjects();
            String yaml = listening(backend, port, taken.getLocalPort()).text();
            try (ForwarderProcess next = ForwarderProcess.launchTakeOver(directory, yaml)) {
                assertEquals(1, next.awaitExit());
                assertTrue(next.log().contains("cannot listen on 127.0.0.1:" + taken.getLocalPort()), next::log);
            }
            old.awaitLog("event=take-over", "role=running", "step=failed");
            Clients.assertEchoes(client, "after");
            assertEquals("new", echo("new"));
            old.awaitKernelObjects(before);
            // And the next one succeeds.
            try (ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml(backend, 1))) {
                assertEquals("newer", echo("newer"));
                assertEquals(0, next.stop());
            }
        }
    }

    /** The running one is frozen while the new one asks, so that it gets no further before it is killed. */
    @ParameterizedTest
    @ValueSource(strings = {"state=starting", "step=asked"})
    void shouldGoOnWhenTheNewerProcessIsKilled(String moment) throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(directory, yaml(backend, 2));
                ShortClients clients = new ShortClients(port, 2)) {
            Await.until("clients are served", () -> clients.served() > 20);
            old.freeze();
            try (ForwarderProcess next = ForwarderProcess.launchTakeOver(directory, yaml(backend, 2))) {
                next.awaitLog(moment);
            }
            old.thaw();
            int before = clients.served();
            Await.until("clients are served", () -> clients.served() > before + 20);
            clients.assertNoFailures();
            assertEquals(0, old.logged("step=done"), old::log);
        }
    }

    /** All the time somebody connects: a drained backend is not used even for the first moment of the newer process. */
    @Test
    void shouldKeepWhatTheOperatorChanged() throws Exception {
        try (TestBackend drained = TestBackend.echo();
                TestBackend used = TestBackend.echo();
                TestBackend weighted = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(directory, administered(drained, used, weighted))) {
            AdminAddress admin = AdminAddress.parse("unix:" + adminSocket()).orElseThrow();
            change(admin, drained, "{\"state\": \"drain\"}");
            change(admin, weighted, "{\"weight\": 0}");
            try (ShortClients clients = new ShortClients(port, 4)) {
                Await.until("clients are served", () -> clients.served() > 20);
                try (ForwarderProcess next =
                        ForwarderProcess.takeOver(directory, administered(drained, used, weighted))) {
                    int before = clients.served();
                    Await.until("clients of the next process", () -> clients.served() > before + 50);
                    clients.assertNoFailures();
                    assertEquals(0, old.awaitExit(), old::log);
                    assertEquals(
                            1,
                            next.logged("event=override-taken-over", "test/" + drained.address() + ": state drain"),
                            next::log);
                    assertEquals(
                            1,
                            next.logged("event=override-taken-over", "test/" + weighted.address() + ": weight 0"),
                            next::log);
                    try (AdminClient client = new AdminClient(admin, Duration.ofSeconds(20))) {
                        String status = client.send("GET", "/v1/status", Optional.empty())
                                .body();
                        assertTrue(status.contains("test/" + drained.address() + ": state drain"), status);
                    }
                }
            }
            assertEquals(0, drained.accepted());
            assertEquals(0, weighted.accepted());
        }
    }

    /** The newer file does not have the backend that was drained. */
    @Test
    void shouldGiveUpWhatNoLongerApplies() throws Exception {
        try (TestBackend drained = TestBackend.echo();
                TestBackend used = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(directory, administered(drained, used))) {
            AdminAddress admin = AdminAddress.parse("unix:" + adminSocket()).orElseThrow();
            change(admin, drained, "{\"state\": \"drain\"}");
            try (ForwarderProcess next = ForwarderProcess.takeOver(directory, administered(used))) {
                assertEquals(0, old.awaitExit(), old::log);
                assertEquals(1, next.logged("event=override-given-up", drained.address()), next::log);
                assertEquals("served", echo("served"));
                assertEquals(0, next.stop());
            }
        }
    }

    private Path adminSocket() {
        return directory.resolve("admin.sock");
    }

    private String administered(TestBackend... backends) {
        return common(ForwarderYaml.of(port, backends))
                .top("admin: { listen: \"unix:" + adminSocket() + "\" }")
                .text();
    }

    private static void change(AdminAddress admin, TestBackend backend, String wish) throws Exception {
        try (AdminClient client = new AdminClient(admin, Duration.ofSeconds(20))) {
            Reply reply = client.send(
                    "PATCH",
                    "/v1/pools/test/backends/" + backend.address(),
                    Optional.of(JsonParser.parseString(wish).getAsJsonObject()));
            assertEquals(204, reply.status(), reply::body);
        }
    }

    @Test
    void shouldStartAsUsualWhenNobodyRuns() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.takeOver(directory, yaml(backend, 1))) {
            assertEquals(1, forwarder.logged("event=take-over", "role=new", "outcome=none"));
            assertEquals("alone", echo("alone"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldStayUntilTheSecondSignalAfterAHandOver() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(directory, yaml(backend, 1));
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            try (ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml(backend, 1))) {
                old.awaitLog("state=draining");
                old.terminate();
                old.awaitLog("event=signal");
                Clients.assertEchoes(client, "after the first");
                old.terminate();
                assertEquals(0, old.awaitExit());
                Clients.assertReset(client);
                assertEquals(0, next.stop());
            }
        }
    }

    @Test
    void shouldDrainAtItsRateAfterAHandOver() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess old = ForwarderProcess.start(
                        directory,
                        common(ForwarderYaml.of(port, backend))
                                .top("drain-rate: 100/s")
                                .text())) {
            for (int i = 0; i < 20; i++) {
                clients.add(Clients.connect(port));
                Clients.assertEchoes(clients.get(i), "before");
            }
            try (ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml(backend, 1))) {
                assertEquals(0, old.awaitExit());
                assertEquals(1, old.logged("event=drain-begun", "target=\"forwarder\"", "rate=100.0/s"));
                assertEquals(20, old.total("closed_drained"));
                for (Socket client : clients) {
                    Clients.assertReset(client);
                }
                assertEquals(0, next.stop());
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private String echo(String text) throws IOException {
        try (Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, text);
            return text;
        }
    }

    private String yaml(TestBackend backend, int workers) {
        return common(ForwarderYaml.of(port, backend))
                .top("workers: " + workers)
                .text();
    }

    private ForwarderYaml listening(TestBackend backend, int first, int second) {
        return common(ForwarderYaml.of(port, backend))
                .listen("[\"127.0.0.1:" + first + "\", \"127.0.0.1:" + second + "\"]");
    }

    private ForwarderYaml common(ForwarderYaml yaml) {
        return yaml.top("take-over: { socket: " + directory.resolve("forwarder.sock") + " }")
                .top("drain-timeout: 5m");
    }
}
