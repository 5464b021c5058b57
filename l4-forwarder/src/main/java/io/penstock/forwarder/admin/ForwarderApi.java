package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminHandler;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.Operations.Wish;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.ReloadResult;
import java.util.Map;
import java.util.Optional;

/** Every route, and what it asks of the forwarder. */
final class ForwarderApi {
    static final String RUNNING = "running";
    static final int MAX_WEIGHT = 1_000;

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private static final int DEFAULT_WEIGHT = 1;

    /** The words of the configuration's {@code state}. */
    private static final Map<String, Wish> WISHES =
            Map.of("ready", Wish.READY, "drain", Wish.DRAIN, "maintenance", Wish.MAINTENANCE);

    private static final String POOL = "/v1/pools/{pool}";
    private static final String BACKEND = POOL + "/backends/{backend}";

    private final Operations operations;
    private final MetricsPage metrics;

    ForwarderApi(Operations operations, MetricsPage metrics) {
        this.operations = operations;
        this.metrics = metrics;
    }

    Router router() {
        Router router = new Router()
                .get("/healthz", request -> AdminResponse.text(OK, "alive"))
                .get("/readyz", request -> ready())
                .get("/metrics", metrics::scrape)
                .get("/v1/status", request -> AdminResponse.json(StatusJson.of(operations.status())))
                .post("/v1/reload", this::reload)
                .get("/v1/services", request -> AdminResponse.json(StatusJson.services(operations.status())))
                .get("/v1/services/{service}", request -> service(request.segment("service")))
                .patch("/v1/services/{service}", orders(this::changeService))
                .get("/v1/pools", request -> AdminResponse.json(StatusJson.pools(operations.status())))
                .get(POOL, request -> AdminResponse.json(StatusJson.of(pool(request))))
                .get("/v1/connections", this::connections, ConnectionFilterReader.LIST_PARAMETERS)
                .delete("/v1/connections", this::kill, ConnectionFilterReader.KILL_PARAMETERS);
        backends(router);
        drain(router, "/v1/drain", request -> new DrainTarget.Forwarder());
        drain(router, POOL + "/fail-back", request -> new DrainTarget.FailBack(request.segment("pool")));
        drain(
                router,
                BACKEND + "/drain",
                request -> new DrainTarget.Backend(request.segment("pool"), request.segment("backend")));
        return router;
    }

    private void backends(Router router) {
        router.post(POOL + "/backends", orders(this::addBackend))
                .get(BACKEND, request -> backend(OK, request.segment("pool"), request.segment("backend")))
                .patch(BACKEND, orders(this::changeBackend))
                .delete(BACKEND, orders(request -> {
                    operations.removeBackend(request.segment("pool"), request.segment("backend"));
                    return AdminResponse.done();
                }))
                .post(BACKEND + "/reset", orders(request -> {
                    withoutKeys(request);
                    operations.resetBackend(request.segment("pool"), request.segment("backend"));
                    return AdminResponse.done();
                }));
    }

    private interface Target {
        DrainTarget of(AdminRequest request);
    }

    private void drain(Router router, String path, Target target) {
        router.post(path, orders(request -> {
                    DrainPlan plan = request.json(DrainPlanReader::read);
                    return AdminResponse.json(ACCEPTED, DrainJson.of(operations.drain(target.of(request), plan)));
                }))
                .delete(
                        path,
                        orders(request ->
                                AdminResponse.json(DrainJson.of(operations.cancelDrain(target.of(request))))));
    }

    private interface Order {
        AdminResponse give(AdminRequest request) throws RefusedException, RequestException;
    }

    /** What is refused is 404 when there is no such thing, and 409 when the thing is not as it would have to be. */
    private static AdminHandler orders(Order order) {
        return request -> {
            try {
                return order.give(request);
            } catch (RefusedException e) {
                throw new RequestException(e.isUnknown() ? NOT_FOUND : CONFLICT, e.getMessage());
            }
        };
    }

