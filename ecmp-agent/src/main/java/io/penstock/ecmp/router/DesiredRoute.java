package io.penstock.ecmp.router;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.RouteHop;
import java.util.List;
import java.util.Optional;

/**
 * A route as it should be now.
 *
 * @param resilience of the nexthop group that it leads to; empty for a legacy multipath route
 * @param legs at least one for {@link Form#LEGS}, else none
 * @param trials that the kernel refused before: tried as nexthop objects without a place in the group, so that they cannot spoil it
 */
record DesiredRoute(
        String name,
        IpPrefix prefix,
        int table,
        long metric,
        Optional<Resilience> resilience,
        Form form,
        List<Leg> legs,
        List<NextHop.Leg> trials) {
    enum Form {
        LEGS,
        UNREACHABLE,
        /** No route. */
        NONE,
        /** Whatever is there stays as it is: what should be is not known yet. */
        UNDECIDED
    }

    DesiredRoute {
        legs = List.copyOf(legs);
        trials = List.copyOf(trials);
        if (legs.isEmpty() == (form == Form.LEGS)) {
            throw new IllegalArgumentException(name + ": " + form + " with " + legs.size() + " legs");
        }
    }

    RouteKey key() {
        return RouteKey.of(prefix, table, metric);
    }

    /** @param linkIndex the interface, known */
    record Leg(IpAddress gateway, int linkIndex, int weight) {
        NextHop.Leg nextHop() {
            return new NextHop.Leg(gateway, linkIndex);
        }

        RouteHop hop() {
            return new RouteHop(gateway, linkIndex, weight);
        }
    }
}
