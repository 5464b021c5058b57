package io.penstock.netlink;

import io.penstock.linux.Errno;
import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * IPv4 and IPv6 routes. The kernel tells them apart by destination, table and metric, and does not ask whose they are: {@link
 * #replaced} says whose route a {@link #put} takes the place of. Routes for one type of service or one source network are
 * entries apart, and are left out of all this.
 */
public final class Routes {
    private static final int CHANGE = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK;

    private static final long IPV6_DEFAULT_METRIC = 1024;

    private Routes() {}

    /** Those of a table, both families, in the order in which the kernel looks at those to the same destination. */
    public static List<Route> list(NetlinkSocket socket, int table) throws IOException {
        List<Route> routes = new ArrayList<>(list(socket, SocketConstants.AF_INET, table));
        routes.addAll(list(socket, SocketConstants.AF_INET6, table));
        return routes;
    }

    private static List<Route> list(NetlinkSocket socket, int family, int table) throws IOException {
        Request request = new Request(
                "list the IPv" + (family == SocketConstants.AF_INET ? 4 : 6) + " routes of table "
                        + Integer.toUnsignedString(table),
                (writer, sequence) -> {
                    int flags = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP;
                    RouteMessage.list(writer.begin(Rtnetlink.RTM_GETROUTE, flags, sequence), family, table);
                });
        try {
            return socket.dump(request, RouteParser::parse);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                // A table begins with its first route.
                return List.of();
            }
            throw e;
        }
    }

    /**
     * The route that a packet of this host to the address takes now, by one leg. Its destination is the address alone.
     *
     * @throws NetlinkException when there is none (ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL: no route, unreachable, prohibit, blackhole)
     */
    public static Optional<RouteAnswer> lookup(NetlinkSocket socket, IpAddress address) throws IOException {
        Request request = new Request("look up the route to " + address, (writer, sequence) -> writer.begin(
                        Rtnetlink.RTM_GETROUTE, CHANGE, sequence)
                .u8(address.isIpv4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6)
                .u8(address.isIpv4() ? Integer.SIZE : 2 * Long.SIZE)
                .zero(RouteMessage.HEADER_BYTES - 2)
                .attribute(RouteMessage.RTA_DST, address)
                .finish());
        return socket.dump(request, RouteParser::parseAnswer).stream().findFirst();
    }

    /** To put a route where there is none to that destination with that metric; EEXIST where there is, whoever owns it. */
    public static Request add(Route route) {
        return change("add ", route, Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL);
    }

    /**
     * To put a route there, at once in the place of the one that {@link #replaced} names. To IPv6, plain routes by several gateways
     * are one, whoever added which, and go together; one that leads to a nexthop object stays apart.
     */
    public static Request put(Route route) {
        return change("put ", route, Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE);
    }

    /**
     * To remove a route of this protocol, type and these legs, as the kernel listed it; ESRCH where there is none. To metric 0 the
     * kernel removes any of them.
     */
    public static Request remove(Route route) {
        return change("remove ", route, Rtnetlink.RTM_DELROUTE, 0);
    }

    private static Request change(String verb, Route route, int type, int flags) {
        return new Request(
                verb + RouteMessage.describe(route),
                (writer, sequence) -> RouteMessage.encode(writer.begin(type, CHANGE | flags, sequence), route));
    }

    /**
     * The route that {@link #put} would take the place of, whoever owns it. IPv4 replaces the first to the destination with the
     * metric. IPv6 has routes by gateways, and others (to a nexthop object, unreachable): it replaces the first of the same kind, and
     * when there is none, the first.
     *
     * @param observed in the kernel's order
     */
    public static Optional<Route> replaced(Route next, List<Route> observed) {
        Optional<Route> first = Optional.empty();
        for (Route route : observed) {
            if (!isSameKey(route, next)) {
                continue;
            }
            if (next.destination().isIpv4() || isByGateways(route) == isByGateways(next)) {
                return Optional.of(route);
            }
            if (first.isEmpty()) {
                first = Optional.of(route);
            }
        }
        return first;
    }

    /** Whether the kernel would have one in the place of the other: the same destination, table and metric. */
    public static boolean isSameKey(Route one, Route other) {
        return one.table() == other.table()
                && effectiveMetric(one) == effectiveMetric(other)
                && one.destination().equals(other.destination());
    }

    /** What the kernel makes of the metric: 0 is IPv6's default. */
    public static long effectiveMetric(Route route) {
        return route.metric() == 0 && !route.destination().isIpv4() ? IPV6_DEFAULT_METRIC : route.metric();
    }

    private static boolean isByGateways(Route route) {
        return route.nextHopId() == 0
                && !route.hops().isEmpty()
                && route.hops().get(0).gateway().isPresent();
    }
}
