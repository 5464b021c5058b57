package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.Operations;

/** Connections and sessions: which there are, and how they end. */
final class ConnectionRoutes {
    private static final String CONNECTIONS = "/v1/connections";

    private final Operations operations;

    ConnectionRoutes(Operations operations) {
        this.operations = operations;
    }

    void addTo(Router router) {
        router.get(CONNECTIONS, this::connections, ConnectionFilterReader.LIST_PARAMETERS)
                .delete(CONNECTIONS, this::kill, ConnectionFilterReader.KILL_PARAMETERS);
        drain(router, "/v1/drain", request -> new DrainTarget.Forwarder());
        drain(router, PoolRoutes.POOL + "/fail-back", request -> new DrainTarget.FailBack(request.segment("pool")));
        drain(
                router,
                PoolRoutes.BACKEND + "/drain",
                request -> new DrainTarget.Backend(request.segment("pool"), request.segment("backend")));
    }

    private interface Target {
        DrainTarget of(AdminRequest request);
    }

    private void drain(Router router, String path, Target target) {
        router.post(path, Orders.of(request -> {
                    DrainPlan plan = request.json(DrainPlanReader::read);
                    return AdminResponse.json(
                            Orders.ACCEPTED, DrainJson.of(operations.drain(target.of(request), plan)));
                }))
                .delete(
                        path,
                        Orders.of(request ->
                                AdminResponse.json(DrainJson.of(operations.cancelDrain(target.of(request))))));
    }

    private AdminResponse connections(AdminRequest request) throws RequestException {
        ConnectionFilter filter = ConnectionFilterReader.read(request);
        JsonArray connections = new JsonArray();
        operations
                .connections(filter, ConnectionFilterReader.limit(request))
                .forEach(connection -> connections.add(ConnectionJson.of(connection)));
        return AdminResponse.json(ForwarderApi.wrap("connections", connections));
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
}
