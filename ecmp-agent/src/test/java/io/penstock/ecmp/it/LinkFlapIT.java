package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Cables are pulled and links set down, several at a time, and come back: after each, every route leads to exactly the legs whose links
 * are up, with their weights. A resilient route and a legacy one, of each family.
 */
@Timeout(300)
class LinkFlapIT {
    private static final int FLAPS = 200;
    private static final int LINKS = 3;
    private static final Set<String> RESILIENT = Set.of("192.0.2.10", "2001:db8:ff::10");
    private static final Set<String> LEGACY = Set.of("192.0.2.11", "2001:db8:ff::11");

    private final Random random = new Random(7);
    private final Set<Integer> pulled = new TreeSet<>();
    private final Set<Integer> down = new TreeSet<>();

    @Test
    void shouldLeadToTheLegsWhoseLinksAreUpAfterEachOf200Flaps() throws Exception {
        Configs configs = new Configs();
        RESILIENT.forEach(vip -> configs.route(vip, Optional.of(RouteConfig.DEFAULT_RESILIENCE), LINKS));
        LEGACY.forEach(vip -> configs.route(vip, Optional.empty(), LINKS));
        try (NetworkOfLinks network = new NetworkOfLinks(LINKS);
                InProcessAgent agent = InProcessAgent.of(network, configs.build())) {
            agent.settle();
            assertRoutes(network, "at first");
            for (int flap = 0; flap < FLAPS; flap++) {
                String what = flap(network);
                agent.settle();
                assertRoutes(network, "flap " + flap + ", " + what);
            }
        }
    }

    private String flap(NetworkOfLinks network) throws Exception {
        int link = 1 + random.nextInt(LINKS);
        if (down.remove(link)) {
            network.setUp(link);
            return "v" + link + " up";
        }
        if (pulled.remove(link)) {
            network.plug(link);
            return "v" + link + " plugged";
        }
        if (random.nextBoolean()) {
            pulled.add(link);
            network.pull(link);
            return "v" + link + " pulled";
        }
        down.add(link);
        network.setDown(link);
        return "v" + link + " down";
    }

    private void assertRoutes(NetworkOfLinks network, String when) throws Exception {
        KernelState state = network.observe();
        Map<Integer, Integer> expected = new TreeMap<>();
        IntStream.rangeClosed(1, LINKS)
                .filter(link -> !down.contains(link) && !pulled.contains(link))
                .forEach(link -> expected.put(link, link));
        Map<Integer, Integer> numbers = new HashMap<>();
        state.links().stream()
                .filter(link -> link.name().startsWith("v"))
                .forEach(link ->
                        numbers.put(link.index(), Integer.parseInt(link.name().substring(1))));
        long routes = 0;
        for (Route route : state.routes()) {
            if (route.protocol() == Configs.OURS) {
                routes++;
                assertEquals(
                        expected.isEmpty() ? Route.Type.UNREACHABLE : Route.Type.UNICAST,
                        route.type(),
                        () -> when + ": " + route);
                assertEquals(expected, weightsByLink(state, route, numbers), () -> when + ": " + route);
            }
        }
        assertEquals(RESILIENT.size() + LEGACY.size(), routes, when);
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
        for (NextHop.Member member : ((Group) targets.get(route.nextHopId())).members()) {
            weights.put(numbers.get(((Leg) targets.get(member.id())).linkIndex()), member.weight());
        }
        return weights;
    }
}
