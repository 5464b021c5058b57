package io.penstock.ecmp.config;

import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A route of this router to a VIP, over several hosts.
 *
 * @param resilience of a resilient nexthop group; empty for a legacy multipath route
 * @param metric 0 for the best in IPv4; IPv6 reads 0 as 1024
 */
public record RouteConfig(
        String name,
        IpPrefix prefix,
        Optional<Resilience> resilience,
        int table,
        long metric,
        WhenEmpty whenEmpty,
        List<LegConfig> legs) {
    /** Of a resilient group: Linux' own timers, and buckets for some dozen legs. */
    public static final Resilience DEFAULT_RESILIENCE = new Resilience(256, Duration.ofMinutes(2), Duration.ZERO);

    /** What fits into one request to the kernel with room to spare. */
    public static final int MAX_LEGS = 128;

    public RouteConfig {
        legs = List.copyOf(legs);
        if (legs.isEmpty()) {
            throw new IllegalArgumentException("a route without a leg");
        }
    }

    /** What the route is when no leg is usable. */
    public enum WhenEmpty {
        /** Clients are told at once (ICMP). */
        UNREACHABLE,
        /** There is none: another route, or the default one, may match. */
        WITHDRAW,
        /** The legs whose links are up, healthy or not: it may be the checks that fail. */
        KEEP
    }
}
