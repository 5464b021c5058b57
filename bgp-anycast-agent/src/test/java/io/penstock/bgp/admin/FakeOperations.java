package io.penstock.bgp.admin;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth.None;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Link;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.operate.Operations;
import io.penstock.bgp.operate.PeerStatus;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * An agent with one VIP in each state, in the order of the states: {@code down} has 192.0.2.1/32, {@code held-down} 192.0.2.2/32 and so on;
 * {@code range} has 198.51.100.0/24 besides, without an address. What is up is in the daemon, and sent to one of two neighbours.
 */
final class FakeOperations implements Operations {
    static final long NOW_NS = Duration.ofHours(1).toNanos();

    static final PathAttributes EVERYTHING = new PathAttributes(
            Origin.EGP,
            IpAddress.parse("192.0.2.99"),
            List.of(65001L, 65001L),
            OptionalLong.of(50),
            OptionalLong.of(200),
            new TreeSet<>(Set.of(Community.NO_EXPORT)),
            new TreeSet<>(Set.of(ExtendedCommunity.parse("rt:65001:100").orElseThrow())),
            new TreeSet<>(Set.of(new LargeCommunity(65001, 9, 1))));

    final List<String> orders = new ArrayList<>();
    final Map<String, VipStatus> vips = new LinkedHashMap<>();
    Phase phase = Phase.RUNNING;
    Link link = Link.UP;
    String trouble = "";
    ReloadResult reload = new ReloadResult(Instant.EPOCH, "api", true, List.of(), List.of("admin"));
    Optional<RefusedException> refusal = Optional.empty();

    FakeOperations() {
        for (State state : State.values()) {
            String address = "192.0.2." + vips.size();
            put(vip(state.label(), state, address + "/32", IpAddress.parse(address)));
        }
        put(vip("range", State.UP, "198.51.100.0/24", Optional.empty()));
    }

    void put(VipStatus vip) {
        vips.put(vip.config().name(), vip);
    }

    static VipStatus vip(String name, State state, String prefix, Optional<IpAddress> address) {
        AttributesConfig attributes = new AttributesConfig(
                Origin.IGP, OptionalLong.empty(), OptionalLong.empty(), 0, Set.of(), Set.of(), Set.of());
        VipConfig config = new VipConfig(
                name,
                IpPrefix.parse(prefix).orElseThrow(),
                address,
                address.isPresent(),
                Optional.empty(),
                new None(),
                Optional.of(HoldDownConfig.DEFAULT),
                attributes,
                attributes,
                attributes,
                VipConfig.DEFAULT_DRAIN_WAIT,
                Optional.empty());
        Optional<Level> announceAs =
                switch (state) {
                    case UP -> Optional.of(Level.UP);
                    case DEGRADED -> Optional.of(Level.DEGRADED);
                    case DRAINING -> Optional.of(Level.DRAINING);
                    case PENDING, DOWN, HELD_DOWN, DRAINED, WITHDRAWN -> Optional.empty();
                };
        Optional<PathAttributes> path = announceAs.map(level -> EVERYTHING);
        return new VipStatus(
                config,
                new Condition(Level.UP, true, NOW_NS, "2 of 2 services"),
                new Stance(
                        state,
                        announceAs,
                        "because of " + state.label(),
                        NOW_NS - Duration.ofMinutes(1).toNanos(),
                        state == State.DRAINING
                                ? OptionalLong.of(
                                        NOW_NS + Duration.ofSeconds(12).toNanos())
                                : OptionalLong.empty()),
                path,
                path,
                new TreeSet<>(path.isPresent() ? Set.of("router") : Set.of()),
                false,
                "");
    }

    /** A VIP whose path is to be in the daemon, and is not. */
    static VipStatus missing(VipStatus vip, String trouble) {
        return new VipStatus(
                vip.config(),
                vip.condition(),
                vip.stance(),
                vip.wanted(),
                Optional.empty(),
                new TreeSet<>(),
                true,
                trouble);
    }

    @Override
    public AgentStatus status() {
        return new AgentStatus(
                phase,
                NOW_NS,
                "127.0.0.1:50051",
                link,
                Optional.of(new DaemonIdentity(65001, "192.0.2.1")),
                trouble,
                3,
                List.of(
                        peer("router", "192.0.2.254", true, PeerView.State.ESTABLISHED),
                        peer("router", "2001:db8::254", false, PeerView.State.ACTIVE),
                        peer("other", "192.0.2.253", false, PeerView.State.IDLE)),
                List.copyOf(vips.values()));
    }

    private static PeerStatus peer(String name, String address, boolean managed, PeerView.State state) {
        boolean up = state == PeerView.State.ESTABLISHED;
        return new PeerStatus(
                name,
                managed,
                new PeerView(
                        address,
                        PeerView.description(new LargeCommunity(65_001, 9, 1), name),
                        65000,
                        state,
                        up ? Duration.ofMinutes(5) : Duration.ZERO,
                        up ? "" : "connection refused"));
    }

    @Override
    public ReloadResult lastReload() {
        return reload;
    }

    @Override
    public ReloadResult reload(String trigger) {
        orders.add("reload by " + trigger);
        return reload;
    }

    @Override
    public void drain(Optional<String> vip, Optional<Duration> wait) throws RefusedException {
        order("drain " + vip.orElse("all")
                + wait.map(time -> " for " + time.toSeconds() + " s").orElse(""));
    }

    @Override
    public void withdraw(Optional<String> vip) throws RefusedException {
        order("withdraw " + vip.orElse("all"));
    }

    @Override
    public void resume(Optional<String> vip) throws RefusedException {
        order("resume " + vip.orElse("all"));
    }

    private void order(String order) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        orders.add(order);
    }
}
