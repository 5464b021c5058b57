package io.penstock.ecmp.router;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.router.RouterStep.Transition;
import io.penstock.netlink.NextHop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a router does: leads every configured route to those of its legs whose link is up and whose checks pass. Of the agent's thread
 * only; no I/O, no clock. Each step looks at everything anew, so it does not matter why anything is different from what it should be.
 *
 * <p>A leg that no check has said anything of stays where it is found: routes that a former run left go on as they are until there is
 * a verdict.
 */
public final class RouterRole {
    private static final long RETRY_NS = 1_000_000_000L;

    private final int protocol;
    private final int firstNextHopId;
    private final Refusals refusals = new Refusals();
    private final Set<Integer> tables = new TreeSet<>();
    private Map<String, RouteTracker> routes = new LinkedHashMap<>();
    private Map<String, String> routeRefusals = new HashMap<>();
    private RouterPlan plan = new RouterPlan(List.of(), Map.of(), Map.of());

    public RouterRole(EcmpConfig config, long nowNs) {
        this.protocol = config.protocol();
        this.firstNextHopId = config.nextHopIds();
        reconfigure(config, nowNs);
    }

    /** How {@code legUp} and transitions name a leg. */
    public static String legKey(String route, String leg) {
        return route + "/" + leg;
    }

    /** All routing tables that its routes are or were in: what has to be observed. */
    public Set<Integer> tables() {
        return Set.copyOf(tables);
    }

    /**
     * Takes other routes and legs; routes that are not there any more go with the next step, all else stays as it is. Another protocol
     * number or first id is for the next run.
     */
    public void reconfigure(EcmpConfig config, long nowNs) {
        Map<String, RouteTracker> next = new LinkedHashMap<>();
        for (RouteConfig route : config.routes().values()) {
            tables.add(route.table());
            next.put(route.name(), new RouteTracker(route, Optional.ofNullable(routes.get(route.name())), nowNs));
        }
        routes = next;
        refusals.forgetAll();
    }

    /**
     * Takes a route away, whatever its legs do, until it is resumed.
     *
     * @return whether there is such a route
     */
    public boolean withdraw(String route) {
        return setWithdrawn(route, true);
    }

    public boolean resume(String route) {
        return setWithdrawn(route, false);
    }

    private boolean setWithdrawn(String route, boolean withdrawn) {
        RouteTracker tracker = routes.get(route);
        if (tracker != null) {
            tracker.withdraw(withdrawn);
        }
        return tracker != null;
    }

    /**
     * Compares what there is with what there should be.
     *
     * @param observed all nexthop objects, and the routes of at least {@link #tables}
     * @param legUp by {@link #legKey} what the checks of a leg say; a leg that is not in it is not known yet
     */
    public RouterStep step(KernelState observed, Map<String, Boolean> legUp, long nowNs) {
        List<Transition> transitions = new ArrayList<>();
        List<DesiredRoute> desired = new ArrayList<>(routes.size());
        LinkTable links = new LinkTable(observed);
        RouterReconciler reconciler = new RouterReconciler(observed, protocol, firstNextHopId);
        refusals.forgetIf(reconciler::hasLeg);
        for (RouteTracker route : routes.values()) {
            RouteKey key = route.key();
            route.observe(links, legUp, refusals, nowNs, transitions);
            desired.add(route.decide(leg -> reconciler.leadsTo(key, leg), leg -> refusals.isDue(leg, nowNs)));
        }
        plan = reconciler.plan(desired);
        for (DesiredRoute route : desired) {
            Optional<String> refusal = Optional.ofNullable(routeRefusals.get(route.name()));
            routes.get(route.name()).settle(route, plan, refusal, nowNs, transitions);
        }
        return new RouterStep(
                plan.changes(), List.copyOf(plan.conflicts().values()), transitions, refusals.nextRetryNs(nowNs));
    }

    /**
     * Takes in what the kernel said to the changes of the last step; to be told after every step, even one without changes.
     *
     * @param results for each change nothing, or why it was refused
     * @return when to ask for the next step at the latest, whether or not anything happens
     */
    public long applied(RouterStep step, List<Optional<String>> results, long nowNs) {
        Map<String, String> refused = new HashMap<>();
        boolean legsChanged = false;
        for (int i = 0; i < results.size(); i++) {
            KernelChange change = step.changes().get(i);
            Optional<String> words = results.get(i);
            if (change instanceof PutNextHop put && put.nextHop().target() instanceof NextHop.Leg leg) {
                legsChanged |= words.isPresent() ? refusals.refused(leg, words.get(), nowNs) : refusals.forget(leg);
            } else if (words.isPresent()) {
                routeOf(change).ifPresent(route -> refused.putIfAbsent(route, words.get()));
            }
        }
        if (legsChanged) {
            // Groups were refused with a leg, or can have one more.
            return nowNs;
        }
        routeRefusals = refused;
        long retryNs = refusals.nextRetryNs(nowNs);
        return refused.isEmpty() ? retryNs : Math.min(nowNs + RETRY_NS, retryNs);
    }

    /** The route that a group or route is put for. */
    private Optional<String> routeOf(KernelChange change) {
        if (change instanceof PutNextHop put) {
            return plan.groups().entrySet().stream()
                    .filter(entry -> entry.getValue() == put.nextHop().id())
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
        if (change instanceof PutRoute put) {
            RouteKey key = RouteKey.of(put.route());
            return routes.values().stream()
                    .filter(route -> route.key().equals(key))
                    .map(route -> route.config().name())
                    .findFirst();
        }
        return Optional.empty();
    }

    public List<RouteView> views() {
        return routes.values().stream().map(RouteTracker::view).toList();
    }

    /** All that is this agent's goes, routes before what they lead to, except what someone else's routes need. */
    public static List<KernelChange> withdrawAll(KernelState observed, int protocol) {
        return new RouterReconciler(observed, protocol, EcmpConfig.DEFAULT_NEXT_HOP_IDS)
                .plan(List.of())
                .changes();
    }
}
