package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.Router;
import io.penstock.admin.events.EventFeed;
import io.penstock.forwarder.operate.ReloadResult;
import io.penstock.forwarder.operate.ServingState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The description of the API against the server, both ways: routes, parameters, and the form of answers. */
@Timeout(60)
class OpenApiTest {
    private static final Pattern NAME_IN_PATH = Pattern.compile("\\{(\\w+)}");
    private static final String DRAIN = "{\"rate\":\"500/s\"}";

    @TempDir
    Path directory;

    private final ApiDescription api =
            new ApiDescription(new String(OpenApi.answer().body(), StandardCharsets.UTF_8));

    OpenApiTest() throws Exception {}

    @Test
    void shouldDescribeEveryRouteAndNoOther() {
        FakeViews views = new FakeViews();
        Map<String, List<String>> routes = new TreeMap<>();
        try (EventFeed feed = new EventFeed(views.events, "fwd-events")) {
            for (Router.Resource route : new ForwarderApi(
                            new FakeOperations(), new MetricsPage(), views.views(), feed, List.of())
                    .router()
                    .resources()) {
                routes.put(
                        route.method() + " " + route.path(),
                        route.query().stream().sorted().toList());
            }
        }
        assertEquals(routes, api.queries());
    }

    @Test
    void shouldHaveNoReferenceThatLeadsNowhere() {
        api.document().findValuesAsText("$ref").forEach(reference -> {
            assertTrue(reference.startsWith("#/components/"), reference);
            assertFalse(api.document().at(reference.substring(1)).isMissingNode(), reference);
        });
    }

    @Test
    void shouldUseEverySchema() {
        Set<String> defined = new TreeSet<>();
        api.document().at("/components/schemas").fieldNames().forEachRemaining(defined::add);
        Set<String> used = new TreeSet<>();
        api.document()
                .findValuesAsText("$ref")
                .forEach(reference -> used.add(reference.substring(reference.lastIndexOf('/') + 1)));
        defined.removeAll(used);
        assertEquals(Set.of(), defined);
    }

    @Test
    void shouldNameEachOperationOnceAndWhatIsInItsPath() {
        Set<String> ids = new HashSet<>();
        for (ApiDescription.Operation operation : api.operations()) {
            assertTrue(ids.add(operation.node().get("operationId").asText()), operation.toString());
            Set<String> inPath = new TreeSet<>();
            Matcher matcher = NAME_IN_PATH.matcher(operation.path());
            while (matcher.find()) {
                inPath.add(matcher.group(1));
            }
            Set<String> described = new TreeSet<>();
            for (JsonNode parameter : operation.node().path("parameters")) {
                if (parameter.get("in").asText().equals("path")) {
                    described.add(parameter.get("name").asText());
                }
            }
            assertEquals(inPath, described, operation.toString());
        }
    }

