package io.penstock.forwarder.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.admin.events.EventFeed;
import io.penstock.admin.events.EventRoutes;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.ReloadResult;
import io.penstock.forwarder.worker.WorkerProxy;
import java.util.List;

/** Every route: those of the process here, others by what they are about. {@link OpenApi} describes them all. */
final class ForwarderApi {
    static final String RUNNING = "running";

    private static final int OK = 200;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private final Operations operations;
    private final MetricsPage metrics;
    private final AdminViews views;
    private final EventFeed feed;
    private final List<WorkerProxy> workers;

    ForwarderApi(
            Operations operations, MetricsPage metrics, AdminViews views, EventFeed feed, List<WorkerProxy> workers) {
        this.operations = operations;
        this.metrics = metrics;
        this.views = views;
        this.feed = feed;
        this.workers = workers;
    }

    Router router() {
        Router router = new Router()
                .get("/healthz", request -> AdminResponse.text(OK, "alive"))
                .get("/readyz", request -> ready())
                .get("/metrics", metrics::scrape)
                .get("/v1/openapi.json", request -> OpenApi.answer())
                .get("/v1/status", request -> status())
                .get("/v1/workers", request -> AdminResponse.json(wrap("workers", WorkersJson.of(workers))))
                .get("/v1/config", request -> AdminResponse.json(views.config().get()))
                .post("/v1/reload", this::reload);
        new ServiceRoutes(operations).addTo(router);
        new PoolRoutes(operations).addTo(router);
        new ConnectionRoutes(operations).addTo(router);
        new HealthRoutes(views.health()).addTo(router);
        new XdpRoutes(views.packets(), views.noPackets()).addTo(router);
        new EventRoutes(views.events(), feed, List.of(EventType.values())).addTo(router);
        return router;
    }

    private AdminResponse status() {
        JsonObject status = StatusJson.of(operations.status());
        status.add("workersDetail", WorkersJson.of(workers));
        return AdminResponse.json(status);
    }

    private AdminResponse ready() {
        String state = operations.status().state();
        return AdminResponse.text(state.equals(RUNNING) ? OK : UNAVAILABLE, state);
    }

    private AdminResponse reload(AdminRequest request) throws RequestException {
        Orders.withoutKeys(request);
        ReloadResult result = operations.reload("api");
        JsonObject answer = ReloadJson.of(result);
        if (!result.applied()) {
            answer.addProperty("error", "the configuration was refused and nothing changed");
        }
        return AdminResponse.json(result.applied() ? OK : UNPROCESSABLE, answer);
    }

    static JsonObject wrap(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }
}
