package io.penstock.ecmp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Linux as far as routes and nexthop objects go, with the rules that were seen with ip(8) on Linux 6.18: what refers to an object goes
 * with it, a link that goes takes its objects along without a word, a route that is put replaces the first of its key whoever owns it.
 * That last would be someone else's here: the test fails.
 */
final class FakeKernel {
    static final int OURS = 210;
    static final int THEIRS = 4;

    private static final int LOOPBACK = 1;

    private final Map<Integer, Link> links = new TreeMap<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final Map<Integer, NextHop> nextHops = new TreeMap<>();
    private final Map<Integer, Integer> generations = new HashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<IpAddress> refused = new HashSet<>();
    private int created;

    FakeKernel() {
        links.put(LOOPBACK, new Link(LOOPBACK, "lo", true, true, true, 65_536, Optional.empty(), Optional.empty()));
    }

    void addLink(int index, String name, String address, int prefixBits) {
        links.put(index, new Link(index, name, true, true, false, 1500, Optional.empty(), Optional.of("veth")));
        addresses.add(new InterfaceAddress(
                index, IpAddress.parse(address).orElseThrow(), prefixBits, 0, 0, 0, InterfaceAddress.FOREVER));
    }

    /** Carrier or its loss, with the link set up. */
    void setCarrier(int index, boolean carrier) {
        setLink(index, true, carrier);
    }

    void setLink(int index, boolean up, boolean carrier) {
        Link old = links.get(index);
        links.put(
                index,
                new Link(index, old.name(), up, up && carrier, false, old.mtu(), old.hardwareAddress(), old.kind()));
        if (!up || !carrier) {
            List.copyOf(nextHops.values()).stream()
                    .filter(nextHop -> nextHop.target() instanceof Leg leg && leg.linkIndex() == index)
                    .forEach(nextHop -> removeNextHop(nextHop.id()));
        }
        routes.removeIf(route -> !route.hops().isEmpty()
                && route.hops().stream()
                        .noneMatch(hop -> links.get(hop.linkIndex()).up()));
    }

    boolean isUsable(int index) {
        return links.get(index).up() && links.get(index).carrier();
    }

    /** Makes the kernel refuse legs with this gateway, or take them again. */
    void refuse(IpAddress gateway, boolean refuse) {
        if (refuse) {
            refused.add(gateway);
        } else {
            refused.remove(gateway);
        }
    }

    /** Someone else's, as it stands. */
    void add(NextHop nextHop) {
        nextHops.put(nextHop.id(), nextHop);
    }

    /** Someone else's, behind all others of its key: {@code ip route append}. */
    void append(Route route) {
        routes.add(route);
    }

    /** Someone else's, before all others of its key: {@code ip route prepend}. */
    void prepend(Route route) {
        routes.add(0, route);
    }

    void remove(Route route) {
        routes.remove(route);
    }

    /** With all that cannot be without it. */
    void removeNextHop(int id) {
        nextHops.remove(id);
        routes.removeIf(route -> route.nextHopId() == id);
        for (NextHop nextHop : List.copyOf(nextHops.values())) {
            if (nextHop.target() instanceof Group group) {
                List<Member> left = group.members().stream()
                        .filter(member -> member.id() != id)
                        .toList();
                if (left.isEmpty()) {
                    removeNextHop(nextHop.id());
                } else {
                    nextHops.put(
                            nextHop.id(),
                            new NextHop(nextHop.id(), nextHop.protocol(), new Group(left, group.resilience())));
                }
            }
        }
    }

