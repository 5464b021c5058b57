package io.penstock.ecmp.health;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthListener;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthMonitor.Watch;
import io.penstock.net.IpAddress;
import io.penstock.serving.CheckVerdicts;
import io.penstock.serving.ForwarderWatches;
import io.penstock.serving.ForwarderWatches.Asked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Everything that is asked and probed for one configuration. Another one changes only what it has to: what was heard of a
 * VIP or a leg that stays, stays. Of one thread; its watches have their own.
 */
public final class HealthWatches implements AutoCloseable {
    private final VerdictBoard vips;
    private final LegBoard legs;
    private final LongSupplier nowNs;
    private final HealthMonitor monitor = new HealthMonitor("ecmp-probe");
    private final ForwarderWatches forwarders;
    private final Map<String, Checked> checkedVips = new HashMap<>();
    private final Map<String, Checked> checkedLegs = new HashMap<>();
    private Map<String, Subject> vipsAsked = Map.of();

    /** What a verdict on a VIP is about. */
    private record Subject(IpAddress address, VipHealth health) {}

    /** @param what target and plan, and so a reason to begin anew when they change */
    private record Checked(Object what, Watch watch) {}

    /** @param nowNs the agent's clock; asked from any thread */
    public HealthWatches(VerdictBoard vips, LegBoard legs, LongSupplier nowNs) {
        this.vips = vips;
        this.legs = legs;
        this.nowNs = nowNs;
        forwarders = new ForwarderWatches(vips::post, nowNs, "ecmp-fwd-");
    }

    /** From now on what this configuration wants. */
    public void watch(EcmpConfig config) {
        forget(config);
        watchForwarders(config.vips().values());
        watchVips(config.vips().values());
        watchLegs(config.routes().values());
    }

    /**
     * What is said of a VIP that is gone, of another address, or by another check, says nothing in this configuration: no more of it is said
     * when this returns. For before the configuration is applied, since its VIPs would take that for what {@link #watch} has them told.
     */
    public void forget(EcmpConfig config) {
        Map<String, Subject> next = new HashMap<>();
        config.vips().values().forEach(vip -> next.put(vip.name(), new Subject(vip.address(), vip.health())));
        Set<String> changed = new HashSet<>();
        vipsAsked.forEach((name, asked) -> {
            if (!asked.equals(next.get(name))) {
                changed.add(name);
            }
        });
        changed.forEach(name -> end(checkedVips, name));
        forwarders.forget(changed);
        vips.forget(changed);
        vipsAsked = next;
    }

    private void watchForwarders(Iterable<VipConfig> wanted) {
        List<Asked> asked = new ArrayList<>();
        for (VipConfig vip : wanted) {
            if (vip.health() instanceof VipHealth.Forwarder how) {
                asked.add(new Asked(vip.name(), vip.address(), how.question()));
            }
        }
        forwarders.watch(asked);
    }

    private void watchVips(Iterable<VipConfig> wanted) {
        Map<String, VipHealth.Checks> checks = new HashMap<>();
        for (VipConfig vip : wanted) {
            if (vip.health() instanceof VipHealth.Checks own) {
                checks.put(vip.name(), own);
            }
        }
        endOthers(checkedVips, checks);
        checks.forEach((name, own) -> checkedVips.computeIfAbsent(name, missing -> {
            HealthListener listener = new CheckVerdicts(name, own.plan().isUpAtFirst(), vips::post, nowNs);
            return new Checked(own, monitor.watch(own.target(), own.plan(), listener));
        }));
    }

    private void watchLegs(Iterable<RouteConfig> wanted) {
        Map<String, CheckedTarget> checks = new HashMap<>();
        for (RouteConfig route : wanted) {
            for (LegConfig leg : route.legs()) {
                leg.check().ifPresent(check -> checks.put(route.name() + "/" + leg.id(), check));
            }
        }
        Set<String> ended = endOthers(checkedLegs, checks);
        ended.stream().filter(name -> !checks.containsKey(name)).forEach(legs::forget);
        checks.forEach((name, check) -> checkedLegs.computeIfAbsent(name, missing -> {
            HealthListener listener = new CheckedLeg(name, check.plan().isUpAtFirst(), legs);
            return new Checked(check, monitor.watch(check.target(), check.plan(), listener));
        }));
    }

    private static Set<String> endOthers(Map<String, Checked> running, Map<String, ?> wanted) {
        Set<String> others = new HashSet<>();
        running.forEach((name, checked) -> {
            if (!checked.what().equals(wanted.get(name))) {
                others.add(name);
            }
        });
        others.forEach(name -> end(running, name));
        return others;
    }

    private static void end(Map<String, Checked> running, String name) {
        Checked checked = running.remove(name);
        if (checked != null) {
            checked.watch().close();
        }
    }

    /** Nothing is asked or probed any more; questions under way end by their timeouts. */
    @Override
    public void close() {
        forwarders.close();
        monitor.close();
    }
}
