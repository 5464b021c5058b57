package io.penstock.ecmp.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.Json;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.agent.AgentRoutes;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.control.AgentFigures;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.testing.ApiDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API over a UNIX socket, in front of an agent that is made up; and its description against it, both ways. */
@Timeout(60)
class EcmpApiTest {
    private static final String VIP = "/v1/health/vips/{vip}";
    private static final String NAMED = "{\"name\":\"web\"}";

    @TempDir
    Path directory;

    private final FakeOperations operations = new FakeOperations();
    private final ApiDescription api = new ApiDescription(AgentRoutes.description(EcmpApi.class));
    private final Set<String> seen = new TreeSet<>();
    private long nowNs = FakeOperations.NOW_NS;
    private AdminAddress address;
    private EcmpAdmin admin;

    EcmpApiTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        address = new AdminAddress.Unix(directory.resolve("ecmp.sock"));
        admin = EcmpAdmin.start(AdminConfig.of(address), operations, new AgentFigures(), () -> nowNs);
    }

    @AfterEach
    void end() {
        admin.close();
    }

    @Test
    void shouldBeDescribedAsItIs() throws Exception {
        ask(200, "GET", "/healthz", "/healthz", "");
        ask(200, "GET", "/readyz", "/readyz", "");
        ask(200, "GET", "/metrics", "/metrics", "");
        ask(200, "GET", "/v1/openapi.json", "/v1/openapi.json", "");
        ask(200, "GET", "/v1/status", "/v1/status", "");
        ask(200, "GET", "/v1/leases", "/v1/leases", "");
        ask(200, "GET", "/v1/health/vips", "/v1/health/vips", "");
        ask(200, "GET", VIP, "/v1/health/vips/192.0.2.10", "");
        ask(503, "GET", VIP, "/v1/health/vips/2001:db8:0::53", "");
        ask(404, "GET", VIP, "/v1/health/vips/192.0.2.11", "");
        ask(400, "GET", VIP, "/v1/health/vips/web", "");
        ask(202, "POST", "/v1/withdraw", "/v1/withdraw", "");
        ask(202, "POST", "/v1/withdraw", "/v1/withdraw", NAMED);
        ask(400, "POST", "/v1/withdraw", "/v1/withdraw", "{\"vip\":\"web\"}");
        ask(202, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(400, "POST", "/v1/resume", "/v1/resume", "");
        operations.refusal = Optional.of(RefusedException.unknown("no VIP or route is named 'web'"));
        ask(404, "POST", "/v1/withdraw", "/v1/withdraw", NAMED);
        operations.refusal = Optional.of(RefusedException.because("the agent has ended"));
        ask(409, "POST", "/v1/resume", "/v1/resume", NAMED);
        ask(200, "POST", "/v1/reload", "/v1/reload", "");
        operations.reload = new ReloadResult(Instant.EPOCH, "api", false, List.of("f.yaml:1:1: vips: x"), List.of());
        ask(422, "POST", "/v1/reload", "/v1/reload", "");
        operations.phase = Phase.STOPPING;
        ask(503, "GET", "/readyz", "/readyz", "");

        assertEquals(api.operations(), seen);
        Set<String> routes = new TreeSet<>();
        new EcmpApi(operations, new MetricsPage(), () -> nowNs)
                .router()
                .resources()
                .forEach(route -> routes.add(route.method() + " " + route.path()));
        assertEquals(api.operations(), routes);
        assertEquals(Set.of(), api.loose());
        assertEquals(
                List.of("withdraw everything", "withdraw web", "resume web", "reload by api", "reload by api"),
                operations.orders);
    }

    private void ask(int status, String method, String path, String uri, String body) throws Exception {
        Reply reply = send(method, uri, body);
        assertEquals(status, reply.status(), () -> method + " " + uri + ": " + reply.body());
        api.assertDescribes(method, path, status, reply.body());
        seen.add(method + " " + path);
    }

    /** Its thread may be stuck: what it held then is not announced for ever. */
    @Test
    void shouldNotAnnounceWhatHasLapsedSinceLastTurn() throws Exception {
        assertEquals(200, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        nowNs += Duration.ofMillis(1_999).toNanos();
        assertEquals(200, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        assertEquals(1, lease().get("leaseLeftMs").getAsLong());
        nowNs += Duration.ofMillis(1).toNanos();
        assertEquals(503, send("GET", "/v1/health/vips/192.0.2.10", "").status());
        assertEquals(0, lease().get("leaseLeftMs").getAsLong());
    }

    private JsonObject lease() throws Exception {
        JsonElement leases = Json.parse(send("GET", "/v1/leases", "").body());
        return leases.getAsJsonObject().getAsJsonArray("leases").get(0).getAsJsonObject();
    }

    @Test
    void shouldShowStatesAndCountsAsMetrics() throws Exception {
        String text = send("GET", "/metrics", "").body();
        for (String sample : List.of(
                "penstock_ready 1.0",
                "penstock_last_reload_successful 1.0",
                "penstock_ecmp_conflicts 1.0",
                "penstock_ecmp_trouble 0.0",
                "penstock_ecmp_reconciles_total 0.0",
                "penstock_ecmp_events_lost_total 0.0",
                "penstock_ecmp_changes_total{change=\"put-address\",result=\"refused\"} 0.0",
                "penstock_ecmp_changes_total{change=\"remove-nexthop\",result=\"made\"} 0.0",
                "penstock_ecmp_reconcile_seconds_count 0",
                "penstock_ecmp_refresh_lateness_seconds_count 0",
                "penstock_ecmp_vip_state{address=\"192.0.2.10\",state=\"held\",vip=\"web\"} 1.0",
                "penstock_ecmp_vip_state{address=\"192.0.2.10\",state=\"fault\",vip=\"web\"} 0.0",
                "penstock_ecmp_vip_announced{address=\"192.0.2.10\",vip=\"web\"} 1.0",
                "penstock_ecmp_vip_announced{address=\"2001:db8::53\",vip=\"dns\"} 0.0",
                "penstock_ecmp_vip_lease_left_seconds{address=\"192.0.2.10\",vip=\"web\"} 2.0",
                "penstock_ecmp_vip_refreshes_total{address=\"192.0.2.10\",vip=\"web\"} 60.0",
                "penstock_ecmp_vip_lapses_total{address=\"192.0.2.10\",vip=\"web\"} 1.0",
                "penstock_ecmp_vip_removals_total{address=\"192.0.2.10\",vip=\"web\"} 2.0",
                "penstock_ecmp_route_state{route=\"web\",state=\"routed\"} 1.0",
                "penstock_ecmp_route_legs{route=\"web\"} 1.0",
                "penstock_ecmp_leg_up{leg=\"f1\",route=\"web\"} 0.0",
                "penstock_ecmp_leg_used{leg=\"f1\",route=\"web\"} 0.0")) {
            assertTrue(text.lines().anyMatch(sample::equals), () -> sample + "\n" + text);
        }
    }

    private Reply send(String method, String uri, String body) throws Exception {
        Optional<JsonElement> json = body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            return client.send(method, uri, json);
        }
    }
}