    List<NextHop> nextHops() {
        return List.copyOf(nextHops.values());
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    Optional<Route> route(RouteKey key, int protocol) {
        return routes.stream()
                .filter(route -> RouteKey.of(route).equals(key) && route.protocol() == protocol)
                .findFirst();
    }

    /** Different for a group that was made anew, and lost its buckets, though its id may be the same. */
    int generation(int groupId) {
        return generations.getOrDefault(groupId, 0);
    }

    /** The legs that packets take by this route now. */
    Set<RouteHop> legs(Route route) {
        Set<RouteHop> legs = new HashSet<>();
        if (route.nextHopId() == 0) {
            route.hops().forEach(hop -> legs.add(hop.withoutState()));
        } else if (nextHops.get(route.nextHopId()).target() instanceof Group group) {
            for (Member member : group.members()) {
                Leg leg = (Leg) nextHops.get(member.id()).target();
                legs.add(new RouteHop(leg.gateway(), leg.linkIndex(), member.weight()));
            }
        }
        return legs;
    }

    /** As a dump has it: routes by objects show their legs, those of IPv6 have a metric, dead legs are said to be. */
    KernelState observe() {
        List<Route> shown = new ArrayList<>();
        for (Route route : routes) {
            List<RouteHop> hops = new ArrayList<>();
            for (RouteHop hop : legs(route)) {
                int flags = isUsable(hop.linkIndex()) ? 0 : RouteHop.RTNH_F_LINKDOWN;
                hops.add(new RouteHop(hop.gateway(), hop.linkIndex(), hop.weight(), flags));
            }
            if (route.type() == Route.Type.UNREACHABLE && !route.destination().isIpv4()) {
                hops.add(new RouteHop(Optional.empty(), LOOPBACK, 1, 0));
            }
            shown.add(with(route, RouteKey.of(route).metric(), hops));
        }
        return new KernelState(List.copyOf(links.values()), addresses, shown, nextHops());
    }

    private static Route with(Route route, long metric, List<RouteHop> hops) {
        return new Route(
                route.destination(),
                route.table(),
                route.protocol(),
                route.scope(),
                route.type(),
                metric,
                route.nextHopId(),
                hops);
    }

    /** Answers with nothing, or the kernel's words. */
    Optional<String> apply(KernelChange change) {
        if (change instanceof PutNextHop put) {
            return put(put.nextHop());
        } else if (change instanceof RemoveNextHop removal) {
            return remove(removal.nextHop());
        } else if (change instanceof PutRoute put) {
            return put(put.route());
        } else if (change instanceof RemoveRoute removal) {
            return removeOurs(removal.route());
        }
        return fail("not a router's: " + change);
    }

    private Optional<String> put(NextHop wanted) {
        assertEquals(OURS, wanted.protocol());
        NextHop present = nextHops.get(wanted.id());
        if (present != null) {
            assertEquals(OURS, present.protocol(), () -> "takes someone else's place: " + wanted);
        }
        Optional<String> refusal = wanted.target() instanceof Leg leg ? check(leg) : check((Group) wanted.target());
        if (refusal.isPresent()) {
            return refusal;
        }
        if (present != null && present.target() instanceof Leg != wanted.target() instanceof Leg) {
            return Optional.of("Can not replace a nexthop with a nexthop group");
        }
        if (present != null
                && wanted.target() instanceof Group group
                && !buckets(present).equals(buckets(group))) {
            return Optional.of("Can not change number of buckets of a resilient nexthop group");
        }
        if (present == null) {
            generations.put(wanted.id(), ++created);
        }
        nextHops.put(wanted.id(), wanted);
        return Optional.empty();
    }

    private static Optional<Integer> buckets(NextHop nextHop) {
        return buckets((Group) nextHop.target());
    }

    private static Optional<Integer> buckets(Group group) {
        return group.resilience().map(Resilience::buckets);
    }

    private Optional<String> check(Leg leg) {
        if (refused.contains(leg.gateway())) {
            return Optional.of("Nexthop has invalid gateway");
        }
        return isUsable(leg.linkIndex()) ? Optional.empty() : Optional.of("Carrier for nexthop device is down");
    }

    private Optional<String> check(Group group) {
        Set<Integer> ids = new HashSet<>();
        for (Member member : group.members()) {
            if (!nextHops.containsKey(member.id())
                    || !(nextHops.get(member.id()).target() instanceof Leg)
                    || !ids.add(member.id())) {
                return Optional.of("Invalid nexthop id");
            }
        }
        return group.members().isEmpty() ? Optional.of("No nexthops in group") : Optional.empty();
    }

    private Optional<String> remove(NextHop unwanted) {
        NextHop present = nextHops.get(unwanted.id());
        if (present == null) {
            return Optional.of("No such file or directory");
        }
        assertEquals(OURS, present.protocol(), () -> "is someone else's: " + present);
        routes.stream()
                .filter(route -> route.nextHopId() == unwanted.id())
                .forEach(route -> assertEquals(OURS, route.protocol(), () -> "takes along " + route));
        removeNextHop(unwanted.id());
        return Optional.empty();
    }

    private Optional<String> put(Route wanted) {
        assertEquals(OURS, wanted.protocol());
        if (wanted.nextHopId() != 0 && !nextHops.containsKey(wanted.nextHopId())) {
            return Optional.of("Nexthop id does not exist");
        }
        for (RouteHop hop : wanted.hops()) {
            if (refused.contains(hop.gateway().orElseThrow())
                    || !links.get(hop.linkIndex()).up()) {
                return Optional.of("Nexthop has invalid gateway");
            }
        }
        for (int i = 0; i < routes.size(); i++) {
            if (RouteKey.of(routes.get(i)).equals(RouteKey.of(wanted))) {
                assertEquals(OURS, routes.get(i).protocol(), () -> "takes someone else's place: " + wanted);
                routes.set(i, wanted);
                return Optional.empty();
            }
        }
        routes.add(wanted);
        return Optional.empty();
    }

    private Optional<String> removeOurs(Route unwanted) {
        assertEquals(OURS, unwanted.protocol());
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route.protocol() == OURS
                    && RouteKey.of(route).equals(RouteKey.of(unwanted))
                    && route.type() == unwanted.type()
                    && route.nextHopId() == unwanted.nextHopId()) {
                routes.remove(i);
                return Optional.empty();
            }
        }
        return Optional.of("No such process");
    }
}
