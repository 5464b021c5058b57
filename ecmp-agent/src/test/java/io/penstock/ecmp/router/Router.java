package io.penstock.ecmp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.net.IpAddress;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A router role at work on a kernel, and what has to be true of the two at any time. */
final class Router {
    /** More would be a role that does not know what it wants. */
    private static final int STEPS_MAX = 2;

    final FakeKernel kernel;
    final Map<String, Boolean> legUp = new HashMap<>();
    final List<RouterStep.Transition> transitions = new ArrayList<>();
    long nowNs;
    long wakeAtNs;
    private EcmpConfig config;
    private RouterRole role;

    Router(FakeKernel kernel, RouteConfig... routes) {
        this.kernel = kernel;
        this.config = Sample.config(routes);
        this.role = new RouterRole(config, nowNs);
    }

    void reconfigure(RouteConfig... routes) {
        config = Sample.config(routes);
        role.reconfigure(config, nowNs);
    }

    /** The process ends, and another begins. */
    void restart() {
        role = new RouterRole(config, nowNs);
    }

    RouterRole role() {
        return role;
    }

    /** All legs of all routes. */
    void allUp(boolean up) {
        for (RouteConfig route : config.routes().values()) {
            route.legs().forEach(leg -> set(route.name(), leg.id(), up));
        }
    }

    void set(String route, String leg, boolean up) {
        legUp.put(RouterRole.legKey(route, leg), up);
    }

    /** One step, applied change by change; the changes. */
    List<KernelChange> step() {
        RouterStep step = role.step(kernel.observe(), legUp, nowNs);
        transitions.addAll(step.transitions());
        List<Optional<String>> results = new ArrayList<>();
        Map<String, Set<RouteHop>> goodBefore = goodLegs();
        for (KernelChange change : step.changes()) {
            results.add(kernel.apply(change));
            goodLegs()
                    .forEach((route, good) -> assertTrue(
                            !good.isEmpty() || goodBefore.get(route).isEmpty(),
                            () -> route + " leads nowhere, though it need not, after " + change + " of "
                                    + step.changes()));
        }
        wakeAtNs = role.applied(step, results, nowNs);
        return step.changes();
    }

    /** Steps until there is nothing left to do. */
    void settle() {
        List<List<KernelChange>> all = new ArrayList<>();
        for (int i = 0; i <= STEPS_MAX; i++) {
            all.add(step());
            if (all.get(i).isEmpty()) {
                return;
            }
        }
        throw new AssertionError("still something to do: " + all);
    }

    /** Of each route that has usable legs those that it leads to now; of no route that someone else has too or an operator took away. */
    private Map<String, Set<RouteHop>> goodLegs() {
        Map<String, Set<RouteHop>> good = new HashMap<>();
        for (RouteConfig route : config.routes().values()) {
            Set<RouteHop> legs = new HashSet<>();
            ours(route).ifPresent(there -> legs.addAll(kernel.legs(there)));
            legs.retainAll(usable(route));
            if (!usable(route).isEmpty() && isOurs(route)) {
                good.put(route.name(), legs);
            }
        }
        return good;
    }

    private boolean isOurs(RouteConfig route) {
        return view(route).state() != RouteState.WITHDRAWN
                && kernel.route(key(route), FakeKernel.THEIRS).isEmpty();
    }

    private Set<RouteHop> usable(RouteConfig route) {
        return hops(route, leg -> leg.check().isEmpty() || legUp.getOrDefault(key(route, leg), false));
    }

    private Set<RouteHop> hops(RouteConfig route, Predicate<LegConfig> wanted) {
        LinkTable links = new LinkTable(kernel.observe());
        Set<RouteHop> hops = new HashSet<>();
        for (LegConfig leg : route.legs()) {
            links.leadingTo(leg)
                    .filter(link -> kernel.isUsable(link.index()) && wanted.test(leg))
                    .ifPresent(link -> hops.add(new RouteHop(leg.via(), link.index(), leg.weight())));
        }
        return hops;
    }

    private static String key(RouteConfig route, LegConfig leg) {
        return RouterRole.legKey(route.name(), leg.id());
    }

    /** The agent's own route. */
    Optional<Route> ours(RouteConfig route) {
        return kernel.route(key(route), FakeKernel.OURS);
    }

    private static RouteKey key(RouteConfig route) {
        return RouteKey.of(route.prefix(), route.table(), route.metric());
    }

    /** The only object for a leg. */
    int idOf(IpAddress gateway) {
        return kernel.nextHops().stream()
                .filter(nextHop -> nextHop.target() instanceof NextHop.Leg leg
                        && leg.gateway().equals(gateway))
                .mapToInt(NextHop::id)
                .reduce((one, other) -> -1)
                .orElseThrow();
    }

