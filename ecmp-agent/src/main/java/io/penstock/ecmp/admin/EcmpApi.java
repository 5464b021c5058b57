package io.penstock.ecmp.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.admin.agent.AgentRoutes;
import io.penstock.admin.agent.AgentViews;
import io.penstock.admin.agent.VipAnswer;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.ecmp.operate.Operations;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Every route; {@code openapi.json} beside this class describes them all. */
final class EcmpApi implements AgentViews {
    private final Operations operations;
    private final MetricsPage metrics;
    private final LongSupplier nowNs;

    EcmpApi(Operations operations, MetricsPage metrics, LongSupplier nowNs) {
        this.operations = operations;
        this.metrics = metrics;
        this.nowNs = nowNs;
    }

    Router router() {
        Router router = new Router()
                .get("/v1/status", request -> AdminResponse.json(json().status(operations.lastReload())))
                .get("/v1/leases", request -> AdminResponse.json(json().leases()))
                .post("/v1/withdraw", this::withdraw)
                .post("/v1/resume", this::resume);
        shared().addTo(router);
        return router;
    }

    private AgentRoutes shared() {
        return new AgentRoutes(this, metrics, EcmpApi.class);
    }

    /** As it is now. */
    private StatusJson json() {
        return new StatusJson(operations.status(), nowNs.getAsLong());
    }

    private AdminResponse withdraw(AdminRequest request) throws RequestException {
        Optional<String> name = request.json(body -> body.text("name"));
        return ordered(() -> operations.withdraw(name));
    }

    private AdminResponse resume(AdminRequest request) throws RequestException {
        String name = request.json(body -> body.required("name", body.text("name")));
        return ordered(() -> operations.resume(name));
    }

    private AdminResponse ordered(AgentRoutes.Order order) throws RequestException {
        return AgentRoutes.ordered(order, () -> shared().healthOfAll());
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
        AgentStatus status = operations.status();
        long now = nowNs.getAsLong();
        return status.vips().stream().map(vip -> answer(status, vip, now)).toList();
    }

    @Override
    public Optional<VipAnswer> vip(IpAddress address) {
        AgentStatus status = operations.status();
        return status.vip(address).map(vip -> answer(status, vip, nowNs.getAsLong()));
    }

    private static VipAnswer answer(AgentStatus status, VipView vip, long now) {
        boolean announced = status.isAnnounced(vip, now);
        return new VipAnswer(
                vip.address().toString(), vip.name(), announced, vip.state().word(), vip.reason());
    }

    @Override
    public ReloadResult reload(String trigger) {
        return operations.reload(trigger);
    }
}
