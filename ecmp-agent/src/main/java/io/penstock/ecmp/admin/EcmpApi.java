package io.penstock.ecmp.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.ecmp.operate.Operations;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Every route; {@code openapi.json} beside this class describes them all. */
final class EcmpApi {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String DESCRIPTION = "openapi.json";

    private final Operations operations;
    private final MetricsPage metrics;
    private final LongSupplier nowNs;

    EcmpApi(Operations operations, MetricsPage metrics, LongSupplier nowNs) {
        this.operations = operations;
        this.metrics = metrics;
        this.nowNs = nowNs;
    }

    Router router() {
        return new Router()
                .get("/healthz", request -> AdminResponse.text(OK, "alive"))
                .get("/readyz", request -> ready())
                .get("/metrics", metrics::scrape)
                .get("/v1/openapi.json", request -> AdminResponse.of(OK, "application/json", description()))
                .get("/v1/status", request -> AdminResponse.json(json().status(operations.lastReload())))
                .get("/v1/leases", request -> AdminResponse.json(json().leases()))
                .get("/v1/health/vips", request -> AdminResponse.json(json().healthOfAll()))
                .get("/v1/health/vips/{vip}", this::vip)
                .post("/v1/withdraw", this::withdraw)
                .post("/v1/resume", this::resume)
                .post("/v1/reload", this::reload);
    }

    /** As it is now. */
    private StatusJson json() {
        return new StatusJson(operations.status(), nowNs.getAsLong());
    }

    private AdminResponse ready() {
        Phase phase = operations.status().phase();
        return AdminResponse.text(phase == Phase.RUNNING ? OK : UNAVAILABLE, phase.label());
    }

    /** The HTTP status says it too, for those who look at nothing else. */
    private AdminResponse vip(AdminRequest request) throws RequestException {
        String text = request.segment("vip");
        IpAddress address =
                IpAddress.parse(text).orElseThrow(() -> RequestException.badRequest("'" + text + "' is no IP address"));
        AgentStatus status = operations.status();
        VipView vip = status.vip(address)
                .orElseThrow(() -> RequestException.notFound("no VIP of this agent has the address " + address));
        long now = nowNs.getAsLong();
        int code = status.isAnnounced(vip, now) ? OK : UNAVAILABLE;
        return AdminResponse.json(code, new StatusJson(status, now).health(vip));
    }

    private AdminResponse withdraw(AdminRequest request) throws RequestException {
        Optional<String> name = request.json(body -> body.text("name"));
        return ordered(() -> operations.withdraw(name));
    }

    private AdminResponse resume(AdminRequest request) throws RequestException {
        String name = request.json(body -> body.required("name", body.text("name")));
        return ordered(() -> operations.resume(name));
    }

    private interface Order {
        void give() throws RefusedException;
    }

    /** What it leads to takes its time: the status shows how far it is. */
    private AdminResponse ordered(Order order) throws RequestException {
        try {
            order.give();
            return AdminResponse.json(ACCEPTED, json().healthOfAll());
        } catch (RefusedException e) {
            throw new RequestException(e.isUnknown() ? NOT_FOUND : CONFLICT, e.getMessage());
        }
    }

    private AdminResponse reload(AdminRequest request) throws RequestException {
        boolean unused = request.json(body -> true);
        ReloadResult result = operations.reload("api");
        return AdminResponse.json(result.applied() ? OK : UNPROCESSABLE, StatusJson.of(result));
    }

    /** Read for each who asks, which is seldom. */
    static byte[] description() {
        try (InputStream in = EcmpApi.class.getResourceAsStream(DESCRIPTION)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
