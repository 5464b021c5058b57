package io.penstock.vrrp.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.admin.agent.AgentRoutes;
import io.penstock.admin.agent.AgentViews;
import io.penstock.admin.agent.VipAnswer;
import io.penstock.admin.events.EventFeed;
import io.penstock.admin.events.EventRoutes;
import io.penstock.agent.ReloadResult;
import io.penstock.config.DurationText;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.control.AgentFigures;
import io.penstock.vrrp.event.Journal;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.Operations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Every route; {@code openapi.json} beside this class describes them all. */
final class VrrpApi implements AgentViews {
    /** Of a hand-over when nobody says: long enough to work on a host, and over by itself. */
    static final Duration DEFAULT_HOLD_OFF = Duration.ofSeconds(60);

    private static final Duration MAX_HOLD_OFF = Duration.ofDays(1);

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
                .get("/v1/status", request -> status())
                .post("/v1/failover", this::failover)
                .post("/v1/resume", this::resume);
        new AgentRoutes(this, metrics, VrrpApi.class).addTo(router);
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

    /** Who is active afterwards is decided with the other hosts: the status shows it. */
    private AdminResponse ordered(AgentRoutes.Order order) throws RequestException {
        return AgentRoutes.ordered(order, () -> new StatusJson(operations.status(), nowNs.getAsLong()).routers());
    }

    @Override
    public String phase() {
        return operations.status().phase().label();
    }

    @Override
    public boolean isRunning() {
        return operations.status().phase() == Phase.RUNNING;
    }

    @Override
    public List<VipAnswer> vips() {
        return health().ofAll();
    }

    @Override
    public Optional<VipAnswer> vip(IpAddress address) {
        return health().of(address);
    }

    @Override
    public ReloadResult reload(String trigger) {
        return operations.reload(trigger);
    }
}
