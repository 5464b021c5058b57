package io.penstock.ecmp.kernel;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;
import java.util.List;

/**
 * All of this network namespace that the agent looks at, whoever made it.
 *
 * @param routes of the tables that it is configured for
 */
public record KernelState(
        List<Link> links, List<InterfaceAddress> addresses, List<Route> routes, List<NextHop> nextHops) {
    public KernelState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        nextHops = List.copyOf(nextHops);
    }
}
