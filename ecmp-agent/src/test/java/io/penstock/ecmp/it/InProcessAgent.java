package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.host.HostRole;
import io.penstock.ecmp.host.HostStep;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.ecmp.router.RouterStep;
import io.penstock.linux.LinuxSyscalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both roles and the real kernel, without the agent around them: a test says when they look, and what time it is. */
final class InProcessAgent implements AutoCloseable {
    private static final int LOOKS_MAX = 10;

    private final NetlinkKernel kernel;
    private final HostRole host;
    private final RouterRole router;
    private long nowNs = Duration.ofHours(1).toNanos();

    private InProcessAgent(NetworkOfLinks network, EcmpConfig config) throws Exception {
        host = new HostRole(config, nowNs);
        router = new RouterRole(config, nowNs);
        kernel = network.namespace().call(() -> NetlinkKernel.open(new LinuxSyscalls(), router::tables));
    }

    static InProcessAgent of(NetworkOfLinks network, EcmpConfig config) throws Exception {
        return new InProcessAgent(network, config);
    }

    void pass(Duration time) {
        nowNs += time.toNanos();
    }

    /**
     * One look, and what follows from it.
     *
     * @return how many changes were asked for
     */
    int look() throws Exception {
        KernelState observed = kernel.observe();
        int changes = 0;
        HostStep step = host.step(nowNs, observed, Map.of());
        while (!step.changes().isEmpty()) {
            List<KernelChange> asked = step.changes();
            changes += asked.size();
            step = host.applied(asked, kernel.apply(asked), nowNs);
        }
        RouterStep routes = router.step(observed, Map.of(), nowNs);
        List<Optional<String>> results = kernel.apply(routes.changes());
        router.applied(routes, results, nowNs);
        return changes + routes.changes().size();
    }

    /**
     * Looks until there is nothing left to do.
     *
     * @return how many changes were asked for
     */
    int settle() throws Exception {
        int changes = 0;
        for (int i = 0; i < LOOKS_MAX; i++) {
            int more = look();
            changes += more;
            if (more == 0) {
                return changes;
            }
        }
        return fail("still changing after " + LOOKS_MAX + " looks: " + router.views() + " " + host.views(nowNs));
    }

    @Override
    public void close() {
        kernel.close();
    }
}
