package io.penstock.forwarder.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.operate.HealthViews;
import io.penstock.forwarder.operate.VipHealth;
import io.penstock.forwarder.operate.VipReport.Policy;
import io.penstock.net.IpAddress;
import java.util.Optional;

/** Health: of pools and backends for people, of addresses for those who announce them. */
final class HealthRoutes {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HealthViews health;

    HealthRoutes(HealthViews health) {
        this.health = health;
    }

    void addTo(Router router) {
        router.get("/v1/health", request -> AdminResponse.json(HealthJson.pools(health.pools())))
                .get(
                        "/v1/health/vips",
                        request ->
                                AdminResponse.json(HealthJson.vips(health.vips().all(policy(request)))),
                        "any")
                .get("/v1/health/vips/{vip}", this::vip, "any");
    }

    /** The status says it too, for those who look at nothing else. */
    private AdminResponse vip(AdminRequest request) throws RequestException {
        String text = request.segment("vip");
        IpAddress address =
                IpAddress.parse(text).orElseThrow(() -> RequestException.badRequest("'" + text + "' is no IP address"));
        VipHealth vip = health.vips()
                .of(address, policy(request))
                .orElseThrow(() -> RequestException.notFound("no service listens on " + address));
        return AdminResponse.json(vip.state().isServed() ? OK : UNAVAILABLE, HealthJson.of(vip));
    }

    private static Policy policy(AdminRequest request) throws RequestException {
        Optional<String> any = request.parameter("any");
        if (any.isPresent() && !any.get().equals("true") && !any.get().equals("false")) {
            throw RequestException.badRequest("any must be true or false");
        }
        return any.map(Boolean::parseBoolean).orElse(false) ? Policy.ANY : Policy.ALL;
    }
}
