package io.penstock.ecmp.it;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.ecmp.config.SysctlConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ecmp-agent.yaml might say: VIPs that are always served, and routes whose legs count while their links are up. */
final class Configs {
    static final int OURS = EcmpConfig.DEFAULT_PROTOCOL;

    /** Longer than any test, for those that are not about leases. */
    private static final Duration LEASE = Duration.ofHours(1);

    private final Map<String, VipConfig> vips = new LinkedHashMap<>();
    private final Map<String, RouteConfig> routes = new LinkedHashMap<>();

    Configs vip(String address) {
        vips.put(
                address,
                new VipConfig(
                        address,
                        IpAddress.parse(address).orElseThrow(),
                        VipConfig.DEFAULT_INTERFACE,
                        LEASE,
                        new VipHealth.None(),
                        Duration.ZERO,
                        Duration.ZERO,
                        OnRemoval.RESTORE));
        return this;
    }

    /** Over the hosts at the other ends of so many links. */
    Configs route(String destination, Optional<Resilience> resilience, int links) {
        IpPrefix prefix = IpPrefix.parse(destination).orElseThrow();
        List<LegConfig> legs = new ArrayList<>();
        for (int i = 1; i <= links; i++) {
            IpAddress via = prefix.isIpv4() ? NetworkOfLinks.gateway(i) : NetworkOfLinks.gateway6(i);
            legs.add(new LegConfig("f" + i, via, Optional.of("v" + i), i, Optional.empty()));
        }
        routes.put(
                destination,
                new RouteConfig(destination, prefix, resilience, Route.MAIN_TABLE, 0, WhenEmpty.UNREACHABLE, legs));
        return this;
    }

    /** The same, as a file says it. */
    String yaml(Path stateDirectory) {
        StringBuilder text = new StringBuilder("state-directory: " + stateDirectory + "\n");
        text.append(vips.isEmpty() ? "" : "vips:\n");
        vips.values().forEach(vip -> text.append("  \"")
                .append(vip.name())
                .append("\": { address: \"")
                .append(vip.address())
                .append("\", lease: ")
                .append(LEASE.toSeconds())
                .append("s, health: none, announcement: 0s, drain: 0s }\n"));
        text.append("routes:\n");
        for (RouteConfig route : routes.values()) {
            text.append("  \"")
                    .append(route.name())
                    .append("\": { prefix: \"")
                    .append(route.prefix())
                    .append("\", group: ")
                    .append(route.resilience().isPresent() ? "resilient" : "multipath")
                    .append(", legs: [");
            for (LegConfig leg : route.legs()) {
                text.append("{ id: ")
                        .append(leg.id())
                        .append(", via: \"")
                        .append(leg.via())
                        .append("\", interface: ")
                        .append(leg.interfaceName().orElseThrow())
                        .append(", weight: ")
                        .append(leg.weight())
                        .append(" }, ");
            }
            text.append("] }\n");
        }
        return text.toString();
    }

    EcmpConfig build() {
        return new EcmpConfig(
                Path.of("ecmp-agent.yaml"),
                OURS,
                EcmpConfig.DEFAULT_NEXT_HOP_IDS,
                EcmpConfig.DEFAULT_STATE_DIRECTORY,
                SysctlConfig.DEFAULT,
                vips,
                routes);
    }
}
