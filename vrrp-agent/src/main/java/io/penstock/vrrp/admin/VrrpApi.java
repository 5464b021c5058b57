package io.penstock.vrrp.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.admin.events.EventFeed;
import io.penstock.admin.events.EventRoutes;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.config.DurationText;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.control.AgentFigures;
import io.penstock.vrrp.event.Journal;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Every route; {@code openapi.json} beside this class describes them all. */
final class VrrpApi {
    /** Of a hand-over when nobody says: long enough to work on a host, and over by itself. */
    static final Duration DEFAULT_HOLD_OFF = Duration.ofSeconds(60);

    private static final Duration MAX_HOLD_OFF = Duration.ofDays(1);

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String DESCRIPTION = "openapi.json";

    private final Operations operations;
    private final AgentFigures figures;
    private final Journal journal;
    private final EventFeed feed;
    private final MetricsPage metrics;
    private final LongSupplier nowNs;

    VrrpApi(
            Operations operations,
            AgentFigures figures,
            Journal journal,
            EventFeed feed,
            MetricsPage metrics,
            LongSupplier nowNs) {
        this.operations = operations;
        this.figures = figures;
        this.journal = journal;
        this.feed = feed;
        this.metrics = metrics;
        this.nowNs = nowNs;
    }

    Router router() {
        Router router = new Router()
                .get("/healthz", request -> AdminResponse.text(OK, "alive"))
                .get("/readyz", request -> ready())
                .get("/metrics", metrics::scrape)
                .get("/v1/openapi.json", request -> AdminResponse.of(OK, "application/json", description()))
                .get("/v1/status", request -> status())
                .get("/v1/health/vips", request -> AdminResponse.json(health().ofAll()))
                .get("/v1/health/vips/{vip}", this::vip)
                .post("/v1/failover", this::failover)
                .post("/v1/resume", this::resume)
                .post("/v1/reload", this::reload);
        new EventRoutes(journal.log(), feed, List.of(VrrpEvent.Kind.values())).addTo(router);
        return router;
    }

    private AdminResponse status() {
        StatusJson json = new StatusJson(operations.status(), nowNs.getAsLong());
        return AdminResponse.json(json.status(operations.lastReload(), journal.hooks(), figures.lateness()));
    }

    /** As it is now. */
    private VipHealth health() {
        return new VipHealth(operations.status(), nowNs.getAsLong());
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
        VipHealth.Answer answer = health().of(address)
                .orElseThrow(() -> RequestException.notFound("no VIP of this agent has the address " + address));
        return AdminResponse.json(answer.served() ? OK : UNAVAILABLE, answer.json());
    }

    private record Handover(String name, Duration holdOff) {}

    private AdminResponse failover(AdminRequest request) throws RequestException {
        Handover order = request.json(body -> new Handover(
                body.required("name", body.text("name")),
                body.text("hold-off", "a duration such as 60s, at most 24h", text -> DurationText.parse(text)
                                .filter(time -> time.compareTo(MAX_HOLD_OFF) <= 0))
                        .orElse(DEFAULT_HOLD_OFF)));
        return ordered(() -> operations.failover(order.name(), order.holdOff()));
    }

    private AdminResponse resume(AdminRequest request) throws RequestException {
        String name = request.json(body -> body.required("name", body.text("name")));
        return ordered(() -> operations.resume(name));
    }

    private interface Order {
        void give() throws RefusedException;
    }

    /** Who is active afterwards is decided with the other hosts: the status shows it. */
    private AdminResponse ordered(Order order) throws RequestException {
        try {
            order.give();
            return AdminResponse.json(ACCEPTED, new StatusJson(operations.status(), nowNs.getAsLong()).routers());
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
        try (InputStream in = VrrpApi.class.getResourceAsStream(DESCRIPTION)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
