package io.penstock.vrrp.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.control.AgentCounter;
import io.penstock.vrrp.control.AgentFigures;
import io.penstock.vrrp.event.HookResult;
import io.penstock.vrrp.event.HookView;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.Operations;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.State;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The agent, its routers and its hooks as metrics, from one status per scrape. */
final class VrrpMetrics implements MultiCollector {
    private static final String PREFIX = "penstock_vrrp_";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Operations operations;
    private final AgentFigures figures;
    private final Supplier<List<HookView>> hooks;
    private final LongSupplier nowNs;

    VrrpMetrics(Operations operations, AgentFigures figures, Supplier<List<HookView>> hooks, LongSupplier nowNs) {
        this.operations = operations;
        this.figures = figures;
        this.hooks = hooks;
        this.nowNs = nowNs;
    }

    @Override
    public MetricSnapshots collect() {
        AgentStatus status = operations.status();
        MetricFamilies families = new MetricFamilies();
        process(families, status);
        counters(families);
        long now = nowNs.getAsLong();
        status.routers().forEach(router -> router(families, status, router, now));
        status.groups().forEach(group -> states(families, "group", group.name(), group.state()));
        hooks.get().forEach(hook -> hook(families, hook));
        return families.build();
    }

    private void process(MetricFamilies families, AgentStatus status) {
        families.gauge(
                "penstock_ready",
                "1 while the agent runs, 0 while it starts or stops.",
                Labels.EMPTY,
                bit(status.phase() == Phase.RUNNING));
        families.gauge(
                "penstock_last_reload_successful",
                "1 when the configuration file was applied the last time that it was read.",
                Labels.EMPTY,
                bit(operations.lastReload().applied()));
        families.gauge(
                PREFIX + "trouble",
                "1 while the kernel gives no answer.",
                Labels.EMPTY,
                bit(status.trouble().isPresent()));
    }

    private void counters(MetricFamilies families) {
        for (AgentCounter counter : AgentCounter.values()) {
            families.counter(
                    PREFIX + counter.name().toLowerCase(Locale.ROOT),
                    help(counter),
                    Labels.EMPTY,
                    figures.value(counter));
        }
        families.histogram(
                PREFIX + "lateness_seconds",
                "How long after they were due deadlines of routers were served.",
                Labels.EMPTY,
                figures.lateness());
    }

    private static String help(AgentCounter counter) {
        return switch (counter) {
            case UNKNOWN_VRIDS -> "Packets of virtual routers that are not configured here.";
            case KERNEL_NEWS -> "Times that the kernel told of interfaces or addresses.";
            case KERNEL_FAILURES -> "Times that the kernel gave no answer.";
            case TURNS -> "Turns of the agent's thread.";
        };
    }

    private static void router(MetricFamilies families, AgentStatus status, RouterStatus router, long now) {
        String name = router.config().name();
        states(families, "router", name, router.view().state());
        Labels labels = Labels.of("router", name);
        families.gauge(
                PREFIX + "router_priority",
                "Priority in effect.",
                labels,
                router.view().priority());
        for (RouterCounter counter : RouterCounter.values()) {
            families.counter(
                    PREFIX + counter.metric(),
                    counter.help(),
                    labels,
                    router.counters().getOrDefault(counter, 0L));
        }
        router.vips().forEach(vip -> vip(families, status, name, vip, now));
        router.tracks().forEach(track -> {
            Labels ofTrack = labels.add("track", track.name());
            families.gauge(
                    PREFIX + "track_up", "1 while it is known and up.", ofTrack, bit(track.known() && track.up()));
            families.gauge(
                    PREFIX + "track_contribution", "What it adds to the priority.", ofTrack, track.contribution());
        });
    }

    /** One of them is 1. */
    private static void states(MetricFamilies families, String what, String name, State state) {
        for (State one : State.values()) {
            families.gauge(
                    PREFIX + what + "_state",
                    "1 for the state that a " + what + " is in.",
                    Labels.of(what, name, "state", one.label()),
                    bit(state == one));
        }
    }

    private static void vip(MetricFamilies families, AgentStatus status, String router, VipView vip, long now) {
        // In IPv6 the same link-local one may be on two interfaces.
        Labels labels =
                Labels.of("router", router, "address", vip.address().toString(), "interface", vip.interfaceName());
        families.gauge(PREFIX + "vip_present", "1 while this host has the VIP.", labels, bit(vip.present()));
        families.gauge(
                PREFIX + "vip_lease_left_seconds",
                "Until the kernel would remove the VIP by itself.",
                labels,
                VipHealth.leaseLeft(status, vip, now).toNanos() / NANOS_PER_SECOND);
    }

    private static void hook(MetricFamilies families, HookView hook) {
        Labels labels = Labels.of("hook", hook.name());
        for (HookResult result : HookResult.values()) {
            families.counter(
                    PREFIX + "hook_runs",
                    "Runs of a hook, by how they ended.",
                    labels.add("result", result.label()),
                    hook.runs().getOrDefault(result, 0L));
        }
        families.counter(PREFIX + "hook_missed", "Events that a hook was never told.", labels, hook.missed());
        families.gauge(PREFIX + "hook_queued", "Events that a hook has still to be told.", labels, hook.queued());
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
