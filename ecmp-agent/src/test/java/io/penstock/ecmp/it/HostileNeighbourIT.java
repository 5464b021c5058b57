package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Someone else adds, changes and deletes addresses, routes and nexthop objects of their own around the agent's, and takes away, replaces
 * and bends the agent's. The agent puts back what is its own, and whatever it does, all that is theirs is the same before and after.
 */
@Timeout(300)
class HostileNeighbourIT {
    private static final int ROUNDS = 300;
    private static final int LINKS = 3;

    /** Longer than any address that keeps going away is left alone. */
    private static final Duration BETWEEN = Duration.ofMinutes(2);

    /** RTPROT_KERNEL: routes that come and go with an address. */
    private static final int KERNEL = 2;

    /** IFAPROT_KERNEL_LL, the last of the kernel's own: addresses of links, which are tentative for a while. */
    private static final int LAST_KERNEL_ADDRESS = 3;

    private static final List<String> VIPS = List.of("192.0.2.1", "192.0.2.2", "2001:db8:ff::1", "2001:db8:ff::2");
    private static final List<String> RESILIENT = List.of("198.51.100.1", "2001:db8:fe::1");
    private static final List<String> LEGACY = List.of("198.51.100.2");

    @Test
    void shouldChangeNothingOfTheirsAndPutBackItsOwn() throws Exception {
        Configs configs = new Configs();
        VIPS.forEach(configs::vip);
        RESILIENT.forEach(vip -> configs.route(vip, Optional.of(RouteConfig.DEFAULT_RESILIENCE), LINKS));
        LEGACY.forEach(vip -> configs.route(vip, Optional.empty(), LINKS));
        try (NetworkOfLinks network = new NetworkOfLinks(LINKS);
                InProcessAgent agent = InProcessAgent.of(network, configs.build());
                HostileNeighbour neighbour = new HostileNeighbour(network, new Random(11))) {
            agent.settle();
            KernelState wanted = ours(network.observe());
            assertEquals(VIPS.size(), wanted.addresses().size());
            assertEquals(RESILIENT.size() + LEGACY.size(), wanted.routes().size());
            int repairs = 0;
            for (int round = 0; round < ROUNDS; round++) {
                neighbour.act();
                KernelState before = theirs(network.observe());

                repairs += agent.settle();

                int number = round;
                assertEquals(before, theirs(network.observe()), () -> "round " + number + ": " + neighbour.lastAct());
                agent.pass(BETWEEN);
            }
            assertFalse(theirs(network.observe()).routes().isEmpty(), "they have something to lose");
            assertTrue(repairs > ROUNDS / 2, "there was little to put back: " + repairs);

            neighbour.leave();
            agent.settle();

            assertEquals(List.of(), theirs(network.observe()).nextHops());
            assertEquals(shape(wanted), shape(ours(network.observe())));
        }
    }

    private static KernelState ours(KernelState state) {
        return part(state, true);
    }

    private static KernelState theirs(KernelState state) {
        return part(state, false);
    }

    private static KernelState part(KernelState state, boolean ours) {
        return new KernelState(
                List.of(),
                state.addresses().stream()
                        .filter(address -> address.protocol() == 0 || address.protocol() > LAST_KERNEL_ADDRESS)
                        .filter(address -> (address.protocol() == Configs.OURS) == ours)
                        .toList(),
                state.routes().stream()
                        .filter(route -> route.protocol() != KERNEL && (route.protocol() == Configs.OURS) == ours)
                        .toList(),
                state.nextHops().stream()
                        .filter(nextHop -> (nextHop.protocol() == Configs.OURS) == ours)
                        .toList());
    }

    /** Without the ids of nexthop objects, which need not be those of before, and without how long leases still run. */
    private static List<String> shape(KernelState state) {
        return Stream.of(
                        state.addresses().stream()
                                .map(InterfaceAddress::address)
                                .map(Object::toString),
                        state.routes().stream().map(HostileNeighbourIT::shape),
                        state.nextHops().stream().map(NextHop::target).map(target -> target.getClass()
                                .getSimpleName()))
                .flatMap(parts -> parts)
                .sorted()
                .toList();
    }

    private static String shape(Route route) {
        return route.destination() + " " + route.type() + " " + (route.nextHopId() != 0) + " " + route.hops();
    }
}
