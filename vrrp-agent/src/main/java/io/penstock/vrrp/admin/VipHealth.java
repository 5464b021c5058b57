package io.penstock.vrrp.admin;

import io.penstock.admin.agent.VipAnswer;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.State;
import java.time.Duration;
import java.util.List;
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

    List<VipAnswer> ofAll() {
        return status.routers().stream()
                .flatMap(router -> router.vips().stream().map(vip -> answer(router, vip)))
                .toList();
    }

    /** Empty when no router of this agent has it. */
    Optional<VipAnswer> of(IpAddress address) {
        for (RouterStatus router : status.routers()) {
            for (VipView vip : router.vips()) {
                if (vip.address().equals(address)) {
                    return Optional.of(answer(router, vip));
                }
            }
        }
        return Optional.empty();
    }

    private VipAnswer answer(RouterStatus router, VipView vip) {
        boolean active = router.view().state() == State.ACTIVE;
        boolean present = isPresent(status, vip, nowNs);
        String reason = active && !present
                ? "the address is not on this host"
                : router.view().reason();
        return new VipAnswer(
                vip.address().toString(),
                router.config().name(),
                active && present,
                router.view().state().label(),
                reason);
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
