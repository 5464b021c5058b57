package io.penstock.ecmp.control;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.health.LegBoard;
import io.penstock.ecmp.health.VerdictBoard;
import io.penstock.ecmp.host.HostRole;
import io.penstock.ecmp.host.HostStep;
import io.penstock.ecmp.host.VipState;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.kernel.Kernel;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.ecmp.router.RouterStep;
import io.penstock.serving.VipVerdict.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Both roles against one kernel: what they decide is done, and they are told what became of it. Of the agent's thread, as the
 * roles and the kernel's edge are.
 */
final class Roles {
    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);

    /** What became of changes may call for others, once or twice; for more a look at the kernel is needed. */
    private static final int ROUNDS = 3;

    private final Kernel kernel;
    private final VerdictBoard verdicts;
    private final LegBoard legs;
    private final LongSupplier nowNs;
    private final AgentFigures figures;
    private final int protocol;
    private final HostRole host;
    private final RouterRole router;
    private long hostWakeNs = Long.MAX_VALUE;
    private long routerWakeNs = Long.MAX_VALUE;
    private boolean routing = true;
    private boolean wantsLook;
    private List<String> conflicts = List.of();

    Roles(
            EcmpConfig config,
            Kernel kernel,
            VerdictBoard verdicts,
            LegBoard legs,
            LongSupplier nowNs,
            AgentFigures figures) {
        this.kernel = kernel;
        this.verdicts = verdicts;
        this.legs = legs;
        this.nowNs = nowNs;
        this.figures = figures;
        protocol = config.protocol();
        host = new HostRole(config, nowNs.getAsLong());
        router = new RouterRole(config, nowNs.getAsLong());
    }

    /** Looks at everything and brings it to what it should be. */
    void reconcile() throws IOException {
        wantsLook = false;
        KernelState observed = kernel.observe();
        long now = nowNs.getAsLong();
        perform(host.step(now, observed, verdicts.verdicts()));
        if (routing) {
            route(router.step(observed, legs.up(), now));
        }
        verdicts.await(awaited(now));
    }

    /** Refreshes the leases that are due; nothing else is looked at. */
    void refresh() throws IOException {
        long now = nowNs.getAsLong();
        long dueNs = hostWakeNs;
        HostStep step = host.refresh(now);
        if (!step.changes().isEmpty()) {
            figures.count(AgentCounter.REFRESHES);
            figures.refreshed(now - dueNs);
        }
        perform(step);
    }

    private void perform(HostStep first) throws IOException {
        HostStep step = first;
        for (int round = 0; ; round++) {
            // Before the kernel is asked: when it does not answer, these count.
            hostWakeNs = step.wakeAtNs();
            wantsLook |= step.observe();
            step.transitions().forEach(Roles::log);
            if (step.changes().isEmpty()) {
                return;
            }
            if (round == ROUNDS) {
                wantsLook = true;
                return;
            }
            List<Optional<String>> results = apply(step.changes());
            step = host.applied(step.changes(), results, nowNs.getAsLong());
        }
    }

    private void route(RouterStep step) throws IOException {
        routerWakeNs = step.wakeAtNs();
        step.transitions()
                .forEach(transition -> LOG.info(
                        "event=route subject={} from={} to={} reason=\"{}\"",
                        transition.what(),
                        transition.from(),
                        transition.to(),
                        transition.reason()));
        if (!step.conflicts().equals(conflicts)) {
            conflicts = step.conflicts();
            conflicts.forEach(conflict -> LOG.warn("event=conflict conflict=\"{}\"", conflict));
        }
        routerWakeNs = router.applied(step, apply(step.changes()), nowNs.getAsLong());
    }

    private List<Optional<String>> apply(List<KernelChange> changes) throws IOException {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<Optional<String>> results = kernel.apply(changes);
        figures.changed(changes, results);
        return results;
    }

    private static void log(HostStep.Transition transition) {
        boolean fault = transition.to() == VipState.FAULT;
        LOG.atLevel(fault ? Level.WARN : Level.INFO)
                .log(
                        "event=vip vip={} from={} to={} reason=\"{}\"",
                        transition.vip(),
                        transition.from().word(),
                        transition.to().word(),
                        transition.reason());
    }

    /** Whom a verdict would help that says again what was said before. */
    private Set<String> awaited(long now) {
        return host.views(now).stream()
                .filter(vip -> vip.state() == VipState.WAITING || vip.verdict().kind() == Kind.UNKNOWN)
                .map(VipView::name)
                .collect(Collectors.toSet());
    }

    /** When to {@link #refresh} at the latest. */
    long refreshAtNs() {
        return hostWakeNs;
    }

    /** When to {@link #reconcile} at the latest. */
    long reconcileAtNs() {
        return wantsLook ? Long.MIN_VALUE : routerWakeNs;
    }

    boolean withdraw(String name) {
        boolean vip = host.withdraw(name);
        boolean route = router.withdraw(name);
        return vip || route;
    }

    void withdrawAll() {
        host.withdrawAll();
        router.views().forEach(route -> router.withdraw(route.name()));
    }

    boolean resume(String name) {
        boolean vip = host.resume(name);
        boolean route = router.resume(name);
        return vip || route;
    }

    void reconfigure(EcmpConfig config) {
        host.reconfigure(config, nowNs.getAsLong());
        router.reconfigure(config, nowNs.getAsLong());
    }

    /** VIPs leave with the next looks, in order or at once, and routes are not looked after any more. */
    void stop(boolean inOrder) {
        routing = false;
        routerWakeNs = Long.MAX_VALUE;
        if (inOrder) {
            host.stop();
        } else {
            host.stopNow();
        }
    }

    boolean isDone() {
        return host.isDone();
    }

    /** Everything of the router role that carries the agent's mark goes, also what a former run has left. */
    void removeRoutes() throws IOException {
        List<KernelChange> changes = RouterRole.withdrawAll(kernel.observe(), protocol);
        List<Optional<String>> results = apply(changes);
        for (int i = 0; i < changes.size(); i++) {
            if (results.get(i).isPresent()) {
                LOG.warn(
                        "event=not-removed change=\"{}\" cause=\"{}\"",
                        changes.get(i),
                        results.get(i).get());
            }
        }
    }

    AgentStatus status(Phase phase, Optional<String> trouble) {
        long now = nowNs.getAsLong();
        return new AgentStatus(phase, now, host.views(now), router.views(), conflicts, trouble);
    }
}
