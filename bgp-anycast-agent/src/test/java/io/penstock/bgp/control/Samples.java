package io.penstock.bgp.control;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.config.ProcessConfig;
import io.penstock.bgp.config.ThenConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Configurations, as a reader would make them. */
final class Samples {
    static final long ASN = 65_001;
    static final LargeCommunity OWNER = new LargeCommunity(ASN, 9, 1);
    static final Duration DRAIN_WAIT = Duration.ofSeconds(30);

    private Samples() {}

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    /** The prefix of a VIP by its number. */
    static IpPrefix prefix(int number) {
        return prefix("10.0." + number / 256 + "." + number % 256 + "/32");
    }

    static String name(int number) {
        return "vip-" + number;
    }

    static AttributesConfig attributes(long med, Community... communities) {
        return new AttributesConfig(
                Origin.IGP, OptionalLong.of(med), OptionalLong.empty(), 0, Set.of(communities), Set.of(), Set.of());
    }

    static VipConfig vip(String name, IpPrefix prefix) {
        return vip(name, prefix, 10, Optional.empty());
    }

    static VipConfig vip(String name, IpPrefix prefix, long med, Optional<HoldDownConfig> holdDown) {
        return new VipConfig(
                name,
                prefix,
                Optional.of(prefix.first()),
                true,
                Optional.empty(),
                new VipHealth.None(),
                holdDown,
                attributes(med),
                attributes(med + 1),
                attributes(med + 2, Community.GRACEFUL_SHUTDOWN),
                DRAIN_WAIT,
                Optional.empty());
    }

    /** Of so many VIPs, numbered from 0. */
    static BgpConfig of(int count) {
        Map<String, VipConfig> vips = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            vips.put(name(i), vip(name(i), prefix(i)));
        }
        return of(vips);
    }

    static BgpConfig of(Map<String, VipConfig> vips) {
        return new BgpConfig(
                Path.of("bgp-anycast-agent.yaml"),
                ProcessConfig.DEFAULT,
                DaemonConfig.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                List.of(prefix("10.0.0.0/8")),
                Optional.empty(),
                BgpConfig.DEFAULT_MAX_PATHS,
                false,
                Optional.empty(),
                OnStop.WITHDRAW,
                Path.of("/nowhere"),
                vips);
    }

    /** Of so many VIPs, whose addresses an ecmp-agent has. */
    static BgpConfig withThen(int count) {
        Map<String, VipConfig> vips = new LinkedHashMap<>();
        of(count).vips().forEach((name, vip) -> vips.put(name, withThen(vip)));
        return of(vips);
    }

    private static VipConfig withThen(VipConfig vip) {
        AdminAddress server = new AdminAddress.Unix(Path.of("/nowhere/ecmp.sock"));
        return new VipConfig(
                vip.name(),
                vip.prefix(),
                vip.address(),
                vip.presence(),
                vip.nextHop(),
                vip.health(),
                vip.holdDown(),
                vip.up(),
                vip.degraded(),
                vip.draining(),
                vip.drainWait(),
                Optional.of(new ThenConfig(server, AdminCredentials.NONE, vip.name())));
    }

    static BgpConfig with(BgpConfig config, Optional<LargeCommunity> owner, int maxPaths) {
        return new BgpConfig(
                config.file(),
                config.process(),
                config.daemon(),
                config.global(),
                config.peers(),
                config.allow(),
                owner,
                maxPaths,
                config.noExport(),
                config.guard(),
                config.onStop(),
                config.stateDirectory(),
                config.vips());
    }

    static BgpConfig with(BgpConfig config, Optional<GlobalConfig> global, Optional<Map<String, PeerConfig>> peers) {
        return new BgpConfig(
                config.file(),
                config.process(),
                config.daemon(),
                global,
                peers,
                config.allow(),
                config.owner(),
                config.maxPaths(),
                config.noExport(),
                config.guard(),
                config.onStop(),
                config.stateDirectory(),
                config.vips());
    }

    static BgpConfig with(BgpConfig config, Duration resync) {
        DaemonConfig daemon = config.daemon();
        return new BgpConfig(
                config.file(),
                config.process(),
                new DaemonConfig(daemon.address(), daemon.tls(), daemon.timeout(), resync),
                config.global(),
                config.peers(),
                config.allow(),
                config.owner(),
                config.maxPaths(),
                config.noExport(),
                config.guard(),
                config.onStop(),
                config.stateDirectory(),
                config.vips());
    }

    static GlobalConfig global(long asn) {
        return new GlobalConfig(asn, address("192.0.2.1"), GlobalConfig.NOT_LISTENING, List.of());
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static PeerConfig peer(String name, String address, long asn) {
        return new PeerConfig(
                name,
                address(address),
                asn,
                Optional.empty(),
                Optional.empty(),
                PeerConfig.DEFAULT_PORT,
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                PeerConfig.DEFAULT_HOLD_TIME,
                Duration.ofSeconds(3),
                PeerConfig.DEFAULT_CONNECT_RETRY,
                Set.of(PeerConfig.Family.IPV4),
                Optional.empty());
    }

    /** What is said of VIPs of these samples. */
    static PathAttributes said(long med, Community... communities) {
        return said(OWNER, med, communities);
    }

    static PathAttributes said(LargeCommunity owner, long med, Community... communities) {
        PathAttributes none = PathAttributes.NONE;
        return new PathAttributes(
                none.origin(),
                none.nextHop(),
                none.asPath(),
                OptionalLong.of(med),
                none.localPref(),
                new TreeSet<>(List.of(communities)),
                none.extendedCommunities(),
                new TreeSet<>(List.of(owner)));
    }
}
