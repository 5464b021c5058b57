package io.penstock.bgp.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.bgp.control.AgentCounter;
import io.penstock.bgp.control.AgentFigures;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Link;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.operate.Operations;
import io.penstock.bgp.operate.PeerStatus;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Stance.State;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** The agent, its VIPs and the daemon's neighbours as metrics, from one status per scrape. */
final class BgpMetrics implements MultiCollector {
    private static final String PREFIX = "penstock_bgp_";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Operations operations;
    private final AgentFigures figures;
    private final LongSupplier nowNs;

    BgpMetrics(Operations operations, AgentFigures figures, LongSupplier nowNs) {
        this.operations = operations;
        this.figures = figures;
        this.nowNs = nowNs;
    }

    @Override
    public MetricSnapshots collect() {
        AgentStatus status = operations.status();
        MetricFamilies families = new MetricFamilies();
        process(families, status);
        daemon(families, status);
        figures(families);
        status.peers().forEach(peer -> peer(families, peer));
        Set<String> peers = new TreeSet<>();
        status.peers().forEach(peer -> peers.add(peer.name()));
        status.vips().forEach(vip -> vip(families, vip, peers));
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
                PREFIX + "status_age_seconds",
                "How long ago the agent's thread has shown how it is.",
                Labels.EMPTY,
                Math.max(0, nowNs.getAsLong() - status.atNs()) / NANOS_PER_SECOND);
    }

    private static void daemon(MetricFamilies families, AgentStatus status) {
        families.gauge(
                PREFIX + "daemon_up",
                "1 while the daemon answers, BGP is started in it, and its table is known.",
                Labels.EMPTY,
                bit(status.link() == Link.UP));
        families.gauge(
                PREFIX + "paths",
                "VIPs of which the daemon's table has the agent's path.",
                Labels.EMPTY,
                status.vips().stream()
                        .filter(vip -> vip.announced().isPresent())
                        .count());
        families.gauge(
                PREFIX + "foreign_paths", "Paths of others in the daemon's table.", Labels.EMPTY, status.foreign());
    }

    private void figures(MetricFamilies families) {
        for (AgentCounter counter : AgentCounter.values()) {
            families.counter(
                    PREFIX + counter.name().toLowerCase(Locale.ROOT),
                    help(counter),
                    Labels.EMPTY,
                    figures.value(counter));
        }
        families.histogram(
                PREFIX + "announce_reaction_seconds",
                "From what was found out about a VIP to the daemon's word that its path is announced.",
                Labels.EMPTY,
                figures.announceReactions());
        families.histogram(
                PREFIX + "withdraw_reaction_seconds",
                "From what was found out about a VIP to the daemon's word that its path is withdrawn.",
                Labels.EMPTY,
                figures.withdrawReactions());
    }

    private static String help(AgentCounter counter) {
        return switch (counter) {
            case ANNOUNCES -> "Announcements that the daemon has taken, repairs among them.";
            case WITHDRAWALS -> "Withdrawals that the daemon has taken.";
            case REFUSALS -> "Calls that the daemon has answered with no.";
            case LATE_CALLS -> "Calls that the daemon did not answer in time.";
            case REPAIRS ->
                "Paths put right that were missing, changed or too much in the daemon by no doing of the agent.";
            case RESYNCS -> "Looks at the daemon's table because it was time.";
            case RECONNECTS -> "Times that the way to the daemon was up again after it had been lost.";
        };
    }

    /** Only the address is one neighbour's alone. */
    private static void peer(MetricFamilies families, PeerStatus peer) {
        families.gauge(
                PREFIX + "session_up",
                "1 while the daemon's session with this neighbour is established.",
                Labels.of("peer", peer.name(), "address", peer.view().address()),
                bit(peer.view().isEstablished()));
    }

    private static void vip(MetricFamilies families, VipStatus vip, Set<String> peers) {
        Labels labels = Labels.of("vip", vip.config().name());
        for (State state : State.values()) {
            families.gauge(
                    PREFIX + "vip_state",
                    "1 for the state that a VIP is in.",
                    labels.add("state", state.label()),
                    bit(vip.stance().state() == state));
        }
        families.gauge(
                PREFIX + "vip_wanted",
                "1 while the daemon is to announce the VIP's prefix.",
                labels,
                bit(vip.wanted().isPresent()));
        families.gauge(
                PREFIX + "vip_announced",
                "1 while the daemon's table has the agent's path of the VIP.",
                labels,
                bit(vip.announced().isPresent()));
        families.gauge(
                PREFIX + "vip_foreign",
                "1 while somebody else's path is in the daemon at the VIP's prefix.",
                labels,
                bit(vip.foreign()));
        families.gauge(
                PREFIX + "vip_trouble",
                "1 while the daemon is known not to have what it is to announce.",
                labels,
                bit(!vip.trouble().isEmpty()));
        peers.forEach(peer -> families.gauge(
                PREFIX + "vip_sent_to",
                "1 while the daemon sends the VIP's prefix to this neighbour.",
                labels.add("peer", peer),
                bit(vip.sentTo().contains(peer))));
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
