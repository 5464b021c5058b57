package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.admin.ServerSentEvent;
import io.penstock.forwarder.admin.ApiDescription;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events, health and the description of the API, of a real forwarder; every answer is held against the description. */
@Timeout(120)
class ApiIT {
    private static final String FAST = "{ " + ForwarderYaml.CHECK_TIMES + " }";
    private static final String VIP = "/v1/health/vips/127.0.0.1";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    private AdminAddress address() {
        return new AdminAddress.Unix(directory.resolve("admin.sock"));
    }

    private ForwarderYaml yaml(TestBackend... backends) {
        return ForwarderYaml.of(port, backends).top("admin: { listen: \"" + address() + "\" }");
    }

    private Reply send(String method, String uri, String body) throws Exception {
        Optional<JsonElement> json = body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body));
        try (AdminClient client = new AdminClient(address(), Duration.ofSeconds(20))) {
            return client.send(method, uri, json);
        }
    }

    private ApiDescription description() throws Exception {
        return new ApiDescription(send("GET", "/v1/openapi.json", "").body());
    }

    /** The answer, which has this status and the form that is described. */
    private JsonObject ask(ApiDescription api, String method, String path, String uri, String body, int status)
            throws Exception {
        Reply reply = send(method, uri, body);
        assertEquals(status, reply.status(), reply.body());
        api.assertDescribes(method, path, status, reply.body());
        return reply.body().startsWith("{") ? Json.parse(reply.body()).getAsJsonObject() : new JsonObject();
    }

    private void assertVip(int status, String state, String reason) throws Exception {
        Reply reply = send("GET", VIP, "");
        description().assertDescribes("GET", "/v1/health/vips/{vip}", reply.status(), reply.body());
        JsonObject vip = Json.parse(reply.body()).getAsJsonObject();
        assertEquals(state, vip.get("state").getAsString());
        assertEquals(reason, vip.get("reason").getAsString());
        assertEquals(status, reply.status());
        assertEquals(status == 200, vip.get("served").getAsBoolean());
    }

    /** Follows events in the background until it is closed. */
    private final class Following implements AutoCloseable {
        private final BlockingQueue<ServerSentEvent> events = new LinkedBlockingQueue<>();
        private final AdminClient client = new AdminClient(address(), Duration.ofSeconds(20));
        private final Thread thread;
        private long last;

        private Following(String uri, long lastEventId) {
            thread = new Thread(() -> {
                try {
                    client.stream(uri, lastEventId, events::add);
                } catch (IOException | InterruptedException ended) {
                    // By the test, or with the forwarder.
                }
            });
            thread.start();
        }

        private JsonObject next() throws Exception {
            ServerSentEvent event = events.poll(30, TimeUnit.SECONDS);
            assertNotNull(event, "no event came");
            last = event.id();
            return Json.parse(event.data()).getAsJsonObject();
        }

        private JsonObject awaitNext(Predicate<JsonObject> wanted) throws Exception {
            JsonObject event = next();
            while (!wanted.test(event)) {
                event = next();
            }
            return event;
        }

        private JsonObject awaitNext(String type, String text) throws Exception {
            return awaitNext(event -> event.get("type").getAsString().equals(type)
                    && event.get("text").getAsString().startsWith(text));
        }

        @Override
        public void close() {
            client.close();
            thread.interrupt();
        }
    }

    @Test
    void shouldTellWhatHappenedToWhoComesBack() throws Exception {
        TestBackend only = TestBackend.echo();
        try (ForwarderProcess forwarder =
                ForwarderProcess.start(directory, yaml(only).health(FAST).text())) {
            long seen;
            try (Following first = new Following("/v1/events?since=0", 0)) {
                JsonObject served = first.awaitNext("vip", "served");
                assertEquals("127.0.0.1", served.get("subject").getAsString());
                seen = first.last;
            }
            assertVip(200, "served", "");
            only.close();
            forwarder.awaitLog("event=table", "eligible=0");
            try (Following again = new Following("/v1/events?type=backend,vip", seen)) {
                JsonObject down = again.awaitNext("backend", "up to down: check");
                description().assertDescribes("Event", down.toString());
                assertEquals("test/" + only.address(), down.get("subject").getAsString());
                JsonObject gone = again.awaitNext("vip", "not-served");
                assertEquals("error", gone.get("level").getAsString());
                assertVip(503, "not-served", "test: pool test: no backend is up (down 1)");
                try (TestBackend returned = TestBackend.at("127.0.0.1", only.port(), TestBackend.saying("again"))) {
                    again.awaitNext("vip", "served");
                    assertVip(200, "served", "");
                    assertTrue(returned.port() > 0);
                }
            }
            JsonObject health = ask(description(), "GET", "/v1/health", "/v1/health", "", 200);
            JsonObject check = health.getAsJsonArray("pools")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonArray("backends")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonArray("checks")
                    .get(0)
                    .getAsJsonObject();
            assertEquals("tcp", check.get("name").getAsString());
        } finally {
            only.close();
        }
    }

    @Test
    void shouldTellWhoComesBackToAnotherProcessThatSomethingMayBeMissing() throws Exception {
        try (TestBackend backend = TestBackend.echo()) {
            long seen;
            try (ForwarderProcess forwarder =
                            ForwarderProcess.start(directory, yaml(backend).text());
                    Following first = new Following("/v1/events?since=0", 0)) {
                first.awaitNext("process", "takes connections");
                seen = first.last;
                assertEquals(0, forwarder.stop());
            }
            try (ForwarderProcess forwarder =
                            ForwarderProcess.start(directory, yaml(backend).text());
                    Following again = new Following("/v1/events", seen)) {
                JsonObject gap = again.next();
                assertEquals("gap", gap.get("type").getAsString());
                description().assertDescribes("Event", gap.toString());
                again.awaitNext("process", "takes connections");
                assertTrue(forwarder.isAlive());
            }
        }
    }

    /** An agent must not announce what nobody has tried, and one that starts must not take away what it does not know. */
    @Test
    void shouldNotKnowBeforeACheckHasAnAnswer() throws Exception {
        String http = "{ http: {}, interval: 10s, fast-interval: 100ms, timeout: 10s, rise: 1, fall: 1 }";
        try (TestBackend silent = TestBackend.byHand();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, yaml(silent).health(http).text())) {
            assertVip(503, "unknown", "test: pool test: no check has had a result");
            try (Following following = new Following("/v1/events?type=vip&since=0", 0);
                    Socket asking = silent.next()) {
                asking.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                following.awaitNext("vip", "served");
                assertVip(200, "served", "");
            }
            assertTrue(forwarder.isAlive());
        }
    }

    @Test
    void shouldSayThatItDrainsWhileConnectionsGoOn() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, yaml(backend).top("drain-timeout: 60s").text());
                Following following = new Following("/v1/events?since=0", 0)) {
            following.awaitNext("vip", "served");
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "before");
                ask(description(), "POST", "/v1/drain", "/v1/drain", "", 202);
                following.awaitNext("process", "takes no new connections");
                following.awaitNext("vip", "draining");
                assertVip(503, "draining", "test: the forwarder takes no new connections");
                Clients.assertEchoes(client, "still open");
            }
            assertEquals(0, forwarder.awaitExit(), forwarder::log);
        }
    }

    @Test
    void shouldAnswerAsDescribed() throws Exception {
        try (TestBackend first = TestBackend.echo();
                TestBackend second = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, yaml(first, second).health(FAST).text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "open");
            ApiDescription api = description();
            String backend = "/v1/pools/test/backends/" + first.address();
            String oneBackend = "/v1/pools/{pool}/backends/{backend}";
            ask(
                    api,
                    "POST",
                    "/v1/pools/{pool}/backends",
                    "/v1/pools/test/backends",
                    "{\"address\":\"127.0.0.1:9\",\"id\":\"third\"}",
                    201);
            ask(api, "PATCH", oneBackend, backend, "{\"weight\":3}", 204);
            ask(api, "POST", oneBackend + "/drain", backend + "/drain", "{\"rate\":\"1/h\"}", 202);
            ask(api, "PATCH", "/v1/services/{service}", "/v1/services/test", "{\"enabled\":true}", 200);
            ask(api, "POST", "/v1/reload", "/v1/reload", "", 200);
            for (String path : List.of(
                    "/healthz",
                    "/readyz",
                    "/metrics",
                    "/v1/status",
                    "/v1/config",
                    "/v1/services",
                    "/v1/pools",
                    "/v1/connections",
                    "/v1/health",
                    "/v1/health/vips")) {
                ask(api, "GET", path, path, "", 200);
            }
            ask(api, "GET", oneBackend, backend, "", 200);
            ask(api, "GET", "/v1/pools/{pool}", "/v1/pools/test", "", 200);
            JsonObject events = ask(api, "GET", "/v1/events", "/v1/events?follow=false&limit=4096", "", 200);
            assertTrue(events.getAsJsonArray("events").size() >= 8, events.toString());
            String metrics = send("GET", "/metrics", "").body();
            assertTrue(metrics.contains("penstock_service_served{service=\"test\"} 1"), metrics);
            assertTrue(metrics.contains("penstock_backend_transitions_total{pool=\"test\""), metrics);
            assertTrue(metrics.contains("penstock_table_build_seconds_bucket{le=\"+Inf\"}"), metrics);
            ask(api, "DELETE", oneBackend + "/drain", backend + "/drain", "", 200);
            ask(api, "POST", oneBackend + "/reset", backend + "/reset", "", 204);
            ask(api, "DELETE", oneBackend, "/v1/pools/test/backends/third", "", 204);
            assertTrue(forwarder.isAlive());
        }
    }
}
