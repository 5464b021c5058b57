package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** UDP sessions under an operator's hands, with real clients and backends; checks go to listeners of TCP beside them. */
@Timeout(90)
class UdpOperationsIT {
    /** So many that both backends have some, but for one run in half a million. */
    private static final int CLIENTS = 20;

    @TempDir
    Path directory;

    private final int port = Ports.free(1);
    private final List<UdpClient> clients = new ArrayList<>();
    private NamedBackends checked;
    private UdpServer a;
    private UdpServer b;

    @BeforeEach
    void start() throws IOException {
        checked = NamedBackends.running(2);
        a = new UdpServer(checked, "a");
        b = new UdpServer(checked, "b");
    }

    @AfterEach
    void stop() throws Exception {
        clients.forEach(UdpClient::close);
        a.close();
        b.close();
        checked.close();
    }

    private ForwarderYaml yaml() {
        return ForwarderYaml.to(port, checked.entry("a"), checked.entry("b"))
                .top("admin: { listen: \"" + admin() + "\" }")
                .service("protocol: udp");
    }

    private ForwarderYaml checkedYaml() {
        return yaml().health("{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }");
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    private AdminAddress admin() {
        return new AdminAddress.Unix(directory.resolve("admin.sock"));
    }

    private Reply order(String method, String uri, String body) throws Exception {
        try (AdminClient client = new AdminClient(admin(), Duration.ofSeconds(20))) {
            Reply reply = client.send(method, uri, body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body)));
            assertTrue(reply.status() < 300, reply::body);
            return reply;
        }
    }

    private JsonObject get(String uri) throws Exception {
        return Json.parse(order("GET", uri, "").body()).getAsJsonObject();
    }

    private UdpClient client() throws IOException {
        UdpClient client = new UdpClient(port);
        clients.add(client);
        return client;
    }

    /** Who answers each of them. */
    private List<String> askAll() throws IOException {
        List<String> names = new ArrayList<>();
        for (UdpClient client : clients) {
            names.add(client.ask());
        }
        return names;
    }

    private List<String> connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client();
        }
        return askAll();
    }

    private static List<String> all(String name) {
        return Collections.nCopies(CLIENTS, name);
    }

    private static long count(List<String> names, String name) {
        return names.stream().filter(name::equals).count();
    }

    /** The first that is at this backend. */
    private UdpClient clientAt(String name) throws IOException {
        for (int i = 0; i < 100; i++) {
            UdpClient client = client();
            if (client.ask().equals(name)) {
                return client;
            }
        }
        throw new AssertionError("nobody is at " + name);
    }

    private static void awaitTotal(ForwarderProcess forwarder, String counter, long count) throws Exception {
        Await.until(
                () -> counter + " to be " + count + "\n" + forwarder.log(),
                Duration.ofSeconds(15),
                () -> forwarder.askTotals().getOrDefault(counter, 0L) == count);
    }

    @Test
    void shouldKeepSessionsOfADrainedBackendAndMoveThemAtItsPace() throws Exception {
        try (ForwarderProcess forwarder = start(yaml())) {
            List<String> before = connect(CLIENTS);
            assertEquals(Set.of("a", "b"), new TreeSet<>(before));
            order("POST", "/v1/pools/test/backends/a/drain", "{}");
            assertEquals(before, askAll(), "old ones stay");
            for (int i = 0; i < CLIENTS; i++) {
                try (UdpClient late = new UdpClient(port)) {
                    assertEquals("b", late.ask());
                }
            }
            order("POST", "/v1/pools/test/backends/a/drain", "{\"rate\": \"100/s\"}");
            forwarder.awaitLog("event=drain-ended", "target=\"backend test/a\"", "state=done", "left=0");
            assertEquals(all("b"), askAll());
            assertEquals(0, get("/v1/pools/test/backends/a").get("open").getAsInt());
            assertEquals(
                    count(before, "a"),
                    forwarder.askTotals().get("udp_ended_drained").longValue());
            order("PATCH", "/v1/pools/test/backends/a", "{\"state\": \"ready\"}");
            assertEquals(all("b"), askAll(), "nobody moves back");
        }
    }

    @Test
    void shouldListSessionsAndKillThoseThatAreNamed() throws Exception {
        try (ForwarderProcess forwarder = start(yaml())) {
            UdpClient oneWay = client();
            oneWay.send(UdpServer.HUSH);
            UdpClient answered = client();
            answered.ask();
            UdpClient established = client();
            established.ask();
            established.ask();
            awaitTotal(forwarder, "sessions", 3);
            assertEquals("one-way", session(oneWay).get("state").getAsString());
            assertEquals("answered", session(answered).get("state").getAsString());
            JsonObject listed = session(established);
            assertEquals("established", listed.get("state").getAsString());
            assertEquals("udp", listed.get("protocol").getAsString());
            assertEquals("test", listed.get("service").getAsString());
            assertEquals(4, listed.get("bytesToBackend").getAsInt());
            assertEquals(6, listed.get("bytesToClient").getAsInt());

            long id = listed.get("id").getAsLong();
            assertEquals(1, kill("id=" + id));
            assertEquals(2, get("/v1/connections").getAsJsonArray("connections").size());
            established.ask();
            assertTrue(session(established).get("id").getAsLong() != id, "its next datagram opens another");
            assertEquals(3, kill("service=test&client=127.0.0.0/8"));
            assertEquals(4, forwarder.askTotals().get("udp_ended_killed"));
        }
    }

    private int kill(String filter) throws Exception {
        String answer = order("DELETE", "/v1/connections?" + filter, "").body();
        return Json.parse(answer).getAsJsonObject().get("killed").getAsInt();
    }

    private JsonObject session(UdpClient client) throws Exception {
        for (JsonElement one : get("/v1/connections").getAsJsonArray("connections")) {
            JsonObject session = one.getAsJsonObject();
            if (session.get("client").getAsString().equals("127.0.0.1:" + client.port())) {
                return session;
            }
        }
        throw new AssertionError("no session of " + client.port());
    }

    /** Its sessions could go on, as it answers still: so it is by the checks that they move. */
    @Test
    void shouldMoveSessionsAtOnceFromABackendThatChecksFindDown() throws Exception {
        try (ForwarderProcess forwarder = start(checkedYaml())) {
            List<String> before = connect(CLIENTS);
            checked.stop("a");
            forwarder.awaitLog("event=table", "eligible=1 ");
            assertEquals(all("b"), askAll());
            checked.start("a");
            forwarder.awaitLogged(2, "event=table", "eligible=2 ");
            assertEquals(all("b"), askAll(), "nobody moves back");
            assertEquals(
                    count(before, "a"), forwarder.askTotals().get("udp_rehomed").longValue());
            assertEquals(CLIENTS, forwarder.askTotals().get("udp_sessions_opened"));
        }
    }

    @Test
    void shouldLeaveSessionsWhereTheyAreWhenRehomeIsNeverOrFarAway() throws Exception {
        for (String rehome : List.of("never", "1h")) {
            clients.clear();
            try (ForwarderProcess forwarder = start(checkedYaml().service("udp: { rehome: " + rehome + " }"))) {
                List<String> before = connect(CLIENTS);
                checked.stop("a");
                forwarder.awaitLog("event=table", "eligible=1 ");
                assertEquals(before, askAll());
                try (UdpClient late = new UdpClient(port)) {
                    assertEquals("b", late.ask());
                }
                checked.start("a");
            }
        }
    }

    @Test
    void shouldMoveSessionsAfterTheTimeOfRehome() throws Exception {
        try (ForwarderProcess forwarder = start(checkedYaml().service("udp: { rehome: 300ms }"))) {
            UdpClient client = clientAt("a");
            checked.stop("a");
            forwarder.awaitLog("event=table", "eligible=1 ");
            Await.until("it has moved", () -> client.ask().equals("b"));
        }
    }

    /** One that nobody checks any more may be dead: what was known before stands. */
    @Test
    void shouldMoveSessionsOfADeadBackendThatIsPutIntoMaintenance() throws Exception {
        try (ForwarderProcess forwarder = start(checkedYaml())) {
            UdpClient well = clientAt("b");
            order("PATCH", "/v1/pools/test/backends/b", "{\"state\": \"maintenance\"}");
            assertEquals("b", well.ask(), "maintenance moves nobody");
            order("PATCH", "/v1/pools/test/backends/b", "{\"state\": \"ready\"}");

            UdpClient client = clientAt("a");
            checked.stop("a");
            forwarder.awaitLog("event=backend backend=test/a", "to=DOWN");
            order("PATCH", "/v1/pools/test/backends/a", "{\"state\": \"maintenance\"}");
            assertEquals("b", client.ask());
        }
    }

    @Test
    void shouldFailBackWithTheNextDatagram() throws Exception {
        checked.stop("a");
        ForwarderYaml yaml = ForwarderYaml.to(port, checked.entry("a"), checked.entry("b", "backup: true"))
                .service("protocol: udp")
                .health("{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }")
                .pool("fail-back: { rate: 100/s, after: 1s }");
        try (ForwarderProcess forwarder = start(yaml)) {
            forwarder.awaitLog("event=table", "eligible=1 ");
            assertEquals(all("b"), connect(CLIENTS));
            checked.start("a");
            forwarder.awaitLog("event=drain-ended", "target=\"fail-back test\"", "closed=" + CLIENTS);
            assertEquals(all("a"), askAll());
        }
    }

    /** With one worker: another, which has no session, would end at once and refuse nobody. */
    @Test
    void shouldServeSessionsAndOpenNoneWhenStopped() throws Exception {
        try (ForwarderProcess forwarder = start(yaml().top("workers: 1").top("drain-timeout: 60s"))) {
            UdpClient busy = client();
            String name = busy.ask();
            forwarder.terminate();
            forwarder.awaitLog("state=draining", "sessions=1");
            Await.until("newcomers are refused", () -> {
                try (UdpClient late = new UdpClient(port)) {
                    late.send(UdpServer.HUSH);
                }
                assertEquals(name, busy.ask());
                return forwarder.askTotals().containsKey("udp_refused_stopping");
            });
            assertEquals(0, forwarder.awaitExit());
            assertEquals(0, forwarder.total("udp_ended_stopped"));
        }
    }

    /** Asks again and again, so that it is never silent for long. */
    @Test
    void shouldStopWithTheLastAnswerThatIsAwaited() throws Exception {
        try (ForwarderProcess forwarder = start(yaml().service("responses: 1").top("drain-timeout: 60s"))) {
            UdpClient waiting = client();
            waiting.send(UdpServer.LATER);
            Await.until("the backend was asked", () -> a.held() + b.held() == 1);
            forwarder.terminate();
            AtomicInteger asked = new AtomicInteger(1);
            Await.until("it drains", () -> {
                waiting.send(UdpServer.LATER);
                asked.incrementAndGet();
                return forwarder.logged("state=draining", "sessions=1") > 0;
            });
            Await.until("all were passed on", () -> a.held() + b.held() == asked.get());
            a.answerHeld();
            b.answerHeld();
            assertEquals(UdpServer.LATER, waiting.receive().substring(1));
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.total("udp_ended_completed"));
        }
    }

    /** Nothing says that a session is over, so it may not hold up a stop for as long as the service's idle time. */
    @Test
    void shouldEndWhenSessionsAreSilentForAWhile() throws Exception {
        try (ForwarderProcess forwarder =
                start(yaml().service("timeouts: { idle: 1h }").top("drain-timeout: 1h"))) {
            connect(CLIENTS);
            assertEquals(0, forwarder.stop());
            assertEquals(CLIENTS, forwarder.total("udp_ended_idle"));
        }
    }

    @Test
    void shouldCutSessionsAtTheDrainTimeout() throws Exception {
        try (ForwarderProcess forwarder = start(yaml().top("drain-timeout: 400ms"))) {
            connect(CLIENTS);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.logged("event=drain-timeout", "cut=" + CLIENTS));
            assertEquals(CLIENTS, forwarder.total("udp_ended_stopped"));
        }
    }

    @Test
    void shouldEndSessionsAtTheRateWhenTheForwarderIsDrained() throws Exception {
        try (ForwarderProcess forwarder = start(yaml())) {
            connect(CLIENTS);
            order("POST", "/v1/drain", "{\"rate\": \"100/s\"}");
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.logged("event=drain-ended", "target=\"forwarder\"", "state=done", "left=0"));
            assertEquals(CLIENTS, forwarder.total("udp_ended_drained"));
        }
    }

    @Test
    void shouldKeepTheSessionsOfAServiceThatIsDisabled() throws Exception {
        try (ForwarderProcess forwarder = start(yaml())) {
            List<String> before = connect(CLIENTS);
            order("PATCH", "/v1/services/test", "{\"enabled\": false}");
            assertEquals(before, askAll());
            try (UdpClient late = new UdpClient(port)) {
                late.send(UdpServer.HUSH);
                awaitTotal(forwarder, "udp_refused_no_service", 1);
                order("PATCH", "/v1/services/test", "{\"enabled\": true}");
                late.ask();
            }
        }
    }

    @Test
    void shouldCountSessionsInStatusMetricsAndTroubles() throws Exception {
        ForwarderYaml yaml = yaml().top("workers: 2")
                .top("limits: { sessions: 1000 }")
                .service("limits: { per-source: { connections: " + CLIENTS + " } }");
        try (ForwarderProcess forwarder = start(yaml)) {
            connect(CLIENTS);
            client().send("one too many");
            forwarder.awaitLog("event=trouble", "counter=udp_refused_source_sessions", "new=1");
            JsonObject status = get("/v1/status");
            assertEquals(CLIENTS, status.get("sessions").getAsInt());
            assertEquals(1000, status.get("sessionLimit").getAsInt());
            assertEquals(0, status.get("connections").getAsInt());
            JsonObject service = get("/v1/services/test");
            assertEquals(CLIENTS, service.get("sessions").getAsInt());
            assertEquals(CLIENTS, service.get("accepted").getAsInt());
            assertEquals("udp", service.get("protocol").getAsString());
            String metrics = order("GET", "/metrics", "").body();
            assertEquals(CLIENTS, sum(metrics, "penstock_udp_sessions{"));
            assertEquals(CLIENTS, sum(metrics, "penstock_udp_sessions_opened_total{"));
            assertEquals(1, sum(metrics, "penstock_udp_refused_total{reason=\"source_sessions\""));
            assertEquals(CLIENTS, sum(metrics, "penstock_service_sessions{service=\"test\"}"));
            assertEquals(1000, sum(metrics, "penstock_udp_sessions_limit "));
            assertEquals(CLIENTS, sum(metrics, "penstock_backend_connections{"));
        }
    }

    private static int sum(String metrics, String start) {
        return (int) metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
