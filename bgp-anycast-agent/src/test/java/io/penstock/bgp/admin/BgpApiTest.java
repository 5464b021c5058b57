package io.penstock.bgp.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.Json;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.Router;
import io.penstock.admin.ServerSentEvent;
import io.penstock.admin.agent.AgentRoutes;
import io.penstock.admin.events.EventFeed;
import io.penstock.admin.events.EventRoutes;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.bgp.control.AgentFigures;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.Journal;
import io.penstock.bgp.operate.AgentStatus.Link;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.events.Event.Level;
import io.penstock.net.IpAddress;
import io.penstock.testing.ApiDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API over a UNIX socket, in front of an agent that is made up; and its descriptions against it, both ways. */
@Timeout(60)
class BgpApiTest {
    private static final String VIP = "/v1/health/vips/{vip}";
    private static final String NAMED = "{\"name\":\"up\"}";
    private static final Path DOCUMENT = Path.of("docs/admin.md");

    @TempDir
    Path directory;

    private final FakeOperations operations = new FakeOperations();
    private final Journal journal = new Journal(Clock.systemUTC());
    private final ApiDescription api = new ApiDescription(AgentRoutes.description(BgpApi.class));
    private final Set<String> seen = new TreeSet<>();
    private Duration age = Duration.ofSeconds(2);
    private AdminAddress address;
    private BgpAdmin admin;

    BgpApiTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        address = new AdminAddress.Unix(directory.resolve("bgp.sock"));
        admin = BgpAdmin.start(
                AdminConfig.of(address),
                operations,
                new AgentFigures(),
                journal,
                () -> FakeOperations.NOW_NS + age.toNanos());
    }

    @AfterEach
    void end() {
        admin.close();
        journal.close();
    }

    private void went(String vip, String to) {
        journal.record(new BgpEvent(Kind.STATE, Level.INFO, vip, "went to " + to, Map.of("to", to)));
    }

    @Test
    void shouldBeDescribedAsItIs() throws Exception {
        for (Kind kind : Kind.values()) {
            journal.record(new BgpEvent(kind, Level.INFO, "up", "it happened", Map.of("what", "it")));
        }
        ask(200, "GET", "/healthz", "/healthz", "");
        ask(200, "GET", "/readyz", "/readyz", "");
        ask(200, "GET", "/metrics", "/metrics", "");
        ask(200, "GET", "/v1/openapi.json", "/v1/openapi.json", "");
        ask(200, "GET", "/v1/status", "/v1/status", "");
        ask(200, "GET", "/v1/events", "/v1/events?follow=false", "");
        ask(400, "GET", "/v1/events", "/v1/events?type=transition", "");
        ask(200, "GET", "/v1/health/vips", "/v1/health/vips", "");
        ask(200, "GET", VIP, "/v1/health/vips/192.0.2.3", "");
        ask(503, "GET", VIP, "/v1/health/vips/192.0.2.1", "");
        ask(404, "GET", VIP, "/v1/health/vips/192.0.2.11", "");
        ask(400, "GET", VIP, "/v1/health/vips/up", "");
        ask(202, "POST", "/v1/drain", "/v1/drain", NAMED);
        ask(202, "POST", "/v1/drain", "/v1/drain", "{\"name\":\"up\",\"wait\":\"2m\"}");
        ask(202, "POST", "/v1/drain", "/v1/drain", "{\"wait\":\"0s\"}");
        ask(400, "POST", "/v1/drain", "/v1/drain", "{\"wait\":\"25h\"}");
        ask(400, "POST", "/v1/drain", "/v1/drain", "{\"vip\":\"up\"}");
        ask(202, "POST", "/v1/withdraw", "/v1/withdraw", NAMED);
        ask(202, "POST", "/v1/withdraw", "/v1/withdraw", "");
        ask(400, "POST", "/v1/withdraw", "/v1/withdraw", "{\"name\":\"up\",\"wait\":\"2m\"}");
        ask(202, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(202, "POST", "/v1/resume", "/v1/resume", "");
        operations.refusal = Optional.of(RefusedException.unknown("no VIP is named 'up'"));
        ask(404, "POST", "/v1/drain", "/v1/drain", NAMED);
        operations.refusal = Optional.of(RefusedException.because("the agent has ended"));
        ask(409, "POST", "/v1/withdraw", "/v1/withdraw", NAMED);
        ask(409, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(200, "POST", "/v1/reload", "/v1/reload", "");
        operations.reload = new ReloadResult(Instant.EPOCH, "api", false, List.of("f.yaml:1:1: vips: x"), List.of());
        ask(422, "POST", "/v1/reload", "/v1/reload", "");
        operations.phase = Phase.STOPPING;
        ask(503, "GET", "/readyz", "/readyz", "");

        assertEquals(api.operations(), seen);
        assertEquals(api.operations(), routes());
        assertEquals(Set.of(), api.loose());
        assertEquals(
                List.of(
                        "drain up",
                        "drain up for 120 s",
                        "drain all for 0 s",
                        "withdraw up",
                        "withdraw all",
                        "resume up",
                        "resume all",
                        "reload by api",
                        "reload by api"),
                operations.orders);
    }

    private Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        try (EventFeed feed = new EventFeed(journal.log(), "feed")) {
            EventRoutes events = new EventRoutes(journal.log(), feed, List.of(Kind.values()));
            for (Router.Resource route : new BgpApi(operations, events, new MetricsPage(), () -> 0)
                    .router()
                    .resources()) {
                routes.add(route.method() + " " + route.path());
            }
        }
        return routes;
    }

    private void ask(int status, String method, String path, String uri, String body) throws Exception {
        Reply reply = send(method, uri, body);
        assertEquals(status, reply.status(), () -> method + " " + uri + ": " + reply.body());
        api.assertDescribes(method, path, status, reply.body());
        seen.add(method + " " + path);
    }

    /** As those who ask forwarders read it. */
    @Test
    void shouldSayInForwardersWordsWhatIsAnnounced() throws Exception {
        assertHealth("unknown", "because of pending", "192.0.2.0");
        assertHealth("not-served", "because of down", "192.0.2.1");
        assertHealth("not-served", "because of held-down", "192.0.2.2");
        assertHealth("served", "because of up", "192.0.2.3");
        assertHealth("degraded", "because of degraded", "192.0.2.4");
        assertHealth("draining", "because of draining", "192.0.2.5");
        assertHealth("not-served", "because of drained", "192.0.2.6");
        assertHealth("not-served", "because of withdrawn", "192.0.2.7");
        assertHealth("served", "because of up", "198.51.100.77");
        JsonObject all = Json.parse(send("GET", "/v1/health/vips", "").body()).getAsJsonObject();
        assertEquals(9, all.getAsJsonArray("vips").size());
        assertEquals(
                "198.51.100.0/24",
                all.getAsJsonArray("vips").get(8).getAsJsonObject().get("vip").getAsString());
    }

    /** Wanting is not having. */
    @Test
    void shouldNotCallServedWhatDaemonDoesNotHave() throws Exception {
        operations.put(FakeOperations.missing(operations.vips.get("up"), ""));
        assertHealth("not-served", "the daemon does not have it yet", "192.0.2.3");
        operations.put(FakeOperations.missing(operations.vips.get("up"), "refused: no such family"));
        assertHealth("not-served", "refused: no such family", "192.0.2.3");
    }

    /** It may go on announcing what it had, or have nothing any more. */
    @Test
    void shouldKnowNothingWhileDaemonIsNotThere() throws Exception {
        operations.link = Link.DOWN;
        operations.trouble = "connection refused";
        assertHealth("unknown", "connection refused", "192.0.2.3");
        assertHealth("unknown", "connection refused", "192.0.2.4");
        assertHealth("not-served", "because of down", "192.0.2.1");
        assertTrue(send("GET", "/metrics", "").body().contains("penstock_bgp_daemon_up 0.0"));
    }

    /** Its thread may be stuck: what it had then it has not for ever. */
    @Test
    void shouldKnowNothingWhenAgentHasShownNothingForLong() throws Exception {
        age = Duration.ofSeconds(30).minusNanos(1);
        assertHealth("served", "because of up", "192.0.2.3");
        age = Duration.ofSeconds(30);
        assertHealth("unknown", "the agent's thread has shown nothing for 30 s", "192.0.2.3");
        assertTrue(send("GET", "/metrics", "").body().contains("penstock_bgp_status_age_seconds 30.0"));
    }

    /** Of a prefix of many and of one within it the longer one is meant; a VIP whose own address it is counts for more. */
    @Test
    void shouldFindVipOfAddressAsRoutersDo() throws Exception {
        operations.put(FakeOperations.vip("within", State.DOWN, "198.51.100.64/26", IpAddress.parse("198.51.100.65")));
        assertEquals("range", health("198.51.100.1").get("name").getAsString());
        assertEquals("within", health("198.51.100.66").get("name").getAsString());
        operations.put(FakeOperations.vip("range", State.UP, "198.51.100.0/24", IpAddress.parse("198.51.100.66")));
        assertEquals("range", health("198.51.100.66").get("name").getAsString());
    }

    private void assertHealth(String state, String reason, String vip) throws Exception {
        boolean served = state.equals("served") || state.equals("degraded");
        JsonObject json = health(vip);
        assertEquals(state, json.get("state").getAsString());
        assertEquals(reason, json.get("reason").getAsString());
        assertEquals(served, json.get("served").getAsBoolean());
        assertEquals(
                served ? 200 : 503, send("GET", "/v1/health/vips/" + vip, "").status());
    }

    private JsonObject health(String vip) throws Exception {
        return Json.parse(send("GET", "/v1/health/vips/" + vip, "").body()).getAsJsonObject();
    }

    @Test
    void shouldShowAllOfPathsThatAreWantedAndThere() throws Exception {
        JsonObject status = Json.parse(send("GET", "/v1/status", "").body()).getAsJsonObject();
        JsonObject draining = status.getAsJsonArray("vips").get(5).getAsJsonObject();
        JsonObject path = draining.getAsJsonObject("wanted");

        assertEquals(path, draining.getAsJsonObject("announced"));
        assertEquals(Json.parse("""
                        {"origin": "egp", "nextHop": "192.0.2.99", "asPath": [65001, 65001], "med": 50, "localPref": 200,
                         "communities": ["no-export"], "extendedCommunities": ["rt:65001:100"], "largeCommunities": ["65001:9:1"]}"""), without(path, "text"));
        assertEquals(FakeOperations.EVERYTHING.toString(), path.get("text").getAsString());
        assertEquals(10_000, draining.get("leftMs").getAsLong());
        assertEquals("[\"router\"]", draining.getAsJsonArray("sentTo").toString());
        JsonObject down = status.getAsJsonArray("vips").get(1).getAsJsonObject();
        assertFalse(down.has("wanted") || down.has("announced") || down.has("leftMs"), down::toString);
        Duration age = Duration.between(Instant.parse(status.get("at").getAsString()), Instant.now());
        assertTrue(age.toSeconds() >= 2 && age.toSeconds() < 60, age::toString);
    }

    private static JsonObject without(JsonObject object, String key) {
        JsonObject rest = object.deepCopy();
        rest.remove(key);
        return rest;
    }

    @Test
    void shouldAnswerOrderWithVipsThatItIsAbout() throws Exception {
        JsonObject one = Json.parse(send("POST", "/v1/drain", NAMED).body()).getAsJsonObject();
        assertEquals(1, one.getAsJsonArray("vips").size());
        JsonObject all = Json.parse(send("POST", "/v1/resume", "").body()).getAsJsonObject();
        assertEquals(9, all.getAsJsonArray("vips").size());
    }

    @Test
    void shouldTellNewcomersHowVipsAreFirst() throws Exception {
        went("web", "down");
        went("dns", "up");
        went("web", "up");
        BlockingQueue<ServerSentEvent> events = new LinkedBlockingQueue<>();
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            Thread following = new Thread(() -> {
                try {
                    client.stream("/v1/events", ServerSentEvent.NO_ID, events::add);
                } catch (IOException | InterruptedException closed) {
                    // By the test.
                }
            });
            following.start();
            assertNext(events, "dns", "up", true);
            assertNext(events, "web", "up", true);
            went("web", "draining");
            assertNext(events, "web", "draining", false);
            following.interrupt();
        }
    }

    private static void assertNext(BlockingQueue<ServerSentEvent> events, String vip, String to, boolean replayed)
            throws Exception {
        ServerSentEvent event = events.poll(20, TimeUnit.SECONDS);
        assertNotNull(event, "no event came");
        JsonObject json = Json.parse(event.data()).getAsJsonObject();
        JsonObject details = json.getAsJsonObject("details");
        assertEquals(vip, json.get("subject").getAsString());
        assertEquals(to, details.get("to").getAsString());
        assertEquals(replayed, details.has("replay"));
    }

    @Test
    void shouldShowStatesAndCountsAsMetrics() throws Exception {
        operations.put(FakeOperations.missing(operations.vips.get("degraded"), "somebody else has it"));
        String text = send("GET", "/metrics", "").body();
        for (String sample : List.of(
                "penstock_ready 1.0",
                "penstock_last_reload_successful 1.0",
                "penstock_bgp_status_age_seconds 2.0",
                "penstock_bgp_daemon_up 1.0",
                "penstock_bgp_paths 3.0",
                "penstock_bgp_foreign_paths 3.0",
                "penstock_bgp_session_up{address=\"192.0.2.254\",peer=\"router\"} 1.0",
                "penstock_bgp_session_up{address=\"2001:db8::254\",peer=\"router\"} 0.0",
                "penstock_bgp_session_up{address=\"192.0.2.253\",peer=\"other\"} 0.0",
                "penstock_bgp_vip_state{state=\"up\",vip=\"up\"} 1.0",
                "penstock_bgp_vip_state{state=\"held-down\",vip=\"up\"} 0.0",
                "penstock_bgp_vip_wanted{vip=\"degraded\"} 1.0",
                "penstock_bgp_vip_announced{vip=\"degraded\"} 0.0",
                "penstock_bgp_vip_foreign{vip=\"degraded\"} 1.0",
                "penstock_bgp_vip_trouble{vip=\"degraded\"} 1.0",
                "penstock_bgp_vip_trouble{vip=\"up\"} 0.0",
                "penstock_bgp_vip_sent_to{peer=\"router\",vip=\"up\"} 1.0",
                "penstock_bgp_vip_sent_to{peer=\"other\",vip=\"up\"} 0.0",
                "penstock_bgp_announces_total 0.0",
                "penstock_bgp_late_calls_total 0.0",
                "penstock_bgp_withdraw_reaction_seconds_count 0")) {
            assertTrue(text.lines().anyMatch(sample::equals), () -> sample + "\n" + text);
        }
    }

    @Test
    void shouldHaveRoutesMetricsAndEventsInItsDocument() throws Exception {
        String document = Files.readString(DOCUMENT);
        for (String operation : api.operations()) {
            String[] words = operation.replace("{vip}", "ADDRESS").split(" ", -1);
            assertTrue(document.contains("`" + words[0] + " " + words[1] + "`"), operation);
        }
        for (Kind kind : Kind.values()) {
            assertTrue(document.contains("\n| `" + kind.label() + "` | "), kind.label());
        }
        String name = "penstock_(?:bgp_\\w+|ready|last_reload_successful)";
        Set<String> served =
                names("(?m)^# TYPE (" + name + ") ", send("GET", "/metrics", "").body());
        assertEquals(served, names("`(" + name + ")`", document));
    }

    private static Set<String> names(String pattern, String text) {
        Set<String> names = new TreeSet<>();
        for (Matcher matcher = Pattern.compile(pattern).matcher(text); matcher.find(); ) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private Reply send(String method, String uri, String body) throws Exception {
        Optional<JsonElement> json = body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            return client.send(method, uri, json);
        }
    }
}
