package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are ended in an orderly way, with real clients and backends. */
@Timeout(90)
class DrainIT {
    @TempDir
    Path directory;

    private final int port = Ports.free(1);
    private final List<SocketChannel> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
    }

    /** With one worker the order is that of the clients; over several, two of one moment may swap places. */
    @Test
    void shouldCloseTheOldestFirstAtTheRateWhenStopped() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, backend)
                        .top("workers: 1")
                        .top("drain-timeout: 60s")
                        .top("drain-rate: 500/s"))) {
            connect(1_000);
            Await.until("all are relayed", Duration.ofSeconds(30), () -> backend.open() == 1_000);
            for (SocketChannel client : clients) {
                client.configureBlocking(false);
            }
            forwarder.terminate();
            Await.until("all have ended", Duration.ofSeconds(60), () -> endedInOrder() == 1_000);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1_000, forwarder.total("closed_drained"));
            assertEquals(0, forwarder.total("closed_stopped"));
            assertEquals(1, forwarder.logged("event=drain-begun", "target=\"forwarder\"", "rate=500.0/s"));
            assertEquals(1, forwarder.logged("event=drain-ended", "state=done", "closed=1000", "left=0"));
        }
    }

    /** How many were reset. Looks at the youngest first: when one is found reset, all older ones were before. */
    private int endedInOrder() throws IOException {
        int ended = 0;
        for (int i = clients.size() - 1; i >= 0; i--) {
            if (isReset(clients.get(i))) {
                ended++;
            } else {
                assertEquals(0, ended, "client " + i + " is open still, and younger ones are not");
            }
        }
        return ended;
    }

    private static boolean isReset(SocketChannel client) throws IOException {
        if (!client.isOpen()) {
            return true;
        }
        try {
            assertEquals(0, client.read(ByteBuffer.allocate(1)), "a FIN would say that the stream is whole");
            return false;
        } catch (SocketException reset) {
            client.close();
            return true;
        }
    }

    @Test
    void shouldCutWhatIsLeftAtTheTimeout() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(
                        ForwarderYaml.of(port, backend).top("drain-timeout: 2s").top("drain-rate: 1/h"))) {
            connect(10);
            Await.until("all are relayed", () -> backend.open() == 10);
            forwarder.terminate();
            assertEquals(0, forwarder.awaitExit());
            assertTrue(forwarder.total("closed_drained") <= 1);
            assertEquals(10, forwarder.total("closed_drained") + forwarder.total("closed_stopped"));
        }
    }

    /** An order for the whole forwarder, and another that changes its rate, which is no second signal to end. */
    @Test
    void shouldDrainByOrderAndThenEnd() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ordered(backend).top("drain-timeout: 1s"))) {
            connect(200);
            Await.until("all are relayed", () -> backend.open() == 200);
            assertEquals(202, order("POST", "/v1/drain", "{}").status());
            assertTrue(order("GET", "/v1/status", "").body().contains("\"draining\""));
            Await.until("new connections are refused", this::refuses);
            assertEquals(0, ended());
            // Twice more: each takes the place of the one before, and the second signal would cut.
            assertEquals(202, order("POST", "/v1/drain", "{\"rate\": \"1/h\"}").status());
            assertEquals(
                    202, order("POST", "/v1/drain", "{\"rate\": \"500/s\"}").status());
            Await.until("all have ended", Duration.ofSeconds(60), () -> ended() == 200);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(200, forwarder.total("closed_drained"));
            assertEquals(0, forwarder.logged("event=signal"));
            assertEquals(1, forwarder.logged("event=drain-ended", "target=\"forwarder\"", "state=done", "left=0"));
        }
    }

    private ForwarderYaml ordered(TestBackend backend) {
        return ForwarderYaml.of(port, backend).top("admin: { listen: \"" + admin() + "\" }");
    }

    private AdminAddress admin() {
        return new AdminAddress.Unix(directory.resolve("admin.sock"));
    }

    private Reply order(String method, String uri, String body) throws Exception {
        try (AdminClient client = new AdminClient(admin(), Duration.ofSeconds(20))) {
            return client.send(method, uri, body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body)));
        }
    }

    private boolean refuses() throws IOException {
        try (Socket client = Clients.connect(port)) {
            return !client.isConnected();
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** How many were reset, in whatever order. */
    private int ended() throws IOException {
        int ended = 0;
        for (SocketChannel client : clients) {
            if (client.isOpen()) {
                client.configureBlocking(false);
            }
            ended += isReset(client) ? 1 : 0;
        }
        return ended;
    }

    @Test
    void shouldEndWhenConnectionsHaveEndedByThemselves() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ordered(backend).top("drain-timeout: 1s"));
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            assertEquals(202, order("POST", "/v1/drain", "{}").status());
            Clients.assertEchoes(client, "meanwhile");
            client.shutdownOutput();
            Clients.assertEnded(client);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(0, forwarder.total("closed_drained") + forwarder.total("closed_stopped"));
        }
    }

    @Test
    void shouldStayAtTheFirstSignalAndCutAtTheSecond() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(ordered(backend).top("drain-timeout: 5m"));
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            assertEquals(202, order("POST", "/v1/drain", "{}").status());
            forwarder.awaitLog("state=draining", "timeout=none");
            forwarder.terminate();
            forwarder.awaitLog("event=signal");
            Clients.assertEchoes(client, "after the first");
            // Nor is an order a signal.
            assertEquals(202, order("POST", "/v1/drain", "{}").status());
            Clients.assertEchoes(client, "after another order");
            assertEquals(0, forwarder.logged("event=second-signal"));
            forwarder.terminate();
            Clients.assertReset(client);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.logged("event=second-signal", "cut=1"));
        }
    }

    @Test
    void shouldEndConnectionsAfterTheirLifetimeHoweverBusy() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = start(
                        ForwarderYaml.of(port, backend).service("timeouts: { lifetime: 2s, lifetime-jitter: 50% }"))) {
            connect(20);
            Clients.assertEchoes(clients.get(0).socket(), "busy");
            for (SocketChannel client : clients) {
                Clients.assertReset(client.socket());
            }
            Await.until("backends see the end too", () -> backend.open() == 0);
            assertEquals(20, forwarder.askTotals().get("closed_lifetime"));
        }
    }

    @Test
    void shouldFailBackWhenThePreferredBackendReturns() throws Exception {
        try (NamedBackends backends = NamedBackends.running(2)) {
            backends.stop("a");
            ForwarderYaml yaml = ForwarderYaml.to(port, backends.entry("a"), backends.entry("b", "backup: true"))
                    .health("{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }")
                    .pool("fail-back: { rate: 100/s, after: 1s }");
            List<NamedBackends.Meeting> meetings = new ArrayList<>();
            try (ForwarderProcess forwarder = start(yaml)) {
                forwarder.awaitLog("event=table", "eligible=1 ");
                for (int i = 0; i < 30; i++) {
                    meetings.add(NamedBackends.meet(port));
                    assertEquals("b", meetings.get(i).name());
                    meetings.get(i).assertGoesOn();
                }
                backends.start("a");
                for (NamedBackends.Meeting meeting : meetings) {
                    Clients.assertReset(meeting.socket());
                }
                forwarder.awaitLog("event=drain-ended", "target=\"fail-back test\"", "closed=30");
                assertEquals(30, forwarder.askTotals().get("closed_drained"));
                assertEquals("a", NamedBackends.ask(port));
            } finally {
                for (NamedBackends.Meeting meeting : meetings) {
                    meeting.close();
                }
            }
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }
}
