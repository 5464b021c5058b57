package io.penstock.ecmp.router;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import java.util.List;
import java.util.Optional;

/**
 * A route as it should be now.
 *
 * @param legs that are usable; empty: see {@code unreachable}
 * @param unreachable whether a route without legs is there as unreachable, or not at all
 */
public record DesiredRoute(
        String name,
        IpPrefix prefix,
        int table,
        long metric,
        Optional<Resilience> resilience,
        List<Leg> legs,
        boolean unreachable) {
    public DesiredRoute {
        legs = List.copyOf(legs);
    }

    /** @param linkIndex the interface, known */
    public record Leg(IpAddress gateway, int linkIndex, int weight) {}
}
