package io.penstock.vrrp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.testing.TemporaryConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VrrpConfigReaderTest {
    private final VrrpConfigs config = new VrrpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldHaveDefaultsWhenFileIsShort() {
        VrrpConfig read = config.read(VrrpConfigs.yaml(VrrpConfigs.LEAST));

        RouterConfig web = new RouterConfig(
                "web",
                "eth0",
                51,
                Version.V3,
                100,
                Duration.ofSeconds(1),
                true,
                Duration.ZERO,
                true,
                ChecksumForm.RFC5798,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new VipConfig(address("192.0.2.10"), 24, "eth0", true)),
                Duration.ofSeconds(3),
                new AnnounceConfig(5, Duration.ofSeconds(5), Duration.ofSeconds(60)),
                OnRemoval.RESTORE,
                true,
                List.of());
        assertEquals(
                new VrrpConfig(config.file(), ProcessConfig.DEFAULT, 211, Map.of("web", web), Map.of(), List.of()),
                read);
    }

    @Test
    void shouldReadProcessKeys() {
        VrrpConfig read = config.read("""
                admin: { listen: ["unix:/run/penstock/vrrp.sock", "127.0.0.1:9082"], token-file: admin.token }
                watch: auto
                realtime: { priority: 10, lock-memory: true, cpus: [3, 1] }
                protocol: 212
                hooks: [{ command: [sh, -c, "exit 0"] }, { command: /bin/sh, timeout: 500ms }]
                """ + VrrpConfigs.yaml(VrrpConfigs.LEAST));

        assertEquals(2, read.process().admin().orElseThrow().listen().size());
        assertTrue(read.process().watch());
        assertEquals(
                new RealtimeConfig(OptionalInt.of(10), true, new TreeSet<>(Set.of(1, 3))),
                read.process().realtime());
        assertEquals(
                Set.of(config.resolve(TemporaryConfig.TOKEN)), read.process().namedFiles());
        assertEquals(212, read.protocol());
        assertEquals(
                List.of(
                        new HookConfig(List.of("sh", "-c", "exit 0"), Duration.ofSeconds(10)),
                        new HookConfig(List.of("/bin/sh"), Duration.ofMillis(500))),
                read.hooks());
    }

    @Test
    void shouldReadEverythingOfRouterOfVersionThree() {
        RouterConfig read = config.least("""
                version: 3, priority: 150, advertisement-interval: 100ms, preempt: true, preempt-delay: 300s, checksum: rfc9568,
                source: 192.0.2.1, unicast: { peers: [192.0.2.2, 192.0.2.3], ttl: 64, min-ttl: 63 }, lease: 5s,
                announce: { repeat: 3, again: 0s, refresh: 30s }, on-removal: fault, on-late: continue, accept: true""");

        assertEquals(150, read.priority());
        assertEquals(Duration.ofMillis(100), read.interval());
        assertEquals(Duration.ofMinutes(5), read.preemptDelay());
        assertEquals(ChecksumForm.RFC9568, read.checksum());
        assertEquals(Optional.of(address("192.0.2.1")), read.source());
        assertEquals(
                Optional.of(new UnicastConfig(List.of(address("192.0.2.2"), address("192.0.2.3")), 64, 63)),
                read.unicast());
        assertEquals(Duration.ofSeconds(5), read.lease());
        assertEquals(new AnnounceConfig(3, Duration.ZERO, Duration.ofSeconds(30)), read.announce());
        assertEquals(OnRemoval.FAULT, read.onRemoval());
        assertEquals(false, read.stepDownWhenLate());
    }

    @Test
    void shouldReadRouterOfVersionTwo() {
        RouterConfig read = config.least("version: 2, advertisement-interval: 3s, password: secret12, preempt: false");

        assertEquals(Version.V2, read.version());
        assertEquals(Duration.ofSeconds(3), read.interval());
        assertEquals(Optional.of("secret12"), read.password());
        assertEquals(false, read.preempt());
    }

    @Test
    void shouldReadOwner() {
        assertEquals(255, config.least("priority: owner, source: 192.0.2.10").priority());
    }

    @Test
    void shouldReadVipsInAllForms() {
        List<VipConfig> vips = config.router("""
                interface: eth0, vrid: 51, vips:
                [192.0.2.10/24, 192.0.2.11, { address: 192.0.2.12/32, interface: lo, advertise: false }]""").vips();

        assertEquals(
                List.of(
                        new VipConfig(address("192.0.2.10"), 24, "eth0", true),
                        new VipConfig(address("192.0.2.11"), 32, "eth0", true),
                        new VipConfig(address("192.0.2.12"), 32, "lo", false)),
                vips);
    }

    @Test
    void shouldAdvertiseLinkLocalAddressFirstWhereverItStands() {
        List<VipConfig> vips = config.router("""
                interface: eth0, vrid: 51, vips:
                ["2001:db8::10/64", { address: "fe80::9", advertise: false }, "fe80::53/64", "2001:db8::11"]""").vips();

        assertEquals(
                List.of("fe80::53", "2001:db8::10", "fe80::9", "2001:db8::11"),
                vips.stream().map(vip -> vip.address().toString()).toList());
        assertEquals(128, vips.get(3).prefixBits());
    }

    @Test
    void shouldHaveVipsOnInterfaceOfVirtualMac() {
        VrrpConfig read = config.read("""
                routers:
                  a: { interface: eth0, vrid: 51, virtual-mac: true, vips: [192.0.2.10/24, { address: 192.0.2.11, interface: lo }] }
                  b: { interface: eth0, vrid: 51, virtual-mac: true, vips: ["fe80::53/64"] }
                  c: { interface: eth1, vrid: 51, virtual-mac: { interface: vip0 }, vips: [192.0.2.20/24] }
                  d: { interface: eth1, vrid: 52, virtual-mac: false, vips: [192.0.2.30/24] }
                """);

        assertEquals(List.of("vrrp.51", "lo"), interfaces(read, "a"));
        assertEquals(List.of("vrrp6.51"), interfaces(read, "b"));
        assertEquals(List.of("vip0"), interfaces(read, "c"));
        assertEquals(List.of("eth1"), interfaces(read, "d"));
        assertEquals(
                Optional.of(new VirtualMacConfig("vrrp.51")),
                read.routers().get("a").virtualMac());
        assertEquals(Optional.empty(), read.routers().get("d").virtualMac());
    }

    private static List<String> interfaces(VrrpConfig read, String router) {
        return read.routers().get(router).vips().stream()
                .map(VipConfig::interfaceName)
                .toList();
    }

    @Test
    void shouldTakeSameLinkLocalVipOnSeveralLinks() {
        VrrpConfig read = config.read("""
                routers:
                  a: { interface: eth0, vrid: 51, vips: ["fe80::1/64"] }
                  b: { interface: eth1, vrid: 51, vips: ["fe80::1/64"] }
                """);

        assertEquals(2, read.routers().size());
    }

    @Test
    void shouldTakeGlobalSourceWhenIpv6IsUnicast() {
        RouterConfig read = config.router("""
                interface: eth0, vrid: 51, vips: ["fe80::53/64"], source: "2001:db8::1", unicast: { peers: ["2001:db8::2"] }""");

        assertEquals(Optional.of(address("2001:db8::1")), read.source());
        assertEquals(255, read.unicast().orElseThrow().ttl());
        assertEquals(255, read.unicast().orElseThrow().minTtl());
    }

    @Test
    void shouldReadTracksOfAllKinds() {
        List<TrackConfig> tracks = config.router("""
                interface: eth0, vrid: 51, vips: [192.0.2.10/24], track:
                [{ interface: eth1, weight: -20 }, { forwarder: "http://127.0.0.1:9080", vip: 192.0.2.77, weight: -60, fall: 2 },
                 { http: { path: /health }, port: 80, weight: 10 }, { tcp: { port: 53 }, address: 192.0.2.1, name: gateway },
                 { file: drain, weight: 2 }, { exec: { command: /bin/sh }, name: script }]""").tracks();

        assertEquals(new TrackConfig.Interface("eth1", OptionalInt.of(-20), "eth1"), tracks.get(0));
        TrackConfig.Forwarder forwarder = (TrackConfig.Forwarder) tracks.get(1);
        assertEquals("forwarder", forwarder.name());
        assertEquals(OptionalInt.of(-60), forwarder.weight());
        assertEquals(address("192.0.2.77"), forwarder.vip());
        assertEquals(
                AdminAddress.parse("127.0.0.1:9080").orElseThrow(),
                forwarder.question().server());
        assertEquals(2, forwarder.question().fall());
        assertEquals(ForwarderQuestion.DEFAULT_INTERVAL, forwarder.question().interval());
        TrackConfig.Checks http = (TrackConfig.Checks) tracks.get(2);
        assertEquals("http", http.name());
        assertEquals("127.0.0.1:80", http.target().toString());
        TrackConfig.Checks gateway = (TrackConfig.Checks) tracks.get(3);
        assertEquals("gateway", gateway.name());
        assertEquals(OptionalInt.empty(), gateway.weight());
        assertEquals(address("192.0.2.1"), gateway.target().address());
        assertEquals(53, gateway.plan().checks().get(0).port());
        assertEquals(new TrackConfig.File("drain", OptionalInt.of(2), config.resolve("drain")), tracks.get(4));
        assertEquals("script", tracks.get(5).name());
    }

    @Test
    void shouldAskForwarderAboutAddressThatClientsUse() {
        TrackConfig.Forwarder ipv6 =
                (TrackConfig.Forwarder) config.router("""
                interface: eth0, vrid: 51, vips: ["fe80::53/64", "2001:db8::10/64"], track: [{ forwarder: "unix:/run/a.sock" }]""").tracks().get(0);

        assertEquals(address("2001:db8::10"), ipv6.vip());
    }

    @Test
    void shouldCheckLoopbackOfRoutersFamily() {
        TrackConfig.Checks ipv6 =
                (TrackConfig.Checks) config.router("""
                interface: eth0, vrid: 51, vips: ["fe80::53/64"], track: [{ tcp: {}, port: 80 }]""").tracks().get(0);

        assertEquals("[::1]:80", ipv6.target().toString());
    }

    @Test
    void shouldReadGroups() {
        VrrpConfig read = config.read("""
                groups: { edge: [web6, web] }
                routers:
                  web: { interface: eth0, vrid: 51, vips: [192.0.2.10/24] }
                  web6: { interface: eth0, vrid: 51, vips: ["fe80::53/64"] }
                """);

        assertEquals(Map.of("edge", new GroupConfig("edge", List.of("web6", "web"))), read.groups());
    }

    @Test
    void shouldKeepOrderOfFile() {
        VrrpConfig read = config.read("""
                routers:
                  z: { interface: eth0, vrid: 1, vips: [192.0.2.1/24] }
                  a: { interface: eth0, vrid: 2, vips: [192.0.2.2/24] }
                  m: { interface: eth0, vrid: 3, vips: [192.0.2.3/24] }
                """);

        assertEquals(List.of("z", "a", "m"), List.copyOf(read.routers().keySet()));
    }

    @Test
    void shouldNotNeedTrackedFile() {
        TrackConfig.File file = (TrackConfig.File)
                config.least("track: [{ file: /nowhere/drain }]").tracks().get(0);

        assertEquals(Path.of("/nowhere/drain"), file.path());
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
