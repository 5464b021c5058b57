package io.penstock.bgp.client;

import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.config.PeerConfig.Family;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth.Checks;
import io.penstock.bgp.config.VipHealth.Forwarder;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.bgp.route.Community;
import io.penstock.config.DurationText;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What follows from a configuration that is right, and what people often regret; for them. */
final class Advice {
    private final BgpConfig config;
    private final Collection<PeerConfig> peers;
    private final List<String> lines = new ArrayList<>();

    private Advice(BgpConfig config) {
        this.config = config;
        peers = config.peers().map(Map::values).orElse(List.of());
    }

    static List<String> lines(BgpConfig config) {
        Advice advice = new Advice(config);
        advice.daemon(config.daemon());
        advice.sessions();
        advice.peers.forEach(advice::peer);
        config.vips().values().forEach(advice::vip);
        advice.process();
        return advice.lines;
    }

    private void daemon(DaemonConfig daemon) {
        if (daemon.address() instanceof Address.Tcp tcp && daemon.tls().isEmpty() && !isHere(tcp.host())) {
            warn(
                    "gobgp",
                    "is spoken to over the network without tls: whoever reaches " + tcp
                            + " can announce anything, and whoever is between can too");
        }
    }

    /** Names are not looked up: that one stays on this host is known of one only. */
    private static boolean isHere(String host) {
        return host.equals("localhost")
                || IpAddress.parse(host).filter(IpAddress::isLoopback).isPresent();
    }

    private void sessions() {
        if (config.global().isPresent() && config.peers().isEmpty()) {
            note("global", "starts a daemon whose neighbours are somebody else's: see peers");
        }
        if (config.global().isEmpty() && config.peers().isPresent()) {
            warn("peers", "have no global: the agent waits until somebody else starts the daemon");
        }
    }

    private void peer(PeerConfig peer) {
        String about = "peer " + peer.name();
        note(
                about,
                "leaves a host that is silent after " + seconds(peer.holdTime())
                        + ", or its own hold time when that is shorter");
        peer.gracefulRestart()
                .ifPresent(time -> warn(
                        about,
                        "keeps paths for " + seconds(time)
                                + " after the daemon is gone (graceful-restart): clients are led to a host that is dead"
                                + " for so long"));
        if (isExternal(peer) && peer.ttlSecurity().isEmpty() && peer.password().isEmpty()) {
            note(about, "has neither ttl-security nor password-file: others can break into the session");
        }
    }

    private boolean isExternal(PeerConfig peer) {
        return config.global().filter(global -> global.asn() == peer.asn()).isEmpty();
    }

    private boolean isInternal(PeerConfig peer) {
        return config.global().filter(global -> global.asn() == peer.asn()).isPresent();
    }

    private void vip(VipConfig vip) {
        String about = "VIP " + vip.name();
        health(about, vip);
        family(about, vip);
        nextHop(about, vip);
        attributes(about, vip);
        if (vip.holdDown().isEmpty()) {
            warn(about, "has no hold-down: routers that dampen routes shut it out after about three losses");
        }
    }

    private void health(String about, VipConfig vip) {
        if (!(vip.health() instanceof Services services)) {
            warn(
                    about,
                    vip.presence()
                            ? "has no health: it is announced while its address is here, whatever happens behind it"
                            : "has neither health nor presence: it is announced as long as the agent runs");
            return;
        }
        slowest(services)
                .ifPresent(time -> note(about, "is withdrawn " + seconds(time) + " after it has failed, at most"));
        if (!vip.presence()
                && vip.address().isPresent()
                && services.services().values().stream().allMatch(Forwarder.class::isInstance)) {
            warn(
                    about,
                    "is announced whether or not its address is here (presence: false): the forwarder says that it"
                            + " serves it, not that packets reach it");
        }
    }

    /** When the last of them would be known to be down. */
    private static Optional<Duration> slowest(Services services) {
        return services.services().values().stream().map(Advice::timeToFall).max(Duration::compareTo);
    }

    private static Duration timeToFall(Service service) {
        return service instanceof Forwarder forwarder
                ? forwarder.question().timeToFall()
                : ((Checks) service).plan().timeToFall();
    }

    private void family(String about, VipConfig vip) {
        Family family = vip.prefix().isIpv4() ? Family.IPV4 : Family.IPV6;
        if (config.peers().isPresent()
                && peers.stream().noneMatch(peer -> peer.families().contains(family))) {
            warn(
                    about,
                    "reaches nobody: no peer has " + (vip.prefix().isIpv4() ? "ipv4" : "ipv6") + " among its families");
        }
    }

    /** The other way round there is RFC 8950, which gobgpd offers. */
    private void nextHop(String about, VipConfig vip) {
        if (vip.prefix().isIpv4() || vip.nextHop().isPresent()) {
            return;
        }
        peers.stream()
                .filter(peer -> peer.address().isIpv4() && peer.families().contains(Family.IPV6))
                .forEach(peer -> warn(
                        about,
                        "has no next-hop, and peer " + peer.name()
                                + " is spoken to over IPv4: this end of that session is no next hop of IPv6"));
    }

    private void attributes(String about, VipConfig vip) {
        if (!vip.draining().communities().contains(Community.GRACEFUL_SHUTDOWN)) {
            warn(about, "drains without the community graceful-shutdown, which makes routers prefer other paths");
        }
        if (vip.drainWait().isZero()) {
            note(about, "is withdrawn at once by a drain: its wait is 0s");
        }
        List<AttributesConfig> states = List.of(vip.up(), vip.degraded(), vip.draining());
        if (states.stream().anyMatch(state -> state.prepend() > 0)) {
            peers.stream()
                    .filter(this::isInternal)
                    .forEach(peer -> warn(
                            about,
                            "has prepend, and peer " + peer.name()
                                    + " is of the same AS: it takes a path with its own ASN for a loop, and drops it"));
        }
        if (states.stream().anyMatch(state -> state.localPref().isPresent())
                && config.global().isPresent()
                && !peers.isEmpty()
                && peers.stream().allMatch(this::isExternal)) {
            warn(about, "has local-pref, which no peer is sent: all are of another AS");
        }
    }

    private void process() {
        if (config.guard().isEmpty()) {
            warn("guard", "is off: a path stays announced when the agent is killed or frozen");
        }
        if (config.onStop() == BgpConfig.OnStop.KEEP) {
            note("on-stop", "is keep: after the agent has ended nobody watches the paths");
        }
        if (config.process().admin().isEmpty()) {
            lines.add("note: without admin there are no status, events, drain and metrics");
        }
        Stream.of("0.0.0.0/0", "::/0")
                .filter(all -> config.allow().stream()
                        .anyMatch(prefix -> prefix.toString().equals(all)))
                .forEach(all -> warn("allow", "has " + all + ": every prefix may be announced"));
    }

    private static String seconds(Duration time) {
        return DurationText.format(time);
    }

    private void note(String about, String text) {
        lines.add("note: " + about + ": " + text);
    }

    private void warn(String about, String text) {
        lines.add("warning: " + about + ": " + text);
    }
}
