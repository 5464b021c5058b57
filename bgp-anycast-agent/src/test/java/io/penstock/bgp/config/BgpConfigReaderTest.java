package io.penstock.bgp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.config.DaemonConfig.Identity;
import io.penstock.bgp.config.DaemonConfig.Tls;
import io.penstock.bgp.config.PeerConfig.Family;
import io.penstock.bgp.config.PeerConfig.Password;
import io.penstock.bgp.config.VipHealth.Checks;
import io.penstock.bgp.config.VipHealth.Forwarder;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.testing.TemporaryConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpConfigReaderTest {
    private static final AttributesConfig PLAIN = new AttributesConfig(
            Origin.IGP, OptionalLong.empty(), OptionalLong.empty(), 0, Set.of(), Set.of(), Set.of());
    private static final AttributesConfig LEAVING = new AttributesConfig(
            Origin.IGP,
            OptionalLong.empty(),
            OptionalLong.empty(),
            0,
            Set.of(Community.GRACEFUL_SHUTDOWN),
            Set.of(),
            Set.of());

    private final BgpConfigs config = new BgpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldHaveDefaultsWhenFileIsShort() {
        BgpConfig read = config.read(BgpConfigs.least());

        VipConfig web = new VipConfig(
                "web",
                prefix("192.0.2.10/32"),
                Optional.of(address("192.0.2.10")),
                true,
                Optional.empty(),
                new VipHealth.None(),
                Optional.of(
                        new HoldDownConfig(Duration.ofSeconds(10), Duration.ofSeconds(300), Duration.ofMinutes(10))),
                PLAIN,
                PLAIN,
                LEAVING,
                Duration.ofSeconds(30),
                Optional.empty());
        assertEquals(
                new BgpConfig(
                        config.file(),
                        ProcessConfig.DEFAULT,
                        new DaemonConfig(
                                new Address.Tcp("127.0.0.1", 50051),
                                Optional.empty(),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(prefix("192.0.2.0/24"), prefix("2001:db8::/48")),
                        Optional.empty(),
                        1000,
                        false,
                        Optional.of(Duration.ofSeconds(3)),
                        OnStop.WITHDRAW,
                        Path.of("/run/penstock"),
                        Map.of("web", web)),
                read);
        assertEquals(new LargeCommunity(65001, 9, 1), read.owner(65001));
    }

    @Test
    void shouldReadKeysOfProcess() {
        BgpConfig read = config.top("""
                admin: { listen: ["unix:/run/penstock/bgp.sock", "127.0.0.1:9083"], token-file: admin.token }
                watch: auto
                state-directory: /var/lib/penstock
                owner: 65001:9:2
                max-paths: 1
                no-export: true
                guard: off
                on-stop: keep
                """);

        assertEquals(2, read.process().admin().orElseThrow().listen().size());
        assertTrue(read.process().watch());
        assertEquals(
                Set.of(config.resolve(TemporaryConfig.TOKEN)), read.process().namedFiles());
        assertEquals(Path.of("/var/lib/penstock"), read.stateDirectory());
        assertEquals(new LargeCommunity(65001, 9, 2), read.owner(64999));
        assertEquals(1, read.maxPaths());
        assertTrue(read.noExport());
        assertEquals(Optional.empty(), read.guard());
        assertEquals(OnStop.KEEP, read.onStop());
    }

    @Test
    void shouldReadDaemon() {
        DaemonConfig read = config.top("""
                gobgp:
                  address: "router.internal:50052"
                  timeout: 500ms
                  resync: 30s
                  tls: { ca-file: ca.pem, certificate: admin.crt, key: admin.key, server-name: gobgp.internal }
                """).daemon();

        assertEquals(
                new DaemonConfig(
                        new Address.Tcp("router.internal", 50052),
                        Optional.of(new Tls(
                                Optional.of(config.resolve(TemporaryConfig.AUTHORITIES)),
                                Optional.of(new Identity(
                                        config.resolve(TemporaryConfig.CERTIFICATE),
                                        config.resolve(TemporaryConfig.KEY))),
                                Optional.of("gobgp.internal"))),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30)),
                read);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:50051, 127.0.0.1:50051",
        "[::1]:50051, [::1]:50051",
        "[2001:DB8:0::1]:1, [2001:db8::1]:1",
        "localhost:65535, localhost:65535",
        "gobgp-1.rack.example.:50051, gobgp-1.rack.example.:50051",
        "unix:/run/gobgpd.sock, unix:/run/gobgpd.sock"
    })
    void shouldReadAddressOfDaemon(String text, String expected) {
        assertEquals(
                expected,
                config.top("gobgp: { address: \"" + text + "\" }")
                        .daemon()
                        .address()
                        .toString());
    }

    @Test
    void shouldReadGlobal() {
        assertEquals(
                Optional.of(new GlobalConfig(4_200_000_000L, address("192.0.2.1"), 179, List.of())),
                config.top("global: { asn: 4200000000, router-id: 192.0.2.1 }").global());
        assertEquals(
                Optional.of(new GlobalConfig(
                        65001, address("192.0.2.1"), 1179, List.of(address("192.0.2.1"), address("2001:db8::1")))),
                config.top("global: { asn: 65001, router-id: 192.0.2.1, listen-port: 1179,"
                                + " listen: [192.0.2.1, \"2001:db8::1\"] }")
                        .global());
        assertEquals(
                Optional.of(new GlobalConfig(65001, address("192.0.2.1"), -1, List.of())),
                config.top("global: { asn: 65001, router-id: 192.0.2.1, listen-port: none }")
                        .global());
    }

    @Test
    void shouldHaveDefaultsOfPeer() {
        assertEquals(
                new PeerConfig(
                        "router",
                        address("198.51.100.1"),
                        65000,
                        Optional.empty(),
                        Optional.empty(),
                        179,
                        false,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5),
                        Set.of(Family.IPV4),
                        Optional.empty()),
                config.peer("passive: false"));
    }

    @Test
    void shouldReadEverythingOfPeer() {
        assertEquals(
                new PeerConfig(
                        "router",
                        address("198.51.100.1"),
                        65000,
                        Optional.of(new Password("s3cret of the session")),
                        Optional.of(address("198.51.100.2")),
                        1179,
                        false,
                        OptionalInt.empty(),
                        OptionalInt.of(4),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(7),
                        Set.of(Family.IPV4, Family.IPV6),
                        Optional.of(Duration.ofSeconds(60))),
                config.peer("""
                        password-file: router.password, local-address: 198.51.100.2, port: 1179, multihop: 4, hold-time: 30s,
                        keepalive: 5s, connect-retry: 7s, families: [ipv6, ipv4], graceful-restart: 1m"""));
        assertEquals(OptionalInt.of(1), config.peer("ttl-security: 1").ttlSecurity());
        assertTrue(config.peer("passive: true").passive());
        assertEquals(Optional.empty(), config.peer("graceful-restart: off").gracefulRestart());
    }

    @Test
    void shouldHaveFamilyOfNeighboursAddress() {
        BgpConfig read = config.read(BgpConfigs.peers("r: { address: \"2001:db8:1::1\", asn: 65000 }"));

        assertEquals(Set.of(Family.IPV6), read.peers().orElseThrow().get("r").families());
    }

    @ParameterizedTest
    @CsvSource({"3s, 1", "4s, 1", "90s, 30", "65535s, 21845"})
    void shouldSendThreeKeepalivesInHoldTime(String holdTime, long seconds) {
        assertEquals(
                Duration.ofSeconds(seconds),
                config.peer("hold-time: " + holdTime).keepalive());
    }

    @Test
    void shouldReadPasswordAsItIsButItsEndOfLine() {
        config.secret("crlf", "two words \r\n", "rw-------");
        config.secret("bare", "x", "r--------");
        config.secret("long", "y".repeat(80) + "\n", "rw-rw----");

        assertEquals(
                Optional.of(new Password("two words ")),
                config.peer("password-file: crlf").password());
        assertEquals(
                Optional.of(new Password("x")),
                config.peer("password-file: bare").password());
        assertEquals(
                Optional.of(new Password("y".repeat(80))),
                config.peer("password-file: long").password());
    }

    @Test
    void shouldNeverShowPassword() {
        BgpConfig read = config.read(
                BgpConfigs.peers("r: { address: 198.51.100.1, asn: 65000, password-file: router.password }"));

        assertFalse(read.toString().contains("s3cret"), read::toString);
        assertTrue(read.toString().contains("(hidden)"), read::toString);
        assertEquals(Set.of(config.resolve(BgpConfigs.PASSWORD)), read.process().namedFiles());
    }

    @Test
    void shouldReadEverythingOfVip() {
        VipConfig read = config.vip("""
                prefix: 192.0.2.64/26, address: 192.0.2.77, presence: true, next-hop: 198.51.100.9, health: none,
                hold-down: { initial: 1s, max: 60s, stable: 1m },
                then: { ecmp-agent: "unix:/run/penstock/ecmp.sock", vip: web-vip }""");

        assertEquals(prefix("192.0.2.64/26"), read.prefix());
        assertEquals(Optional.of(address("192.0.2.77")), read.address());
        assertTrue(read.presence());
        assertEquals(Optional.of(address("198.51.100.9")), read.nextHop());
        assertEquals(
                Optional.of(new HoldDownConfig(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1))),
                read.holdDown());
        ThenConfig then = read.then().orElseThrow();
        assertEquals(AdminAddress.parse("unix:/run/penstock/ecmp.sock").orElseThrow(), then.server());
        assertEquals("web-vip", then.vip());
    }

    @Test
    void shouldHaveNameOfVipAtEcmpAgent() {
        ThenConfig then = config.least(
                        "then: { ecmp-agent: { url: \"http://127.0.0.1:9081\", token-file: admin.token } }")
                .then()
                .orElseThrow();

        assertEquals("web", then.vip());
        assertEquals(
                Optional.of(config.resolve(TemporaryConfig.TOKEN)),
                then.credentials().tokenFile());
    }

    @Test
    void shouldLookForNothingWhenPrefixIsOfSeveralHosts() {
        VipConfig read = config.vip("prefix: 192.0.2.0/25, health: none");

        assertEquals(Optional.empty(), read.address());
        assertFalse(read.presence());
    }

    @Test
    void shouldReadNextHopSelfAndHoldDownOff() {
        VipConfig read = config.least("next-hop: self, hold-down: off, presence: false");

        assertEquals(Optional.empty(), read.nextHop());
        assertEquals(Optional.empty(), read.holdDown());
        assertFalse(read.presence());
        assertEquals(Optional.of(address("192.0.2.10")), read.address());
    }

    @Test
    void shouldHoldDownAtLeastAsLongAsInitially() {
        assertEquals(
                Duration.ofMinutes(10),
                config.least("hold-down: { initial: 10m }")
                        .holdDown()
                        .orElseThrow()
                        .max());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/7", "::/0", "2000::/3"})
    void shouldTakeShortPrefixThatIsAllowedAsItIs(String prefix) {
        BgpConfig read = config.read("""
                allow: ["%s"]
                vips: { all: { prefix: "%s", health: none } }
                """.formatted(prefix, prefix));

        assertEquals(prefix(prefix), read.vips().get("all").prefix());
    }

    @Test
    void shouldHaveAttributesOfUpInOtherStates() {
        VipConfig read = config.least("""
                attributes: {
                  up: { med: 0, local-pref: 4294967295, prepend: 2, origin: egp, communities: [65001:100, no-export],
                        extended-communities: ["rt:65001:100", "0x4300000000000001"], large-communities: 65001:1:2 },
                  degraded: { med: 50 },
                  draining: { prepend: 0, origin: incomplete, wait: 5m } }""");

        AttributesConfig up = new AttributesConfig(
                Origin.EGP,
                OptionalLong.of(0),
                OptionalLong.of(4_294_967_295L),
                2,
                Set.of(new Community(65001 << 16 | 100), Community.NO_EXPORT),
                Set.of(
                        ExtendedCommunity.parse("rt:65001:100").orElseThrow(),
                        new ExtendedCommunity(0x4300000000000001L)),
                Set.of(new LargeCommunity(65001, 1, 2)));
        assertEquals(up, read.up());
        assertEquals(
                new AttributesConfig(
                        up.origin(),
                        OptionalLong.of(50),
                        up.localPref(),
                        up.prepend(),
                        up.communities(),
                        up.extendedCommunities(),
                        up.largeCommunities()),
                read.degraded());
        assertEquals(
                new AttributesConfig(
                        Origin.INCOMPLETE,
                        up.med(),
                        up.localPref(),
                        0,
                        Set.of(new Community(65001 << 16 | 100), Community.NO_EXPORT, Community.GRACEFUL_SHUTDOWN),
                        up.extendedCommunities(),
                        up.largeCommunities()),
                read.draining());
        assertEquals(Duration.ofMinutes(5), read.drainWait());
    }

    @Test
    void shouldDrainWithoutGracefulShutdownWhenCommunitiesAreGiven() {
        VipConfig read = config.least("attributes: { draining: { communities: [65001:666], med: 1000 } }");

        assertEquals(Set.of(new Community(65001 << 16 | 666)), read.draining().communities());
        assertEquals(Set.of(), read.up().communities());
    }

    @Test
    void shouldAskForwarderAboutVip() {
        Services services = services("192.0.2.10/32", "{ forwarder: \"http://127.0.0.1:9080\", fall: 2 }");

        Forwarder forwarder = (Forwarder) services.services().get("forwarder");
        assertEquals(address("192.0.2.10"), forwarder.address());
        assertEquals(2, forwarder.question().fall());
        assertEquals(1, services.atLeast());
    }

    @Test
    void shouldAskForwarderAboutAddressOfPrefix() {
        Services services = services("192.0.2.0/24", "{ forwarder: \"unix:/run/a.sock\", vip: 192.0.2.53 }");

        assertEquals(address("192.0.2.53"), ((Forwarder) services.services().get("forwarder")).address());
    }

    @Test
    void shouldCheckLoopbackOfFamily() {
        assertEquals("127.0.0.1:80", checked("192.0.2.10/32", "{ port: 80 }", "tcp"));
        assertEquals("[::1]:80", checked("2001:db8::10/128", "{ http: { path: /ready }, port: 80 }", "http"));
        assertEquals("192.0.2.10:80", checked("192.0.2.10/32", "{ tcp: {}, port: 80, address: 192.0.2.10 }", "tcp"));
    }

    private String checked(String prefix, String health, String name) {
        return ((Checks) services(prefix, health).services().get(name)).target().toString();
    }

    @ParameterizedTest
    @CsvSource({"'', 3", "', require: all', 3", "', require: any', 1", "', require: { at-least: 2 }', 2"})
    void shouldReadServicesInOrderOfFile(String require, int atLeast) {
        Services services = services("192.0.2.10/32", """
                { services: { web: { forwarder: "http://127.0.0.1:9080" }, api: { port: 8080 }, dns: { udp: {}, port: 53 } }%s }""".formatted(require));

        assertEquals(
                List.of("web", "api", "dns"), List.copyOf(services.services().keySet()));
        assertEquals(atLeast, services.atLeast());
    }

    private Services services(String prefix, String health) {
        return (Services)
                config.vip("prefix: \"" + prefix + "\", health: " + health).health();
    }

    @Test
    void shouldKeepOrderOfFile() {
        BgpConfig read = config.read(BgpConfigs.vips("""
                z: { prefix: 192.0.2.1/32, health: none }, a: { prefix: 192.0.2.2/32, health: none },
                m: { prefix: "2001:db8::1/128", health: none }"""));

        assertEquals(List.of("z", "a", "m"), List.copyOf(read.vips().keySet()));
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
