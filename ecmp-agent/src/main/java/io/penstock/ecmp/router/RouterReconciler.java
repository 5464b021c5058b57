package io.penstock.ecmp.router;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Compares the routes that there should be with what the kernel has, and finds the changes that lead there: nexthop objects first,
 * then groups, then routes, and only then is anything removed. A resilient route leads to a nexthop group of its own, whose legs are
 * nexthop objects that all routes share; any other is a multipath route without objects.
 *
 * <p>What carries the agent's protocol number is its own, whoever put it there, and what carries another is never changed or removed.
 * Nothing is remembered from one comparison to the next: what a former run left is taken over by what it is. For one use.
 */
final class RouterReconciler {
    private final int protocol;
    private final ObservedRoutes routes;
    private final NextHopPool nextHops;
    private final List<KernelChange> routePuts = new ArrayList<>();
    private final Set<Route> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, String> conflicts = new LinkedHashMap<>();
    private final Map<String, Integer> groups = new LinkedHashMap<>();

    /** @param firstNextHopId new objects have the first free ids from here */
    RouterReconciler(KernelState observed, int protocol, int firstNextHopId) {
        this.protocol = protocol;
        this.routes = new ObservedRoutes(observed.routes(), protocol);
        this.nextHops = new NextHopPool(observed.nextHops(), protocol, firstNextHopId);
    }

    /** Whether the kernel has the agent's own nexthop object for this leg. */
    boolean hasLeg(NextHop.Leg leg) {
        return nextHops.hasLeg(leg);
    }

    /** Whether the agent's own route of this key leads to the leg. */
    boolean leadsTo(RouteKey key, NextHop.Leg leg) {
        return routes.own(key, route -> true)
                .filter(route -> legs(route).contains(leg))
                .isPresent();
    }

    private List<NextHop.Leg> legs(Route route) {
        return route.nextHopId() != 0
                ? nextHops.legsOf(route.nextHopId())
                : route.hops().stream()
                        .filter(hop -> hop.gateway().isPresent())
                        .map(hop -> new NextHop.Leg(hop.gateway().get(), hop.linkIndex()))
                        .toList();
    }

    RouterPlan plan(List<DesiredRoute> desired) {
        desired.forEach(this::reconcile);
        List<KernelChange> changes = new ArrayList<>(nextHops.puts());
        changes.addAll(routePuts);
        for (Route route : routes.allOwn()) {
            if (!kept.contains(route)) {
                changes.add(new RemoveRoute(route));
            }
        }
        changes.addAll(nextHops.removals(id -> routes.foreignUserOf(id).isPresent()));
        return new RouterPlan(changes, conflicts, groups);
    }

    private void reconcile(DesiredRoute desired) {
        desired.trials().forEach(nextHops::useLeg);
        switch (desired.form()) {
            case LEGS -> {
                if (desired.resilience().isPresent()) {
                    leadToGroup(desired, desired.resilience().get());
                } else {
                    leadToHops(desired);
                }
            }
            case UNREACHABLE ->
                settle(
                        desired,
                        new Route(
                                desired.prefix(),
                                desired.table(),
                                protocol,
                                Route.SCOPE_UNIVERSE,
                                Route.Type.UNREACHABLE,
                                desired.metric(),
                                0,
                                List.of()));
            case NONE -> {}
            case UNDECIDED -> leave(desired);
        }
    }

    private void leave(DesiredRoute desired) {
        routes.own(desired.key(), route -> true).ifPresent(route -> {
            kept.add(route);
            nextHops.keep(route.nextHopId());
            if (route.nextHopId() != 0) {
                groups.put(desired.name(), route.nextHopId());
            }
        });
    }

    private void leadToHops(DesiredRoute desired) {
        List<RouteHop> hops = desired.legs().stream().map(DesiredRoute.Leg::hop).toList();
        settle(desired, unicast(desired, 0, hops));
    }

    /**
     * The route keeps its group while that can become what is wanted: replaced in place, flows to legs that stay do not move.
     */
    private void leadToGroup(DesiredRoute desired, Resilience resilience) {
        Optional<Route> present = routes.own(desired.key(), route -> nextHops.canBecome(route.nextHopId(), resilience))
                .filter(route -> nextHops.canBecome(route.nextHopId(), resilience));
        if (present.isEmpty() && isTaken(desired)) {
            return;
        }
        Group wanted = new Group(
                desired.legs().stream()
                        .map(leg -> new Member(nextHops.useLeg(leg.nextHop()), leg.weight()))
                        .toList(),
                Optional.of(resilience));
        OptionalInt known = present.isPresent()
                ? OptionalInt.of(present.get().nextHopId())
                : nextHops.findGroup(wanted, this::isNobodys);
        int id = known.orElseGet(nextHops::freeId);
        nextHops.useGroup(id, wanted);
        groups.put(desired.name(), id);
        settle(desired, unicast(desired, id, List.of()));
    }

    private boolean isNobodys(int nextHopId) {
        return !routes.isUsedByOwn(nextHopId) && routes.foreignUserOf(nextHopId).isEmpty();
    }

    private Route unicast(DesiredRoute desired, int nextHopId, List<RouteHop> hops) {
        return new Route(
                desired.prefix(),
                desired.table(),
                protocol,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                desired.metric(),
                nextHopId,
                hops);
    }

    /**
     * Sees to it that the route is there. Where someone else has one of the same key, the kernel might replace theirs instead of the
     * agent's, so nothing is put; an own route that is not as it should be any more goes.
     */
    private void settle(DesiredRoute desired, Route wanted) {
        Optional<Route> present = routes.own(desired.key(), route -> isSame(route, wanted));
        boolean asItShouldBe = present.filter(route -> isSame(route, wanted)).isPresent();
        boolean taken = isTaken(desired);
        if (asItShouldBe || !taken) {
            present.ifPresent(kept::add);
        }
        if (!asItShouldBe && !taken) {
            routePuts.add(new PutRoute(wanted));
        }
    }

    private boolean isTaken(DesiredRoute desired) {
        Optional<Route> theirs = routes.foreign(desired.key());
        theirs.ifPresent(route -> conflicts.put(
                desired.name(),
                desired.key() + " is also a route of protocol " + route.protocol() + ", which is not ours"));
        return theirs.isPresent();
    }

    /** As far as the agent says what a route is; the kernel shows more of it, such as the legs of its group and their state. */
    private static boolean isSame(Route present, Route wanted) {
        if (present.type() != wanted.type() || present.nextHopId() != wanted.nextHopId()) {
            return false;
        }
        return wanted.nextHopId() != 0
                || wanted.type() != Route.Type.UNICAST
                || hops(present).equals(hops(wanted));
    }

    /** Order does not matter, nor does the weight of a single one. */
    private static Set<RouteHop> hops(Route route) {
        boolean single = route.hops().size() == 1;
        Set<RouteHop> hops = new HashSet<>();
        for (RouteHop hop : route.hops()) {
            hops.add(new RouteHop(hop.gateway(), hop.linkIndex(), single ? 1 : hop.weight(), 0));
        }
        return hops;
    }
}
