package io.penstock.vrrp.admin;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.config.AnnounceConfig;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.GroupStatus;
import io.penstock.vrrp.operate.Operations;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.RouterView;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.Version;
import io.penstock.vrrp.track.TrackView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent with two routers in a group, of which {@code web} is active, and has its VIP for another two seconds. */
final class FakeOperations implements Operations {
    static final long NOW_NS = Duration.ofHours(1).toNanos();

    final List<String> orders = new ArrayList<>();
    Phase phase = Phase.RUNNING;
    ReloadResult reload = new ReloadResult(Instant.EPOCH, "api", true, List.of(), List.of("admin"));
    Optional<RefusedException> refusal = Optional.empty();

    /** Of the VIP of web, which is there. */
    Optional<Duration> lease = Optional.of(Duration.ofSeconds(2));

    @Override
    public AgentStatus status() {
        return new AgentStatus(
                phase,
                NOW_NS,
                List.of(
                        router("web", State.ACTIVE, "192.0.2.10", "192.0.2.1", true, lease),
                        router("dns", State.BACKUP, "2001:db8::53", "fe80::1", false, Optional.empty())),
                List.of(new GroupStatus("all", State.BACKUP, List.of("web", "dns"))),
                3,
                Optional.empty());
    }

    private static RouterStatus router(
            String name, State state, String vip, String active, boolean present, Optional<Duration> leaseLeft) {
        IpAddress address = IpAddress.parse(vip).orElseThrow();
        int bits = address.isIpv4() ? 24 : 64;
        RouterConfig config = new RouterConfig(
                name,
                "eth0",
                51,
                Version.V3,
                150,
                Duration.ofMillis(100),
                true,
                Duration.ZERO,
                true,
                ChecksumForm.RFC5798,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new VipConfig(address, bits, "eth0", true)),
                RouterConfig.DEFAULT_LEASE,
                AnnounceConfig.DEFAULT,
                RouterConfig.OnRemoval.RESTORE,
                true,
                List.of());
        RouterView view = new RouterView(
                name,
                state,
                NOW_NS - Duration.ofMinutes(1).toNanos(),
                "no advertisement for 361 ms",
                90,
                IpAddress.parse(active),
                90,
                Duration.ofMillis(100));
        return new RouterStatus(
                config,
                view,
                List.of(new VipView(name, address, bits, "eth0", present, leaseLeft)),
                List.of(new TrackView("eth1", "interface", true, false, -60, false, "no carrier")),
                Map.of(RouterCounter.SENT, 7L));
    }

    @Override
    public ReloadResult lastReload() {
        return reload;
    }

    @Override
    public void failover(String name, Duration holdOff) throws RefusedException {
        order("failover " + name + " for " + holdOff.toSeconds() + " s");
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
