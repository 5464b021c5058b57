package io.penstock.vrrp.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.State;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether this host has its VIPs now, in the words of a forwarder, so that whoever announces addresses may ask either. What it had when
 * the agent last turned it has no more once the lease has run out, however long nobody looked.
 */
final class VipHealth {
    private final AgentStatus status;
    private final long nowNs;

    VipHealth(AgentStatus status, long nowNs) {
        this.status = status;
        this.nowNs = nowNs;
    }

    record Answer(boolean served, JsonObject json) {}

    JsonObject ofAll() {
        JsonArray vips = new JsonArray();
        status.routers().forEach(router -> router.vips()
                .forEach(vip -> vips.add(answer(router, vip).json())));
        JsonObject json = new JsonObject();
        json.add("vips", vips);
        return json;
    }

    /** Empty when no router of this agent has it. */
    Optional<Answer> of(IpAddress address) {
        for (RouterStatus router : status.routers()) {
            for (VipView vip : router.vips()) {
                if (vip.address().equals(address)) {
                    return Optional.of(answer(router, vip));
                }
            }
        }
        return Optional.empty();
    }

    private Answer answer(RouterStatus router, VipView vip) {
        boolean active = router.view().state() == State.ACTIVE;
        boolean present = isPresent(status, vip, nowNs);
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip.address().toString());
        json.addProperty("name", router.config().name());
        json.addProperty("served", active && present);
        json.addProperty("state", router.view().state().label());
        json.addProperty(
                "reason",
                active && !present
                        ? "the address is not on this host"
                        : router.view().reason());
        return new Answer(active && present, json);
    }

    /** Whether this host has it now, under a lease that is not over or by someone else's hand. */
    private static boolean isPresent(AgentStatus status, VipView vip, long nowNs) {
        return vip.present()
                && (vip.leaseLeft().isEmpty() || !leaseLeft(status, vip, nowNs).isZero());
    }

    /** What is left now of a lease as it was then; zero without one. */
    static Duration leaseLeft(AgentStatus status, VipView vip, long nowNs) {
        Duration then = vip.leaseLeft().orElse(Duration.ZERO);
        Duration left = then.minusNanos(Math.max(0, nowNs - status.atNs()));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
