package io.penstock.ecmp.it;

import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cables are pulled and links set down, several at a time, and come back; and what the routes over them have to be after each. A
 * resilient route and a legacy one, of each family, with legs of different weights.
 */
final class LinkFlaps {
    static final int LINKS = 3;
    private static final List<String> RESILIENT = List.of("192.0.2.10", "2001:db8:ff::10");
    private static final List<String> LEGACY = List.of("192.0.2.11", "2001:db8:ff::11");

    private final Random random = new Random(7);
    private final Set<Integer> pulled = new TreeSet<>();
    private final Set<Integer> down = new TreeSet<>();
    private final NetworkOfLinks network;
    private String last = "at first";

    LinkFlaps(NetworkOfLinks network) {
        this.network = network;
    }

    static Configs configs() {
        Configs configs = new Configs();
        RESILIENT.forEach(vip -> configs.route(vip, Optional.of(RouteConfig.DEFAULT_RESILIENCE), LINKS));
        LEGACY.forEach(vip -> configs.route(vip, Optional.empty(), LINKS));
        return configs;
    }

    /** One link goes, or comes back. */
    void flap() throws Exception {
        int link = 1 + random.nextInt(LINKS);
        if (down.remove(link)) {
            last = "v" + link + " set up";
            network.setUp(link);
        } else if (pulled.remove(link)) {
            last = "v" + link + " plugged";
            network.plug(link);
        } else if (random.nextBoolean()) {
            last = "v" + link + " pulled";
            pulled.add(link);
            network.pull(link);
        } else {
            last = "v" + link + " set down";
            down.add(link);
            network.setDown(link);
        }
    }

    /** What is not as it has to be: every route leads to exactly the legs whose links are up, with their weights. */
    List<String> wrong() throws Exception {
        KernelState state = network.observe();
        Map<Integer, Integer> expected = new TreeMap<>();
        for (int link = 1; link <= LINKS; link++) {
            if (!down.contains(link) && !pulled.contains(link)) {
                expected.put(link, link);
            }
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        state.links().stream()
                .filter(link -> link.name().startsWith("v"))
                .forEach(link ->
                        numbers.put(link.index(), Integer.parseInt(link.name().substring(1))));
        List<String> wrong = new ArrayList<>();
        int routes = 0;
        for (Route route : state.routes()) {
            if (route.protocol() == Configs.OURS) {
                routes++;
                Route.Type type = expected.isEmpty() ? Route.Type.UNREACHABLE : Route.Type.UNICAST;
                if (route.type() != type
                        || !weightsByLink(state, route, numbers).equals(expected)) {
                    wrong.add(last + ": " + route);
                }
            }
        }
        if (routes != RESILIENT.size() + LEGACY.size()) {
            wrong.add(last + ": " + routes + " routes");
        }
        return wrong;
    }

    /** Weights do not matter where there is one leg; the kernel then shows none of a legacy route. */
    private static Map<Integer, Integer> weightsByLink(KernelState state, Route route, Map<Integer, Integer> numbers) {
        Map<Integer, Integer> weights = new TreeMap<>();
        if (route.nextHopId() == 0) {
            for (RouteHop hop : route.hops()) {
                int number = numbers.get(hop.linkIndex());
                weights.put(number, route.hops().size() == 1 ? number : hop.weight());
            }
            return weights;
        }
        Map<Integer, NextHop.Target> targets = new HashMap<>();
        state.nextHops().forEach(nextHop -> targets.put(nextHop.id(), nextHop.target()));
        if (targets.get(route.nextHopId()) instanceof Group group) {
            for (NextHop.Member member : group.members()) {
                if (targets.get(member.id()) instanceof Leg leg) {
                    weights.put(numbers.get(leg.linkIndex()), member.weight());
                }
            }
        }
        return weights;
    }
}
