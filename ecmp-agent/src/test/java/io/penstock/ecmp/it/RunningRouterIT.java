package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.NextHop;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's process on a router: it hears of what happens, and nobody tells it when to look. */
@Timeout(300)
class RunningRouterIT {
    private static final int FLAPS = 200;
    private static final int COUNT = 1_000;
    private static final double NS_PER_MS = 1e6;

    @TempDir
    Path directory;

    @Test
    void shouldFollowLinksThroughEachOf200Flaps() throws Exception {
        try (NetworkOfLinks network = new NetworkOfLinks(LinkFlaps.LINKS);
                DistProcess agent = DistProcess.agent(
                        network.namespace(), directory, LinkFlaps.configs().yaml(directory))) {
            LinkFlaps flaps = new LinkFlaps(network);
            awaitNothingWrong("at first", flaps);
            for (int i = 0; i < FLAPS; i++) {
                flaps.flap();
                awaitNothingWrong("flap " + i, flaps);
            }
            assertEquals(0, agent.stop());
            assertEquals(List.of(), flaps.wrong(), "routes stay when the agent ends");
        }
    }

    @Test
    void shouldHaveAThousandVipsAndRoutesAndTakeThemOverFromAKilledRun() throws Exception {
        Configs configs = new Configs();
        for (int i = 0; i < COUNT; i++) {
            configs.vip("198.18." + i / 250 + "." + i % 250);
            configs.route("198.19." + i / 250 + "." + i % 250, Optional.of(RouteConfig.DEFAULT_RESILIENCE), 2);
        }
        try (NetworkOfLinks network = new NetworkOfLinks(2)) {
            List<NextHop> left;
            long startNs = System.nanoTime();
            try (DistProcess agent = DistProcess.agent(network.namespace(), directory, configs.yaml(directory))) {
                NetworkNamespace.await("a thousand of each", () -> isAllThere(network.observe()));
                System.out.printf(
                        "%d VIPs and routes, from the start of the process: %.0f ms%n",
                        COUNT, (System.nanoTime() - startNs) / NS_PER_MS);
                left = network.observe().nextHops();
                agent.kill();
            }
            try (DistProcess agent = DistProcess.agent(network.namespace(), directory, configs.yaml(directory))) {
                assertEquals(left, network.observe().nextHops(), "groups and legs are those of the former run");
                assertEquals(0, agent.stop());
            }
            assertEquals(0, vips(network.observe()), "VIPs leave with the agent");
            assertEquals(COUNT, routes(network.observe()), "routes stay");
        }
    }

    private static void awaitNothingWrong(String when, LinkFlaps flaps) throws Exception {
        NetworkNamespace.await(when, () -> flaps.wrong().isEmpty());
    }

    private static boolean isAllThere(KernelState state) {
        return vips(state) == COUNT && routes(state) == COUNT;
    }

    private static long vips(KernelState state) {
        return state.addresses().stream()
                .filter(address -> address.protocol() == Configs.OURS)
                .count();
    }

    private static long routes(KernelState state) {
        return state.routes().stream()
                .filter(route -> route.protocol() == Configs.OURS && route.nextHopId() != 0)
                .count();
    }
}