    /** Against what fakes say, which has every part that an answer may have; against a forwarder that runs is ApiIT. */
    @Test
    void shouldDescribeAnswersAsTheyAre() throws Exception {
        Set<String> seen = new TreeSet<>();
        try (AdminFixture admin = new AdminFixture(directory)) {
            admin.views.addDown("web-1");
            admin.views.builds.record(1_000);
            ask(admin, seen, 200, "GET", "/healthz", "/healthz", "");
            ask(admin, seen, 200, "GET", "/readyz", "/readyz", "");
            ask(admin, seen, 200, "GET", "/metrics", "/metrics", "");
            ask(admin, seen, 200, "GET", "/v1/openapi.json", "/v1/openapi.json", "");
            ask(admin, seen, 200, "GET", "/v1/status", "/v1/status", "");
            ask(admin, seen, 200, "GET", "/v1/workers", "/v1/workers", "");
            ask(admin, seen, 200, "GET", "/v1/config", "/v1/config", "");
            ask(admin, seen, 200, "GET", "/v1/services", "/v1/services", "");
            ask(admin, seen, 200, "GET", "/v1/services/{service}", "/v1/services/web", "");
            ask(admin, seen, 200, "PATCH", "/v1/services/{service}", "/v1/services/web", "{\"enabled\":false}");
            ask(admin, seen, 200, "GET", "/v1/pools", "/v1/pools", "");
            ask(admin, seen, 200, "GET", "/v1/pools/{pool}", "/v1/pools/web", "");
            ask(
                    admin,
                    seen,
                    201,
                    "POST",
                    "/v1/pools/{pool}/backends",
                    "/v1/pools/web/backends",
                    "{\"address\":\"10.0.0.3:80\"}");
            String backend = "/v1/pools/{pool}/backends/{backend}";
            ask(admin, seen, 200, "GET", backend, "/v1/pools/web/backends/web-1", "");
            ask(admin, seen, 204, "PATCH", backend, "/v1/pools/web/backends/web-1", "{\"weight\":2}");
            ask(admin, seen, 204, "DELETE", backend, "/v1/pools/web/backends/web-1", "");
            ask(admin, seen, 204, "POST", backend + "/reset", "/v1/pools/web/backends/web-1/reset", "");
            ask(admin, seen, 202, "POST", backend + "/drain", "/v1/pools/web/backends/web-1/drain", DRAIN);
            ask(admin, seen, 200, "DELETE", backend + "/drain", "/v1/pools/web/backends/web-1/drain", "");
            ask(admin, seen, 202, "POST", "/v1/pools/{pool}/fail-back", "/v1/pools/web/fail-back", DRAIN);
            ask(admin, seen, 200, "DELETE", "/v1/pools/{pool}/fail-back", "/v1/pools/web/fail-back", "");
            ask(admin, seen, 202, "POST", "/v1/drain", "/v1/drain", DRAIN);
            ask(admin, seen, 409, "DELETE", "/v1/drain", "/v1/drain", "");
            ask(admin, seen, 200, "GET", "/v1/connections", "/v1/connections", "");
            ask(admin, seen, 200, "DELETE", "/v1/connections", "/v1/connections?pool=web", "");
            ask(admin, seen, 400, "DELETE", "/v1/connections", "/v1/connections", "");
            ask(admin, seen, 200, "GET", "/v1/health", "/v1/health", "");
            ask(admin, seen, 200, "GET", "/v1/health/vips", "/v1/health/vips", "");
            ask(admin, seen, 200, "GET", "/v1/health/vips/{vip}", "/v1/health/vips/192.0.2.10", "");
            admin.views.state = ServingState.NOT_SERVED;
            ask(admin, seen, 503, "GET", "/v1/health/vips/{vip}", "/v1/health/vips/192.0.2.10?any=true", "");
            ask(admin, seen, 404, "GET", "/v1/health/vips/{vip}", "/v1/health/vips/192.0.2.11", "");
            ask(admin, seen, 400, "GET", "/v1/health/vips/{vip}", "/v1/health/vips/web", "");
            ask(admin, seen, 200, "GET", "/v1/xdp", "/v1/xdp", "");
            ask(admin, seen, 200, "GET", "/v1/events", "/v1/events?follow=false", "");
            ask(admin, seen, 200, "POST", "/v1/reload", "/v1/reload", "");
            admin.operations.reload = new ReloadResult(
                    FakeOperations.STARTED, "api", false, List.of(), List.of("f.yaml:1:1: workers: x"), List.of());
            ask(admin, seen, 422, "POST", "/v1/reload", "/v1/reload", "");
            admin.operations.state = "draining";
            ask(admin, seen, 503, "GET", "/readyz", "/readyz", "");
        }
        Set<String> described = new TreeSet<>();
        api.operations().forEach(operation -> described.add(operation.toString()));
        assertEquals(described, seen);
    }

    private void ask(
            AdminFixture admin, Set<String> seen, int status, String method, String path, String uri, String body)
            throws Exception {
        Reply reply = admin.send(method, uri, body);
        assertEquals(status, reply.status(), () -> method + " " + uri + ": " + reply.body());
        api.assertDescribes(method, path, status, reply.body());
        seen.add(method + " " + path);
    }
}
