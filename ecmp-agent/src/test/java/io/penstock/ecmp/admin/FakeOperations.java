package io.penstock.ecmp.admin;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.host.VipState;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.ecmp.operate.Operations;
import io.penstock.ecmp.router.LegState;
import io.penstock.ecmp.router.LegView;
import io.penstock.ecmp.router.RouteState;
import io.penstock.ecmp.router.RouteView;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An agent with two VIPs and a route, of which {@code web} is held for another two seconds. */
final class FakeOperations implements Operations {
    static final long NOW_NS = Duration.ofHours(1).toNanos();

    final List<String> orders = new ArrayList<>();
    Phase phase = Phase.RUNNING;
    ReloadResult reload = new ReloadResult(Instant.EPOCH, "api", true, List.of(), List.of("admin"));
    Optional<RefusedException> refusal = Optional.empty();

    @Override
    public AgentStatus status() {
        return new AgentStatus(
                phase,
                NOW_NS,
                List.of(
                        vip("web", "192.0.2.10", VipState.HELD, "", Kind.SERVED, Duration.ofSeconds(2)),
                        vip("dns", "2001:db8::53", VipState.FAULT, "someone removed it", Kind.UNKNOWN, Duration.ZERO)),
                List.of(route()),
                List.of("192.0.2.11/32: is someone else's"),
                Optional.empty());
    }

    private static VipView vip(
            String name, String address, VipState state, String reason, Kind health, Duration leaseLeft) {
        return new VipView(
                name,
                IpAddress.parse(address).orElseThrow(),
                "lo",
                state,
                reason,
                NOW_NS - Duration.ofMinutes(1).toNanos(),
                new VipVerdict(health, NOW_NS, ""),
                leaseLeft,
                60,
                1,
                2);
    }

    private static RouteView route() {
        LegView leg = new LegView(
                "f1",
                IpAddress.parse("10.0.1.11").orElseThrow(),
                "eth1",
                1,
                LegState.UNHEALTHY,
                false,
                "connection refused",
                NOW_NS);
        return new RouteView(
                "web",
                IpPrefix.parse("192.0.2.10/32").orElseThrow(),
                254,
                0,
                true,
                210_000,
                RouteState.ROUTED,
                "",
                NOW_NS,
                List.of(leg));
    }

    @Override
    public ReloadResult lastReload() {
        return reload;
    }

    @Override
    public void withdraw(Optional<String> name) throws RefusedException {
        order("withdraw " + name.orElse("everything"));
    }

    @Override
    public void resume(String name) throws RefusedException {
        order("resume " + name);
    }

    private void order(String order) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        orders.add(order);
    }

    @Override
    public ReloadResult reload(String trigger) {
        orders.add("reload by " + trigger);
        return reload;
    }
}
