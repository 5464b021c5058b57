package io.penstock.ecmp.router;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.ecmp.config.SysctlConfig;
import io.penstock.health.CheckedTarget;
import io.penstock.health.Combination;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations for tests. */
final class Sample {
    static final int FIRST_ID = 210_000;
    static final Resilience RESILIENT = new Resilience(64, Duration.ofMinutes(2), Duration.ZERO);

    private Sample() {}

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    /** A leg with a check, by the interface that leads there. */
    static LegConfig leg(String id, String via, int weight) {
        Schedule schedule = new Schedule(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 0, Schedule.Initial.DOWN);
        HealthCheck check = new HealthCheck("tcp", new Probe.Tcp(), 0, schedule, HealthCheck.Origin.PLAIN, 1, 1, 1);
        return new LegConfig(
                id,
                address(via),
                Optional.empty(),
                weight,
                Optional.of(new CheckedTarget(
                        new Endpoint(address(via), 80), new HealthPlan(List.of(check), new Combination.All()))));
    }

    static LegConfig unchecked(String id, String via) {
        return new LegConfig(id, address(via), Optional.empty(), 1, Optional.empty());
    }

    static RouteConfig resilient(String name, String prefix, WhenEmpty whenEmpty, LegConfig... legs) {
        return new RouteConfig(
                name, prefix(prefix), Optional.of(RESILIENT), Route.MAIN_TABLE, 0, whenEmpty, List.of(legs));
    }

    static RouteConfig legacy(String name, String prefix, WhenEmpty whenEmpty, LegConfig... legs) {
        return new RouteConfig(name, prefix(prefix), Optional.empty(), Route.MAIN_TABLE, 0, whenEmpty, List.of(legs));
    }

    static RouteConfig with(RouteConfig route, Resilience resilience) {
        return new RouteConfig(
                route.name(),
                route.prefix(),
                Optional.of(resilience),
                route.table(),
                route.metric(),
                route.whenEmpty(),
                route.legs());
    }

    static EcmpConfig config(RouteConfig... routes) {
        Map<String, RouteConfig> byName = new LinkedHashMap<>();
        for (RouteConfig route : routes) {
            byName.put(route.name(), route);
        }
        return new EcmpConfig(
                Path.of("ecmp-agent.yaml"),
                FakeKernel.OURS,
                FIRST_ID,
                Path.of("/run/penstock"),
                SysctlConfig.DEFAULT,
                Map.of(),
                byName);
    }
}
