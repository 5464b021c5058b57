package io.penstock.ecmp.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.control.AgentCounter;
import io.penstock.ecmp.control.AgentFigures;
import io.penstock.ecmp.control.ChangeKind;
import io.penstock.ecmp.host.VipState;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.ecmp.router.LegState;
import io.penstock.ecmp.router.RouteState;
import io.penstock.ecmp.router.RouteView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The agent, its VIPs and its routes as metrics, from one status per scrape. */
final class AgentMetrics implements MultiCollector {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<AgentStatus> source;
    private final AgentFigures figures;
    private final Supplier<ReloadResult> lastReload;
    private final LongSupplier nowNs;

    AgentMetrics(
            Supplier<AgentStatus> source, AgentFigures figures, Supplier<ReloadResult> lastReload, LongSupplier nowNs) {
        this.source = source;
        this.figures = figures;
        this.lastReload = lastReload;
        this.nowNs = nowNs;
    }

    @Override
    public MetricSnapshots collect() {
        AgentStatus status = source.get();
        MetricFamilies families = new MetricFamilies();
        process(families, status);
        counters(families);
        changes(families);
        durations(families);
        long now = nowNs.getAsLong();
        status.vips().forEach(vip -> vip(families, status, vip, now));
        status.routes().forEach(route -> route(families, route));
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
                bit(lastReload.get().applied()));
        families.gauge(
                "penstock_ecmp_trouble",
                "1 while the kernel gives no answer.",
                Labels.EMPTY,
                bit(status.trouble().isPresent()));
        families.gauge(
                "penstock_ecmp_conflicts",
                "Routes that cannot be had because they are someone else's.",
                Labels.EMPTY,
                status.conflicts().size());
    }

    private void counters(MetricFamilies families) {
        for (AgentCounter counter : AgentCounter.values()) {
            families.counter(
                    "penstock_ecmp_" + StatusJson.word(counter).replace('-', '_'),
                    help(counter),
                    Labels.EMPTY,
                    figures.value(counter));
        }
    }

    private static String help(AgentCounter counter) {
        return switch (counter) {
            case RECONCILES -> "Looks at the whole of the kernel, each followed by the changes that it calls for.";
            case RESYNCS -> "Looks that came because it was time, not because anything had been told.";
            case FAILURES -> "Looks and changes that the kernel gave no answer to.";
            case REFRESHES -> "Batches of lease refreshes.";
            case EVENTS -> "Changes that the kernel told of, whoever made them.";
            case EVENTS_LOST -> "Times that the kernel told more than was taken in.";
        };
    }

    private void changes(MetricFamilies families) {
        for (ChangeKind kind : ChangeKind.values()) {
            change(families, kind, "made", figures.made(kind));
            change(families, kind, "refused", figures.refused(kind));
        }
    }

    private static void change(MetricFamilies families, ChangeKind kind, String result, long value) {
        families.counter(
                "penstock_ecmp_changes",
                "Changes asked of the kernel.",
                Labels.of("change", kind.label(), "result", result),
                value);
    }

    private void durations(MetricFamilies families) {
        families.histogram(
                "penstock_ecmp_reconcile_seconds",
                "A look at the whole of the kernel, and the changes that it called for.",
                Labels.EMPTY,
                figures.reconcileDurations());
        families.histogram(
                "penstock_ecmp_refresh_lateness_seconds",
                "How long after they were due leases were refreshed.",
                Labels.EMPTY,
                figures.refreshLateness());
    }

    private static void vip(MetricFamilies families, AgentStatus status, VipView vip, long now) {
        Labels labels = Labels.of("vip", vip.name(), "address", vip.address().toString());
        for (VipState state : VipState.values()) {
            families.gauge(
                    "penstock_ecmp_vip_state",
                    "1 for the state that a VIP is in.",
                    labels.add("state", state.word()),
                    bit(vip.state() == state));
        }
        families.gauge(
                "penstock_ecmp_vip_announced",
                "1 while clients should be led to the VIP.",
                labels,
                bit(status.isAnnounced(vip, now)));
        families.gauge(
                "penstock_ecmp_vip_lease_left_seconds",
                "Until the kernel would remove the VIP by itself.",
                labels,
                status.leaseLeftNs(vip, now) / NANOS_PER_SECOND);
        families.counter("penstock_ecmp_vip_refreshes", "Refreshes of the VIP's lease.", labels, vip.refreshes());
        families.counter(
                "penstock_ecmp_vip_lapses", "Leases that ran out before they were refreshed.", labels, vip.lapses());
        families.counter(
                "penstock_ecmp_vip_removals", "Times that someone else has removed the VIP.", labels, vip.removals());
    }

    private static void route(MetricFamilies families, RouteView route) {
        Labels labels = Labels.of("route", route.name());
        for (RouteState state : RouteState.values()) {
            families.gauge(
                    "penstock_ecmp_route_state",
                    "1 for the state that a route is in.",
                    labels.add("state", state.word()),
                    bit(route.state() == state));
        }
        families.gauge(
                "penstock_ecmp_route_legs",
                "Legs that a route is configured to have.",
                labels,
                route.legs().size());
        route.legs().forEach(leg -> {
            Labels ofLeg = labels.add("leg", leg.id());
            families.gauge(
                    "penstock_ecmp_leg_up",
                    "1 while the leg's link is up and its checks pass.",
                    ofLeg,
                    bit(leg.state() == LegState.UP));
            families.gauge("penstock_ecmp_leg_used", "1 while the route leads to the leg.", ofLeg, bit(leg.used()));
        });
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