    /** The kernel has exactly what the configuration, the links and the checks lead to; nothing is there that nobody needs. */
    void assertAsDesired() {
        Set<Integer> groups = new HashSet<>();
        Set<NextHop.Leg> legs = new HashSet<>();
        Set<RouteKey> keys = new HashSet<>();
        for (RouteConfig route : config.routes().values()) {
            if (kernel.route(key(route), FakeKernel.THEIRS).isPresent()) {
                assertTrue(Set.of(RouteState.CONFLICT, RouteState.EMPTY)
                        .contains(view(route).state()));
                ours(route).ifPresent(there -> keep(there, groups, legs, keys));
                continue;
            }
            assertAsDesired(route);
            ours(route).ifPresent(there -> keep(there, groups, legs, keys));
        }
        assertEquals(keys, ourKeys());
        Set<Integer> groupsThere = new HashSet<>();
        Set<NextHop.Leg> legsThere = new HashSet<>();
        for (NextHop nextHop : kernel.nextHops()) {
            if (nextHop.protocol() != FakeKernel.OURS) {
                continue;
            }
            if (nextHop.target() instanceof NextHop.Leg leg) {
                legsThere.add(leg);
                assertTrue(legs.contains(leg) || isNeededByOthers(nextHop.id()), () -> "left over: " + nextHop);
            } else {
                groupsThere.add(nextHop.id());
                assertTrue(
                        groups.contains(nextHop.id()) || isNeededByOthers(nextHop.id()), () -> "left over: " + nextHop);
            }
        }
        assertTrue(groupsThere.containsAll(groups));
        assertTrue(legsThere.containsAll(legs));
    }

    private void assertAsDesired(RouteConfig route) {
        Set<RouteHop> wanted = usable(route);
        if (wanted.isEmpty() && route.whenEmpty() == RouteConfig.WhenEmpty.KEEP) {
            wanted = hops(route, leg -> true);
        }
        Optional<Route> there = ours(route);
        if (!wanted.isEmpty()) {
            assertEquals(Route.Type.UNICAST, there.orElseThrow().type());
            assertEquals(normal(wanted), normal(kernel.legs(there.get())));
            assertEquals(route.resilience().isPresent(), there.get().nextHopId() != 0);
        } else if (route.whenEmpty() == RouteConfig.WhenEmpty.WITHDRAW) {
            assertEquals(Optional.empty(), there);
        } else {
            assertEquals(Route.Type.UNREACHABLE, there.orElseThrow().type());
        }
    }

    /** The weight of a single leg says nothing. */
    private static Set<RouteHop> normal(Set<RouteHop> hops) {
        return hops.size() > 1
                ? hops
                : hops.stream()
                        .map(hop -> new RouteHop(hop.gateway(), hop.linkIndex(), 1, 0))
                        .collect(Collectors.toSet());
    }

    private void keep(Route route, Set<Integer> groups, Set<NextHop.Leg> legs, Set<RouteKey> keys) {
        keys.add(RouteKey.of(route));
        if (route.nextHopId() != 0) {
            assertTrue(groups.add(route.nextHopId()), () -> "shared: " + route);
            kernel.legs(route)
                    .forEach(hop -> legs.add(new NextHop.Leg(hop.gateway().orElseThrow(), hop.linkIndex())));
        }
    }

    private Set<RouteKey> ourKeys() {
        return kernel.routes().stream()
                .filter(route -> route.protocol() == FakeKernel.OURS)
                .map(RouteKey::of)
                .collect(Collectors.toSet());
    }

    private boolean isNeededByOthers(int id) {
        return kernel.routes().stream()
                        .anyMatch(route -> route.protocol() != FakeKernel.OURS && route.nextHopId() == id)
                || kernel.nextHops().stream()
                        .anyMatch(nextHop -> nextHop.target() instanceof NextHop.Group group
                                && group.members().stream().anyMatch(member -> member.id() == id)
                                && (nextHop.protocol() != FakeKernel.OURS || isNeededByOthers(nextHop.id())));
    }

    RouteView view(RouteConfig route) {
        return role.views().stream()
                .filter(view -> view.name().equals(route.name()))
                .findFirst()
                .orElseThrow();
    }

    LegView view(RouteConfig route, String leg) {
        return view(route).legs().stream()
                .filter(view -> view.id().equals(leg))
                .findFirst()
                .orElseThrow();
    }

    /** The kinds of the changes, for comparison. */
    static List<String> words(List<KernelChange> changes) {
        return changes.stream()
                .map(change -> change.getClass().getSimpleName()
                        + (change instanceof PutNextHop put ? kind(put.nextHop()) : "")
                        + (change instanceof RemoveNextHop removal ? kind(removal.nextHop()) : ""))
                .toList();
    }

    private static String kind(NextHop nextHop) {
        return " " + nextHop.target().getClass().getSimpleName();
    }
}
