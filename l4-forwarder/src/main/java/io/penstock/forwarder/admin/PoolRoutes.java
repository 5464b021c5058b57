package io.penstock.forwarder.admin;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.NewBackend;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.Operations.Wish;
import io.penstock.forwarder.operate.RefusedException;
import java.util.Map;
import java.util.Optional;

/** Pools and their backends. */
final class PoolRoutes {
    static final String POOL = "/v1/pools/{pool}";
    static final String BACKEND = POOL + "/backends/{backend}";

    private static final int DEFAULT_WEIGHT = 1;
    private static final int MAX_WEIGHT = 1_000;

    /** The words of the configuration's {@code state}. */
    private static final Map<String, Wish> WISHES =
            Map.of("ready", Wish.READY, "drain", Wish.DRAIN, "maintenance", Wish.MAINTENANCE);

    private final Operations operations;

    PoolRoutes(Operations operations) {
        this.operations = operations;
    }

    void addTo(Router router) {
        router.get("/v1/pools", request -> AdminResponse.json(StatusJson.pools(operations.status())))
                .get(POOL, request -> AdminResponse.json(StatusJson.of(pool(request.segment("pool")))))
                .post(POOL + "/backends", Orders.of(this::addBackend))
                .get(BACKEND, request -> AdminResponse.json(StatusJson.of(backend(request))))
                .patch(BACKEND, Orders.of(this::changeBackend))
                .delete(BACKEND, Orders.of(request -> {
                    operations.removeBackend(request.segment("pool"), request.segment("backend"));
                    return AdminResponse.done();
                }))
                .post(BACKEND + "/reset", Orders.of(request -> {
                    Orders.withoutKeys(request);
                    operations.resetBackend(request.segment("pool"), request.segment("backend"));
                    return AdminResponse.done();
                }));
    }

    private PoolStatus pool(String name) throws RequestException {
        return operations.status().pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> RequestException.notFound("no pool '" + name + "'"));
    }

    private BackendStatus backend(AdminRequest request) throws RequestException {
        String pool = request.segment("pool");
        String id = request.segment("backend");
        return pool(pool).backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow(() -> RequestException.notFound("no backend '" + id + "' in pool '" + pool + "'"));
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
        return AdminResponse.json(Orders.CREATED, answer);
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
}
