package io.penstock.bgp.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.admin.agent.AgentRoutes;
import io.penstock.admin.agent.AgentViews;
import io.penstock.admin.agent.VipAnswer;
import io.penstock.admin.events.EventRoutes;
import io.penstock.agent.ReloadResult;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.operate.Operations;
import io.penstock.bgp.policy.Order;
import io.penstock.config.DurationText;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Every route; {@code openapi.json} beside this class describes them all. */
final class BgpApi implements AgentViews {
    private final Operations operations;
    private final EventRoutes events;
    private final MetricsPage metrics;
    private final LongSupplier nowNs;

    BgpApi(Operations operations, EventRoutes events, MetricsPage metrics, LongSupplier nowNs) {
        this.operations = operations;
        this.events = events;
        this.metrics = metrics;
        this.nowNs = nowNs;
    }

    Router router() {
        Router router = new Router()
                .get("/v1/status", request -> AdminResponse.json(json().status(operations.lastReload())))
                .post("/v1/drain", this::drain)
                .post("/v1/withdraw", this::withdraw)
                .post("/v1/resume", this::resume);
        new AgentRoutes(this, metrics, BgpApi.class).addTo(router);
        events.addTo(router);
        return router;
    }

    /** As it is now. */
    private StatusJson json() {
        return new StatusJson(operations.status(), nowNs.getAsLong());
    }

    private VipHealth health() {
        return new VipHealth(operations.status(), nowNs.getAsLong());
    }

    private record Drain(Optional<String> name, Optional<Duration> time) {}

    private AdminResponse drain(AdminRequest request) throws RequestException {
        Drain order = request.json(body -> new Drain(
                body.text("name"),
                body.text("wait", "a duration such as 30s, at most 24h", text -> DurationText.parse(text)
                        .filter(time -> time.compareTo(Order.Drain.MAX_LASTING) <= 0))));
        return ordered(order.name(), () -> operations.drain(order.name(), order.time()));
    }

    private AdminResponse withdraw(AdminRequest request) throws RequestException {
        Optional<String> name = request.json(body -> body.text("name"));
        return ordered(name, () -> operations.withdraw(name));
    }

    private AdminResponse resume(AdminRequest request) throws RequestException {
        Optional<String> name = request.json(body -> body.text("name"));
        return ordered(name, () -> operations.resume(name));
    }

    /** Shows those that the order was about. */
    private AdminResponse ordered(Optional<String> name, AgentRoutes.Order order) throws RequestException {
        return AgentRoutes.ordered(order, () -> json().vips(name));
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
