package io.penstock.vrrp.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.testing.ApiDescription;
import io.penstock.vrrp.config.HookConfig;
import io.penstock.vrrp.control.AgentFigures;
import io.penstock.vrrp.event.Journal;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import io.penstock.vrrp.operate.AgentStatus.Phase;
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
class VrrpApiTest {
    private static final String VIP = "/v1/health/vips/{vip}";
    private static final String NAMED = "{\"name\":\"web\"}";
    private static final Path DOCUMENT = Path.of("docs/admin.md");

    @TempDir
    Path directory;

    private final FakeOperations operations = new FakeOperations();
    private final Journal journal = new Journal(Clock.systemUTC(), new LinuxSyscalls());
    private final ApiDescription api = new ApiDescription(AgentRoutes.description(VrrpApi.class));
    private final Set<String> seen = new TreeSet<>();
    private long nowNs = FakeOperations.NOW_NS;
    private AdminAddress address;
    private VrrpAdmin admin;

    VrrpApiTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        address = new AdminAddress.Unix(directory.resolve("vrrp.sock"));
        journal.configure(List.of(
                new HookConfig(List.of("true"), Duration.ofSeconds(10)),
                new HookConfig(List.of("true"), Duration.ofSeconds(20))));
        admin = VrrpAdmin.start(AdminConfig.of(address), operations, new AgentFigures(), journal, () -> nowNs);
    }

    @AfterEach
    void end() {
        admin.close();
        journal.close(Duration.ofSeconds(10));
    }

    private void went(String router, String to) {
        journal.record(new VrrpEvent(Kind.TRANSITION, router, "went to " + to, Map.of("to", to)));
    }

    @Test
    void shouldBeDescribedAsItIs() throws Exception {
        went("web", "active");
        ask(200, "GET", "/healthz", "/healthz", "");
        ask(200, "GET", "/readyz", "/readyz", "");
        ask(200, "GET", "/metrics", "/metrics", "");
        ask(200, "GET", "/v1/openapi.json", "/v1/openapi.json", "");
        ask(200, "GET", "/v1/status", "/v1/status", "");
        ask(200, "GET", "/v1/events", "/v1/events?follow=false", "");
        ask(400, "GET", "/v1/events", "/v1/events?type=drain", "");
        ask(200, "GET", "/v1/health/vips", "/v1/health/vips", "");
        ask(200, "GET", VIP, "/v1/health/vips/192.0.2.10", "");
        ask(503, "GET", VIP, "/v1/health/vips/2001:db8:0::53", "");
        ask(404, "GET", VIP, "/v1/health/vips/192.0.2.11", "");
        ask(400, "GET", VIP, "/v1/health/vips/web", "");
        ask(202, "POST", "/v1/failover", "/v1/failover", NAMED);
        ask(202, "POST", "/v1/failover", "/v1/failover", "{\"name\":\"all\",\"hold-off\":\"5m\"}");
        ask(400, "POST", "/v1/failover", "/v1/failover", "{\"name\":\"web\",\"hold-off\":\"25h\"}");
        ask(400, "POST", "/v1/failover", "/v1/failover", "");
        ask(202, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(400, "POST", "/v1/resume", "/v1/resume", "{\"router\":\"web\"}");
        operations.refusal = Optional.of(RefusedException.unknown("no router or group is named 'web'"));
        ask(404, "POST", "/v1/failover", "/v1/failover", NAMED);
        operations.refusal = Optional.of(RefusedException.because("it is not active"));
        ask(409, "POST", "/v1/failover", "/v1/failover", NAMED);
        ask(409, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(200, "POST", "/v1/reload", "/v1/reload", "");
        operations.reload = new ReloadResult(Instant.EPOCH, "api", false, List.of("f.yaml:1:1: routers: x"), List.of());
        ask(422, "POST", "/v1/reload", "/v1/reload", "");
        operations.phase = Phase.STOPPING;
        ask(503, "GET", "/readyz", "/readyz", "");

        assertEquals(api.operations(), seen);
        assertEquals(api.operations(), routes());
        assertEquals(Set.of(), api.loose());
        assertEquals(
                List.of(
                        "failover web for 60 s",
                        "failover all for 300 s",
                        "resume web",
                        "reload by api",
                        "reload by api"),
                operations.orders);
    }

    private Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        try (EventFeed feed = new EventFeed(journal.log(), "feed")) {
            for (Router.Resource route : new VrrpApi(
                            operations, new AgentFigures(), journal, feed, new MetricsPage(), () -> nowNs)
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

    /** Its thread may be stuck: what it had then it has not for ever. */
    @Test
    void shouldNotHaveWhatHasLapsedSinceLastTurn() throws Exception {
        assertEquals(200, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        nowNs += Duration.ofMillis(1_999).toNanos();
        assertEquals(200, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        assertEquals(1, leaseLeftMs());
        nowNs += Duration.ofMillis(1).toNanos();
        assertEquals(503, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        assertEquals(0, leaseLeftMs());
    }

    /** As the addresses of an owner are. */
    @Test
    void shouldHaveForAsLongAsItIsActiveWhatIsThereByTheHostsOwnHand() throws Exception {
        operations.lease = Optional.empty();
        nowNs += Duration.ofHours(1).toNanos();
        assertEquals(200, send("GET", "/v1/health/vips/192.0.2.10", "").status());
    }

    private long leaseLeftMs() throws Exception {
        JsonObject status = Json.parse(send("GET", "/v1/status", "").body()).getAsJsonObject();
        JsonObject router = status.getAsJsonArray("routers").get(0).getAsJsonObject();
        return router.getAsJsonArray("vips")
                .get(0)
                .getAsJsonObject()
                .get("leaseLeftMs")
                .getAsLong();
    }

    @Test
    void shouldTellNewcomersTheStateOfAllRoutersFirst() throws Exception {
        went("web", "backup");
        went("dns", "backup");
        went("web", "active");
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
            assertNext(events, "dns", "backup", true);
            assertNext(events, "web", "active", true);
            went("web", "fault");
            assertNext(events, "web", "fault", false);
            following.interrupt();
        }
    }

    private static void assertNext(BlockingQueue<ServerSentEvent> events, String router, String to, boolean replayed)
            throws Exception {
        ServerSentEvent event = events.poll(20, TimeUnit.SECONDS);
        assertNotNull(event, "no event came");
        JsonObject json = Json.parse(event.data()).getAsJsonObject();
        JsonObject details = json.getAsJsonObject("details");
        assertEquals(router, json.get("subject").getAsString());
        assertEquals(to, details.get("to").getAsString());
        assertEquals(replayed, details.has("replay"));
        assertEquals(replayed, event.id() == ServerSentEvent.NO_ID);
    }

    @Test
    void shouldShowStatesAndCountsAsMetrics() throws Exception {
        String text = send("GET", "/metrics", "").body();
        for (String sample : List.of(
                "penstock_ready 1.0",
                "penstock_last_reload_successful 1.0",
                "penstock_vrrp_trouble 0.0",
                "penstock_vrrp_unknown_vrids_total 0.0",
                "penstock_vrrp_lateness_seconds_count 0",
                "penstock_vrrp_router_state{router=\"web\",state=\"active\"} 1.0",
                "penstock_vrrp_router_state{router=\"web\",state=\"backup\"} 0.0",
                "penstock_vrrp_group_state{group=\"all\",state=\"backup\"} 1.0",
                "penstock_vrrp_router_priority{router=\"web\"} 90.0",
                "penstock_vrrp_advertisements_sent_total{router=\"web\"} 7.0",
                "penstock_vrrp_late_total{router=\"dns\"} 0.0",
                "penstock_vrrp_vip_present{address=\"192.0.2.10\",interface=\"eth0\",router=\"web\"} 1.0",
                "penstock_vrrp_vip_lease_left_seconds{address=\"192.0.2.10\",interface=\"eth0\",router=\"web\"} 2.0",
                "penstock_vrrp_track_up{router=\"web\",track=\"eth1\"} 0.0",
                "penstock_vrrp_track_contribution{router=\"web\",track=\"eth1\"} -60.0",
                "penstock_vrrp_hook_runs_total{hook=\"true\",result=\"timeout\"} 0.0",
                "penstock_vrrp_hook_missed_total{hook=\"true #2\"} 0.0",
                "penstock_vrrp_hook_queued{hook=\"true\"} 0.0")) {
            assertTrue(text.lines().anyMatch(sample::equals), () -> sample + "\n" + text);
        }
    }

    @Test
    void shouldHaveRoutesAndMetricsInItsDocument() throws Exception {
        String document = Files.readString(DOCUMENT);
        for (String operation : api.operations()) {
            String[] words = operation.replace("{vip}", "ADDRESS").split(" ", -1);
            assertTrue(document.contains("`" + words[0] + " " + words[1] + "`"), operation);
        }
        Set<String> served = names(
                Pattern.compile("(?m)^# TYPE (penstock_(?:vrrp_\\w+|ready|last_reload_successful)) "),
                send("GET", "/metrics", "").body());
        assertEquals(
                served, names(Pattern.compile("`(penstock_(?:vrrp_\\w+|ready|last_reload_successful))`"), document));
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
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