    private AdminResponse ready() {
        String state = operations.status().state();
        return AdminResponse.text(state.equals(RUNNING) ? OK : UNAVAILABLE, state);
    }

    private AdminResponse reload(AdminRequest request) throws RequestException {
        withoutKeys(request);
        ReloadResult result = operations.reload("api");
        JsonObject answer = ReloadJson.of(result);
        if (!result.applied()) {
            answer.addProperty("error", "the configuration was refused and nothing changed");
        }
        return AdminResponse.json(result.applied() ? OK : UNPROCESSABLE, answer);
    }

    private static void withoutKeys(AdminRequest request) throws RequestException {
        request.json(body -> true);
    }

    private AdminResponse service(String name) throws RequestException {
        return AdminResponse.json(StatusJson.of(operations.status().services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RequestException.notFound("no service '" + name + "'"))));
    }

    private AdminResponse changeService(AdminRequest request) throws RefusedException, RequestException {
        boolean enabled = request.json(body -> body.required("enabled", body.bool("enabled")));
        String name = request.segment("service");
        operations.changeService(name, enabled);
        return service(name);
    }

    private PoolStatus pool(AdminRequest request) throws RequestException {
        return pool(request.segment("pool"));
    }

    private PoolStatus pool(String name) throws RequestException {
        return operations.status().pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RequestException.notFound("no pool '" + name + "'"));
    }

    private AdminResponse backend(int status, String pool, String id) throws RequestException {
        return AdminResponse.json(
                status,
                StatusJson.of(pool(pool).backends().stream()
                        .filter(backend -> backend.id().equals(id))
                        .findFirst()
                        .orElseThrow(
                                () -> RequestException.notFound("no backend '" + id + "' in pool '" + pool + "'"))));
    }

    private AdminResponse addBackend(AdminRequest request) throws RefusedException, RequestException {
        NewBackend backend = request.json(body -> {
            String address = body.required("address", body.text("address"));
            return new NewBackend(
                    body.text("id").orElse(address),
                    address,
                    body.integer("weight", 0, MAX_WEIGHT).orElse(DEFAULT_WEIGHT));
        });
        String pool = request.segment("pool");
        operations.addBackend(pool, backend);
        JsonObject answer = new JsonObject();
        answer.addProperty("pool", pool);
        answer.addProperty("id", backend.id());
        answer.addProperty("address", backend.address());
        answer.addProperty("weight", backend.weight());
        return AdminResponse.json(CREATED, answer);
    }

    private record BackendChange(Optional<Wish> wish, Optional<Integer> weight) {}

    private AdminResponse changeBackend(AdminRequest request) throws RefusedException, RequestException {
        BackendChange change = request.json(
                body -> new BackendChange(body.oneOf("state", WISHES), body.integer("weight", 0, MAX_WEIGHT)));
        if (change.wish.isEmpty() && change.weight.isEmpty()) {
            throw RequestException.badRequest("say a state, a weight or both");
        }
        operations.changeBackend(request.segment("pool"), request.segment("backend"), change.wish, change.weight);
        return AdminResponse.done();
    }

    private AdminResponse connections(AdminRequest request) throws RequestException {
        ConnectionFilter filter = ConnectionFilterReader.read(request);
        JsonArray connections = new JsonArray();
        operations
                .connections(filter, ConnectionFilterReader.limit(request))
                .forEach(connection -> connections.add(ConnectionJson.of(connection)));
        return AdminResponse.json(wrap("connections", connections));
    }

    /** All of them only when that is said: a forgotten parameter must not end every connection. */
    private AdminResponse kill(AdminRequest request) throws RequestException {
        ConnectionFilter filter = ConnectionFilterReader.read(request);
        if (filter.equals(ConnectionFilter.ALL) != ConnectionFilterReader.isAll(request)) {
            throw RequestException.badRequest("say which connections, or all=true and nothing else");
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("killed", operations.kill(filter));
        return AdminResponse.json(answer);
    }

    static JsonObject wrap(String name, JsonElement value) {
        JsonObject object = new JsonObject();
        object.add(name, value);
        return object;
    }
}
