package io.penstock.ecmp.client;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Changes as ip(8) would be told to make them. */
final class ChangeWords {
    private static final int IFA_F_NODAD = 2;

    private final List<Link> links;

    /** @param links by whose names interfaces are called */
    ChangeWords(List<Link> links) {
        this.links = links;
    }

    /** The change's kind, as programs tell them apart. */
    static String kind(KernelChange change) {
        return change.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    String of(KernelChange change) {
        if (change instanceof PutAddress put) {
            return "ip address replace " + address(put.address()) + lifetime(put.address())
                    + ((put.address().flags() & IFA_F_NODAD) == 0 ? "" : " nodad") + " proto "
                    + put.address().protocol();
        } else if (change instanceof RemoveAddress remove) {
            return "ip address del " + address(remove.address());
        } else if (change instanceof PutNextHop put) {
            return "ip nexthop replace id " + put.nextHop().id() + target(put.nextHop()) + " proto "
                    + put.nextHop().protocol();
        } else if (change instanceof RemoveNextHop remove) {
            return "ip nexthop del id " + remove.nextHop().id();
        } else if (change instanceof PutRoute put) {
            return "ip route replace " + route(put.route()) + hops(put.route());
        }
        return "ip route del " + route(((RemoveRoute) change).route());
    }

    private String address(InterfaceAddress address) {
        return address.address() + "/" + address.prefixBits() + " dev " + link(address.linkIndex());
    }

    private static String lifetime(InterfaceAddress address) {
        return address.validSeconds() == InterfaceAddress.FOREVER
                ? ""
                : " valid_lft " + address.validSeconds() + " preferred_lft " + address.validSeconds();
    }

    private String target(NextHop nextHop) {
        if (nextHop.target() instanceof Leg leg) {
            return " via " + leg.gateway() + " dev " + link(leg.linkIndex());
        }
        return nextHop.target() instanceof Group group ? group(group) : "";
    }

    private static String group(Group group) {
        String members = group.members().stream()
                .map(member -> member.weight() == 1 ? "" + member.id() : member.id() + "," + member.weight())
                .collect(Collectors.joining("/"));
        return " group " + members
                + group.resilience()
                        .map(table -> " type resilient buckets " + table.buckets() + " idle_timer "
                                + seconds(table.idleTimer()) + " unbalanced_timer " + seconds(table.unbalancedTimer()))
                        .orElse("");
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? "" + time.toSeconds() : "" + time.toMillis() / 1000.0;
    }

    private static String route(Route route) {
        String type =
                route.type() == Route.Type.UNICAST ? "" : route.type().name().toLowerCase(Locale.ROOT) + " ";
        return type + route.destination().first() + "/" + EcmpConfig.familyBits(route.destination())
                + (route.table() == Route.MAIN_TABLE ? "" : " table " + route.table())
                + (route.metric() == 0 ? "" : " metric " + route.metric()) + " proto " + route.protocol();
    }

    private String hops(Route route) {
        if (route.nextHopId() != 0) {
            return " nhid " + route.nextHopId();
        }
        String weighted = route.hops().size() == 1 ? " " : " nexthop ";
        return route.hops().stream()
                .map(hop -> weighted + hop(hop) + (hop.weight() == 1 ? "" : " weight " + hop.weight()))
                .collect(Collectors.joining());
    }

    private String hop(RouteHop hop) {
        String gateway = hop.gateway().map(via -> "via " + via).orElse("");
        return (gateway + (hop.linkIndex() == 0 ? "" : " dev " + link(hop.linkIndex()))).strip();
    }

    private String link(int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .map(Link::name)
                .findFirst()
                .orElse("#" + index);
    }
}
