package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.kernel.KernelState;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand of each: all there after one look, and left alone by the next; how long that takes is printed. */
@Timeout(120)
class ReconcileIT {
    private static final int COUNT = 1_000;
    private static final int LINKS = 3;
    private static final int IDLE_LOOKS = 100;
    private static final double NS_PER_MS = 1e6;

    @Test
    void shouldReconcileAThousandVipsAndRoutesFromNothing() throws Exception {
        Configs configs = new Configs();
        for (int i = 0; i < COUNT / 2; i++) {
            configs.vip("198.18." + i / 250 + "." + i % 250);
            configs.vip("2001:db8:18::" + Integer.toHexString(i));
            configs.route("198.19." + i / 250 + "." + i % 250, Optional.of(RouteConfig.DEFAULT_RESILIENCE), LINKS);
            configs.route("2001:db8:19::" + Integer.toHexString(i), Optional.of(RouteConfig.DEFAULT_RESILIENCE), LINKS);
        }
        try (NetworkOfLinks network = new NetworkOfLinks(LINKS);
                InProcessAgent agent = InProcessAgent.of(network, configs.build())) {
            long startNs = System.nanoTime();
            int changes = agent.look();
            double reconcileMs = (System.nanoTime() - startNs) / NS_PER_MS;

            assertEquals(COUNT + 2 * LINKS + COUNT + COUNT, changes, "VIPs, legs of both families, groups, routes");
            assertAllThere(network.observe());
            double[] idleMs = new double[IDLE_LOOKS];
            for (int i = 0; i < IDLE_LOOKS; i++) {
                startNs = System.nanoTime();
                assertEquals(0, agent.look());
                idleMs[i] = (System.nanoTime() - startNs) / NS_PER_MS;
            }
            Arrays.sort(idleMs);
            System.out.printf(
                    "%d VIPs and routes from nothing: %.0f ms; idle: median %.1f ms, worst of %d %.1f ms%n",
                    COUNT, reconcileMs, idleMs[IDLE_LOOKS / 2], IDLE_LOOKS, idleMs[IDLE_LOOKS - 1]);
        }
    }

    private static void assertAllThere(KernelState state) {
        assertEquals(
                COUNT,
                state.addresses().stream()
                        .filter(address -> address.protocol() == Configs.OURS)
                        .count());
        assertEquals(
                COUNT,
                state.routes().stream()
                        .filter(route -> route.protocol() == Configs.OURS && route.nextHopId() != 0)
                        .peek(route -> assertEquals(LINKS, route.hops().size()))
                        .count());
    }
}
