package io.penstock.ecmp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.ecmp.config.VipHealth.Checks;
import io.penstock.ecmp.config.VipHealth.Forwarder;
import io.penstock.health.HealthCheck;
import io.penstock.health.Schedule.Initial;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.serving.ForwarderQuestion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcmpConfigReaderTest {
    private static final String HEALTHY = ", health: none";

    private final EcmpConfigs config = new EcmpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldHaveDefaultsWhenHostsFileIsShort() {
        EcmpConfig read = config.read("""
                vips: { web: { address: 192.0.2.10/32, health: { forwarder: "http://127.0.0.1:9080" } } }
                """);

        Forwarder asked = new Forwarder(new ForwarderQuestion(
                AdminAddress.parse("127.0.0.1:9080").orElseThrow(),
                AdminCredentials.NONE,
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                2,
                3));
        VipConfig vip = new VipConfig(
                "web",
                address("192.0.2.10"),
                "lo",
                Duration.ofSeconds(3),
                asked,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                VipConfig.OnRemoval.RESTORE);
        assertEquals(
                new EcmpConfig(
                        config.file(),
                        210,
                        210_000,
                        Path.of("/run/penstock"),
                        SysctlConfig.DEFAULT,
                        Map.of("web", vip),
                        Map.of()),
                read);
    }

    @Test
    void shouldHaveDefaultsWhenRoutersFileIsShort() {
        RouteConfig route = config.route("prefix: 192.0.2.10/32, legs: [10.0.1.11, 10.0.2.11]");

        assertEquals(
                new RouteConfig(
                        "web",
                        prefix("192.0.2.10/32"),
                        Optional.of(new Resilience(256, Duration.ofMinutes(2), Duration.ZERO)),
                        254,
                        0,
                        RouteConfig.WhenEmpty.UNREACHABLE,
                        List.of(leg("10.0.1.11"), leg("10.0.2.11"))),
                route);
    }

    private static LegConfig leg(String via) {
        return new LegConfig(via, address(via), Optional.empty(), 1, Optional.empty());
    }

    @Test
    void shouldKeepSysctlsThatAreSaidToBeKept() {
        SysctlConfig sysctls = config.read("sysctls: { arp-ignore: keep, rp-filter: 0, multipath-hash: 3 }\n"
                        + EcmpConfigs.vipYaml("address: 192.0.2.1" + HEALTHY))
                .sysctls();

        assertEquals(
                new SysctlConfig(OptionalInt.empty(), OptionalInt.of(2), OptionalInt.of(0), OptionalInt.of(3)),
                sysctls);
    }

    @Test
    void shouldReadProcessKeys() {
        EcmpConfig read = config.read("""
                admin: { listen: ["unix:/run/penstock/ecmp.sock", "127.0.0.1:9081"], token-file: admin.token }
                watch: auto
                protocol: 212
                nexthop-ids: 5
                state-directory: /var/lib/penstock
                vips: { web: { address: 192.0.2.10/32, health: none } }
                """);

        assertEquals(2, read.process().admin().orElseThrow().listen().size());
        assertTrue(read.process().watch());
        assertEquals(Set.of(config.resolve(EcmpConfigs.TOKEN)), read.process().namedFiles());
        assertEquals(212, read.protocol());
        assertEquals(5, read.nextHopIds());
        assertEquals(Path.of("/var/lib/penstock"), read.stateDirectory());
    }

    @Test
    void shouldKeepOrderOfFile() {
        EcmpConfig read = config.read("""
                vips:
                  z: { address: 192.0.2.1, health: none }
                  a: { address: 192.0.2.2, health: none }
                  m: { address: "2001:db8::1/128", health: none }
                """);

        assertEquals(List.of("z", "a", "m"), List.copyOf(read.vips().keySet()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9080",
                "127.0.0.1:9080",
                "http://[::1]:9080",
                "unix:/run/p.sock",
                "https://127.0.0.1:9443"
            })
    void shouldTakeAddressOfForwarderOfThisHostInShortForm(String server) {
        Forwarder asked = (Forwarder) config.vip("address: 192.0.2.10, health: { forwarder: \"" + server + "\" }")
                .health();

        assertEquals(
                AdminAddress.parse(server.replace("http://", "")).orElseThrow(),
                asked.question().server());
    }

    @Test
    void shouldReadWhatIsShownToForwarderOfAnotherHost() {
        Forwarder asked = (Forwarder) config.vip("""
                address: 192.0.2.10, health: { forwarder: { url: "https://192.0.2.1:9443", token-file: admin.token,
                certificate: admin.crt, key: admin.key, ca-file: ca.pem, server-name: forwarder.internal } }""").health();

        assertEquals(
                new AdminCredentials(
                        Optional.of(config.resolve(EcmpConfigs.TOKEN)),
                        Optional.of(new AdminCredentials.Identity(
                                config.resolve(EcmpConfigs.CERTIFICATE), config.resolve(EcmpConfigs.KEY))),
                        Optional.of(config.resolve(EcmpConfigs.AUTHORITIES)),
                        Optional.of("forwarder.internal")),
                asked.question().credentials());
    }

    @Test
    void shouldCheckLoopbackOfVipsFamilyWhenChecksAreItsOwn() {
        Checks ipv4 =
                (Checks) config.vip("address: 192.0.2.10, health: { port: 80 }").health();
        Checks ipv6 = (Checks)
                config.vip("address: \"2001:db8::1\", health: { port: 80 }").health();

        assertEquals("127.0.0.1:80", ipv4.target().toString());
        assertEquals("[::1]:80", ipv6.target().toString());
    }

    @Test
    void shouldNotTrustVipButLegBeforeFirstResult() {
        Checks vip =
                (Checks) config.vip("address: 192.0.2.10, health: { port: 80 }").health();
        LegConfig leg = config.route("prefix: 192.0.2.10, health: { port: 80 }, legs: [10.0.1.11]")
                .legs()
                .get(0);

        assertEquals(Initial.DOWN, only(vip.plan().checks()).schedule().initial());
        assertEquals(
                Initial.UP,
                only(leg.check().orElseThrow().plan().checks()).schedule().initial());
    }

    @Test
    void shouldCheckEachLegAtItsOwnAddress() {
        List<LegConfig> legs = config.route("""
                prefix: 192.0.2.10, health: { http: { path: /healthz }, port: 80, interval: 1s },
                legs: [10.0.1.11, { via: 10.0.2.11, health: none }, { via: 10.0.3.11, health: { tcp: { port: 22 }, address: 10.0.9.1 } }]
                """).legs();

        assertEquals("10.0.1.11:80", legs.get(0).check().orElseThrow().target().toString());
        HealthCheck check = only(legs.get(0).check().orElseThrow().plan().checks());
        assertEquals(Duration.ofSeconds(1), check.schedule().interval());
        assertEquals(Duration.ofMillis(200), check.schedule().timeout());
        assertEquals(Optional.empty(), legs.get(1).check());
        assertEquals("10.0.9.1:0", legs.get(2).check().orElseThrow().target().toString());
        assertEquals(22, only(legs.get(2).check().orElseThrow().plan().checks()).port());
    }

    @Test
    void shouldTakePlanForVipOfSeveralChecks() {
        Checks vip = (Checks) config.vip("""
                address: 192.0.2.10, health: { rise: 4, checks: { a: { tcp: { port: 1 } }, b: { tcp: { port: 2 }, rise: 1 } } }""").health();

        assertEquals(
                List.of(4, 1),
                vip.plan().checks().stream().map(HealthCheck::rise).toList());
        assertEquals(
                Duration.ofMillis(200), vip.plan().checks().get(0).schedule().interval());
    }

    @Test
    void shouldReadGroupInAllForms() {
        assertEquals(Optional.empty(), group("multipath"));
        assertEquals(Optional.empty(), group("{ type: multipath }"));
        assertEquals(Optional.of(RouteConfig.DEFAULT_RESILIENCE), group("resilient"));
        assertEquals(
                Optional.of(new Resilience(64, Duration.ofMillis(1500), Duration.ofHours(1))),
                group("{ buckets: 64, idle-timer: 1500ms, unbalanced-timer: 1h }"));
    }

    private Optional<Resilience> group(String group) {
        return config.route("prefix: 192.0.2.10, legs: [10.0.1.11], group: " + group)
                .resilience();
    }

    @Test
    void shouldTakeRoutesToOnePrefixInSeveralTables() {
        EcmpConfig read = config.read("""
                routes:
                  a: { prefix: 0.0.0.0/0, legs: [10.0.1.11], table: 100 }
                  b: { prefix: 0.0.0.0/0, legs: [10.0.1.11], metric: 5 }
                  c: { prefix: 0.0.0.0/0, legs: [10.0.1.11] }
                """);

        assertEquals(3, read.routes().size());
    }

    private static HealthCheck only(List<HealthCheck> checks) {
        assertEquals(1, checks.size());
        return checks.get(0);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
