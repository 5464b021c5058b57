package io.penstock.forwarder.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.RefusedException;

/** Services. */
final class ServiceRoutes {
    private static final String SERVICE = "/v1/services/{service}";

    private final Operations operations;

    ServiceRoutes(Operations operations) {
        this.operations = operations;
    }

    void addTo(Router router) {
        router.get("/v1/services", request -> AdminResponse.json(StatusJson.services(operations.status())))
                .get(SERVICE, request -> service(request.segment("service")))
                .patch(SERVICE, Orders.of(this::changeService));
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
}
