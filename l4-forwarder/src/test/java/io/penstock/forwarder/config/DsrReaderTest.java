package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.InvalidConfigException;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.config.DsrConfig.Encapsulation;
import io.penstock.forwarder.config.XdpConfig.Attach;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.forwarder.config.XdpConfig.Interface;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services in {@code mode: dsr}, the section {@code xdp}, and what of pools goes with them. */
class DsrReaderTest {
    private static final String XDP = "xdp: { interfaces: eth0 }\n";

    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    private static String service(String keys) {
        return XDP + "services: { web: { mode: dsr, " + keys + " } }\npools: { web: { backends: [\"10.0.0.11\"] } }\n";
    }

    private static String pool(String keys) {
        return XDP + "services: { web: { mode: dsr, listen: \"192.0.2.10:80\" } }\npools: { web: { " + keys + " } }\n";
    }

    private static String xdp(String keys) {
        return "xdp: { " + keys
                + " }\nservices: { web: { listen: \"*:80\" } }\npools: { web: { backends: [\"a:80\"] } }\n";
    }

    @Test
    void shouldUseDefaultsWhenOnlyTheModeIsSaid() {
        ForwarderConfig read = config.read(service("listen: \"192.0.2.10:80\""));

        ServiceConfig web = read.services().get("web");
        assertTrue(web.isDsr());
        assertEquals(Optional.of(new DsrConfig(Encapsulation.L2, 100, true)), web.dsr());
        assertEquals(List.of(web), read.dsrServices());
        assertEquals(
                PolicyKind.MAGLEV, read.pools().get("web").balance().policy().kind());
        assertEquals(
                Optional.of(new XdpConfig(
                        "default",
                        List.of(new Interface("eth0", Attach.AUTO)),
                        List.of(),
                        0,
                        Duration.ofSeconds(30),
                        262_144,
                        OptionalInt.of(100_000),
                        Duration.ofSeconds(3),
                        HealthPath.VIP)),
                read.xdp());
    }

    @Test
    void shouldBeAProxyWithoutAMode() {
        ForwarderConfig read = config.read(xdp("interfaces: [eth0]"));

        assertFalse(read.services().get("web").isDsr());
        assertEquals(List.of(), read.dsrServices());
    }

    @Test
    void shouldReadEveryKey() {
        ForwarderConfig read = config.read("""
                xdp:
                  interfaces: [{ name: eth0, attach: native }, { name: eth1, attach: generic }, eth2]
                  name: edge-1
                  tunnel-source: ["10.0.0.1", "2001:db8::1"]
                  tunnel-source-bits: 16
                  change-window: 1h
                  flow-table: { entries: 1024, new-flows: 120/m }
                  lease: 1m
                  health-path: direct
                services:
                  web:
                    mode: dsr
                    encapsulation: vxlan
                    vni: 7
                    flow-table: off
                    protocol: udp
                    listen: ["192.0.2.10:80", "192.0.2.10:8000-8099", "[2001:db8::10]:*"]
                    pool: p
                pools: { p: { backends: ["10.0.0.11", "[2001:db8::11]"] } }
                """);

        ServiceConfig web = read.services().get("web");
        assertEquals(Optional.of(new DsrConfig(Encapsulation.VXLAN, 7, false)), web.dsr());
        assertTrue(web.isUdp());
        assertEquals(
                "[192.0.2.10:80, 192.0.2.10:8000-8099, [2001:db8::10]:*]",
                web.listen().toString());
        assertTrue(web.listen().get(2).isAnyPort());
        XdpConfig xdp = read.xdp().orElseThrow();
        assertEquals(
                new XdpConfig(
                        "edge-1",
                        List.of(
                                new Interface("eth0", Attach.NATIVE),
                                new Interface("eth1", Attach.GENERIC),
                                new Interface("eth2", Attach.AUTO)),
                        List.of(IpAddress.ofIpv4(0x0a000001), ip("2001:db8::1")),
                        16,
                        Duration.ofHours(1),
                        1024,
                        OptionalInt.of(2),
                        Duration.ofMinutes(1),
                        HealthPath.DIRECT),
                xdp);
        assertEquals(Optional.of(ip("2001:db8::1")), xdp.tunnelSource(false));
    }

    @Test
    void shouldKnowNoBoundOfNewFlowsWhenThereIsNone() {
        ForwarderConfig read = config.read(xdp("interfaces: eth0, flow-table: { new-flows: none }"));

        assertEquals(OptionalInt.empty(), read.xdp().orElseThrow().newFlows());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: eth0                                             | xdp.interfaces: is required (was absent)
            interfaces: []                                         | xdp.interfaces: must be a list of at least one interface (was an empty list)
            interfaces: [eth0, eth0]                               | xdp.interfaces[1]: duplicate interface, first at line 1 (was eth0)
            interfaces: [{ attach: native }]                       | xdp.interfaces[0].name: is required (was absent)
            interfaces: [{ name: eth0, attach: driver }]           | xdp.interfaces[0].attach: must be one of: auto, generic, native (was driver)
            interfaces: ["eth 0"]                                  | xdp.interfaces[0]: must be the name of an interface, such as eth0, of at most 15 letters, digits and . _ - (was eth 0)
            interfaces: eth0, name: Edge                           | xdp.name: must be a name of at most 32 of the characters a-z 0-9 - (was Edge)
            interfaces: eth0, name: ../x                           | xdp.name: must be a name of at most 32 of the characters a-z 0-9 - (was ../x)
            interfaces: eth0, tunnel-source: ["10.0.0.1", "10.0.0.2"] | xdp.tunnel-source[1]: must be one address of each family: the other IPv4 address is enough (was 10.0.0.2)
            interfaces: eth0, tunnel-source: 224.0.0.1             | xdp.tunnel-source: must be an address that one host has, not multicast or broadcast (was 224.0.0.1)
            interfaces: eth0, tunnel-source-bits: 17               | xdp.tunnel-source-bits: must be a whole number from 0 to 16 (was 17)
            interfaces: eth0, change-window: 500ms                 | xdp.change-window: must be a duration from 1s to 1h (was 500ms)
            interfaces: eth0, lease: 2m                            | xdp.lease: must be a duration from 1s to 1m (was 2m)
            interfaces: eth0, flow-table: { entries: 100 }         | xdp.flow-table.entries: must be a whole number from 1024 to 16777216 (was 100)
            interfaces: eth0, flow-table: { new-flows: 5 }         | xdp.flow-table.new-flows: needs a unit, such as 5/s or 5/m (was 5)
            interfaces: eth0, flow-table: { new-flows: 1/h }       | xdp.flow-table.new-flows: must be a rate from 1/s to 100000000/s (was 1/h)
            interfaces: eth0, health-path: backend                 | xdp.health-path: must be one of: direct, vip (was backend)
            """)
    void shouldReportWhatIsWrongWithTheSection(String keys, String problem) {
        assertEquals(problem, config.onlyProblem(xdp(keys)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow: [\"10.0.0.0/8\"]",
                "connect-attempts: 2",
                "deny: [\"10.0.0.0/8\"]",
                "freebind: true",
                "limits: { connections: 5 }",
                "proxy-protocol: { from: [\"10.0.0.0/8\"] }",
                "responses: 1",
                "split: [{ pool: web, percent: 10% }]",
                "tcp: { backlog: 5 }",
                "timeouts: { idle: 5s }",
                "udp: { rehome: never }"
            })
    void shouldReportKeysThatOnlyAProxyReads(String keyAndValue) {
        String key = keyAndValue.substring(0, keyAndValue.indexOf(':'));

        String problem = config.onlyProblem(service("listen: \"192.0.2.10:80\", " + keyAndValue));

        assertTrue(problem.startsWith("services.web." + key + ": is for mode: proxy only (was "), problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            listen: "*:80"                                  | services.web.listen: must be an address that packets can come to, for mode: dsr (was *:80)
            listen: "*:*"                                   | services.web.listen: must be an address that packets can come to, for mode: dsr (was *:*)
            listen: "0.0.0.0:80"                            | services.web.listen: must be an address that packets can come to, for mode: dsr (was 0.0.0.0:80)
            listen: "[::]:80"                               | services.web.listen: must be an address that packets can come to, for mode: dsr (was [::]:80)
            listen: "127.0.0.1:80"                          | services.web.listen: must be an address that packets can come to, for mode: dsr (was 127.0.0.1:80)
            listen: "[fe80::1]:80"                          | services.web.listen: must be an address that packets can come to, for mode: dsr (was [fe80::1]:80)
            listen: "224.0.0.1:80"                          | services.web.listen: must be an address that packets can come to, for mode: dsr (was 224.0.0.1:80)
            listen: "unix:/run/web.sock"                    | services.web.listen: is a UNIX socket, where no packet can come (was unix:/run/web.sock)
            listen: ":*"                                    | services.web.listen: must be an address and port such as "192.0.2.10:80", "[2001:db8::10]:80" or "192.0.2.10:*" (was :*)
            listen: "192.0.2.10:80:*"                       | services.web.listen: must be an address and port such as "192.0.2.10:80", "[2001:db8::10]:80" or "192.0.2.10:*" (was 192.0.2.10:80:*)
            listen: "web:*"                                 | services.web.listen: must be an IP address: a listener is never looked up by name (was web:*)
            listen: "192.0.2.10:80", vni: 5                 | services.web.vni: is for encapsulation: vxlan only (was 5)
            listen: "192.0.2.10:80", encapsulation: gre     | services.web.encapsulation: must be one of: ipip, l2, vxlan (was gre)
            listen: "192.0.2.10:80", flow-table: on         | services.web.flow-table: must be one of: full, off (was on)
            listen: "192.0.2.10:80", encapsulation: vxlan, vni: 16777216 | services.web.vni: must be a whole number from 0 to 16777215 (was 16777216)
            """)
    void shouldReportWhatIsWrongWithAService(String keys, String problem) {
        assertEquals(problem, config.onlyProblem(service(keys)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"encapsulation: ipip", "vni: 5", "flow-table: full"})
    void shouldReportKeysThatOnlyPacketsNeed(String keyAndValue) {
        String yaml = "services: { web: { listen: \"*:80\", " + keyAndValue
                + " } }\npools: { web: { backends: [\"a:80\"] } }\n";

        String problem = config.onlyProblem(yaml);

        assertTrue(problem.contains(": is for mode: dsr only (was "), problem);
    }

    @Test
    void shouldReportAnyPortOfAProxy() {
        assertEquals(
                "services.web.listen: any port (:*) is for mode: dsr only (was 192.0.2.10:*)", config.onlyProblem("""
                        services: { web: { listen: "192.0.2.10:*" } }
                        pools: { web: { backends: ["10.0.0.1:80"] } }
                        """));
    }

    @Test
    void shouldNeedTheSectionWithTheInterfaces() {
        assertEquals(
                "services.web.mode: needs the section xdp, which names the interfaces that packets come in at (was dsr)",
                config.onlyProblem("""
                        services: { web: { mode: dsr, listen: "192.0.2.10:80" } }
                        pools: { web: { backends: ["10.0.0.1"] } }
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            affinity: {}                                 | affinity
            circuit-breaker: {}                          | circuit-breaker
            fail-back: { rate: 1/s }                     | fail-back
            limits: { connections: 5 }                   | limits
            outlier-ejection: {}                         | outlier-ejection
            send-proxy: v1                               | send-proxy
            slow-start: 30s                              | slow-start
            source: { interface: eth1 }                  | source
            balance: { load-factor: 125% }               | balance.load-factor
            """)
    void shouldReportWhatOnlyAProxyCanDoForAPool(String keyAndValue, String key) {
        String problem = config.onlyProblem(pool(keyAndValue + ", backends: [\"10.0.0.11\"]"));

        assertTrue(
                problem.startsWith(
                        "pools.web." + key + ": cannot be used with mode: dsr, in which service web is (was "),
                problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            balance: { policy: random }, backends: ["10.0.0.11"] | pools.web.balance.policy: must be maglev for mode: dsr, in which service web is (was random)
            backends: ["unix:/run/app.sock"]                     | pools.web.backends[0]: is a UNIX socket, and cannot be used with mode: dsr, in which service web is (was unix:/run/app.sock)
            backends: ["10.0.0.11:8080"]                         | pools.web.backends[0]: must have no port, or that of every listener: packets for 192.0.2.10:80 keep theirs (was 10.0.0.11:8080)
            backends: ["192.0.2.10"]                             | pools.web.backends[0]: is an address of service web, which packets come to: a backend needs one of its own (was 192.0.2.10)
            backends: ["[fe80::11]"]                             | pools.web.backends[0]: must be an address that says by which link, not link-local, for mode: dsr, in which service web is (was [fe80::11])
            backends: [{ address: 10.0.0.11, max-connections: 5 }] | pools.web.backends: max-connections (of 10.0.0.11) cannot be used with mode: dsr, in which service web is (was a list)
            health: { source: "2001:db8::1" }, backends: ["10.0.0.11"] | pools.web.health: checks go to 192.0.2.10, which is of another family than their source 2001:db8::1 (was a mapping)
            """)
    void shouldReportWhatIsWrongWithAPool(String keys, String problem) {
        assertEquals(problem, config.onlyProblem(pool(keys)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backends: [\"10.0.0.11\"]",
                "backends: [\"10.0.0.11:80\", \"web-2.internal\"]",
                "balance: { policy: maglev, hash: source }, backends: [\"10.0.0.11\"]",
                "health: none, backends: [\"10.0.0.11\"]",
                "health: { tcp: { port: 5 }, source: \"10.0.0.1\" }, backends: [\"[2001:db8::11]\"]",
                "agent: { port: 99 }, hold-down: {}, locality: { panic: 10% }, backends: [\"10.0.0.11\"]",
                "backends: [{ address: 10.0.0.11, weight: 0 }, { address: 10.0.0.12, state: drain, priority: 2 }]"
            })
    void shouldTakePoolsOfPackets(String keys) {
        assertEquals(List.of(), config.lines(pool(keys)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mode: proxy                                 | mode: proxy                                  |
            mode: dsr                                   | mode: proxy                                  | mode: dsr, l2
            mode: proxy                                 | mode: dsr                                    | mode: proxy
            mode: dsr, encapsulation: ipip              | mode: dsr                                    | mode: dsr, ipip
            mode: dsr, encapsulation: vxlan             | mode: dsr, encapsulation: vxlan, vni: 5      | mode: dsr, vxlan (vni 100)
            mode: dsr, encapsulation: vxlan, vni: 5     | mode: dsr, encapsulation: vxlan, vni: 5      |
            mode: dsr, flow-table: off                  | mode: dsr, flow-table: full, protocol: udp   |
            """)
    void shouldLetAPoolBeUsedInOneWayOnly(String first, String second, String usedWith) {
        String yaml = XDP + "services:\n  a: { pool: p, listen: \"192.0.2.10:80\", " + first + " }\n"
                + "  b: { pool: p, listen: \"192.0.2.11:80\", " + second + " }\n"
                + "pools: { p: { backends: [\"10.0.0.11:80\"] } }\n";

        assertEquals(
                usedWith == null
                        ? List.of()
                        : List.of("services.b.pool: pool p is used in one way only, and service a uses it with "
                                + usedWith + " (was p)"),
                config.problems(yaml).stream()
                        .map(problem -> problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")")
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "192.0.2.10:80"        | mode: dsr   | "192.0.2.10:80"        | mode: dsr                | overlaps
            "192.0.2.10:80"        | mode: dsr   | "192.0.2.10:80"        | mode: proxy              | overlaps
            "192.0.2.10:80"        | mode: dsr   | "192.0.2.10:80"        | tcp: { interface: eth1 } | overlaps
            "192.0.2.10:80"        | tcp: { interface: eth1 } | "192.0.2.10:80" | mode: dsr          | overlaps
            "192.0.2.10:80"        | mode: dsr   | "192.0.2.10:80"        | mode: dsr, protocol: udp |
            "192.0.2.10:80"        | mode: dsr   | "192.0.2.11:80"        | mode: dsr                |
            "192.0.2.10:80-90"     | mode: dsr   | "192.0.2.10:90-99"     | mode: dsr                | overlaps
            "192.0.2.10:80-89"     | mode: dsr   | "192.0.2.10:90-99"     | mode: dsr                |
            "192.0.2.10:*"         | mode: dsr   | "192.0.2.10:443"       | mode: dsr                | overlaps
            "192.0.2.10:443"       | mode: proxy | "192.0.2.10:*"         | mode: dsr                | overlaps
            "192.0.2.10:*"         | mode: dsr   | "192.0.2.10:*"         | mode: dsr                | overlaps
            "192.0.2.10:80"        | mode: dsr   | "*:80"                 | mode: proxy              |
            """)
    void shouldReportListenersThatOverlap(
            String first, String firstMode, String second, String secondMode, String overlaps) {
        String yaml = XDP + "services:\n  a: { listen: " + first + ", " + firstMode + " }\n"
                + "  b: { listen: " + second + ", " + secondMode + " }\n"
                + "pools:\n  a: { health: none, backends: [\"10.0.0.11\"] }\n  b: { health: none, backends: [\"10.0.0.12\"] }\n";

        List<String> rules = config.problems(yaml).stream()
                .map(problem -> problem.key() + ": " + problem.rule())
                .toList();

        String earlier = first.replace("\"", "");
        assertEquals(
                overlaps == null
                        ? List.of()
                        : List.of("services.b.listen: overlaps " + earlier + " of services.a.listen at line 3"),
                rules);
    }

    @Test
    void shouldBoundTheRangesAtOneAddress() {
        String ranges = IntStream.rangeClosed(1, ListenOverlaps.MAX_RANGES + 1)
                .mapToObj(i -> "\"192.0.2.10:" + (i * 10) + "-" + (i * 10 + 5) + "\"")
                .collect(Collectors.joining(", "));

        assertEquals(
                "services.web.listen[16]: at most 16 ranges of ports can be at 192.0.2.10 for mode: dsr (was 192.0.2.10:170-175)",
                config.onlyProblem(service("listen: [" + ranges + "]")));
    }

    @Test
    void shouldNeedAPortForChecksWhenClientsComeToAny() {
        String yaml = service("listen: \"192.0.2.10:*\"");
        assertEquals(
                "pools.web.health: each check needs a port of its own, or there must be none (health: none): "
                        + "clients come to 192.0.2.10:* (was absent)",
                config.onlyProblem(yaml));
        assertEquals(List.of(), config.lines(yaml.replace("backends:", "health: { tcp: { port: 22 } }, backends:")));
    }

    @Test
    void shouldCompareTheSourceOfChecksWithWhereTheyGo() {
        String yaml = pool("health: { source: \"10.0.0.1\" }, backends: [\"[2001:db8::1]\"]");

        assertEquals(List.of(), config.lines(yaml));
        assertEquals(
                "pools.web.backends[0]: is of another family than the source of its checks, 10.0.0.1 (was [2001:db8::1])",
                config.onlyProblem(yaml.replace("interfaces: eth0", "interfaces: eth0, health-path: direct")));
    }

    @Test
    void shouldReportOnlyTheModeWhenItIsMisspelt() {
        assertEquals(
                "services.web.mode: must be one of: dsr, proxy, did you mean 'dsr'? (was dsrr)",
                config.onlyProblem(service("encapsulation: ipip, listen: \"192.0.2.10:*\"")
                        .replace("mode: dsr", "mode: dsrr")
                        .replace("backends:", "health: none, backends:")));
    }

    @Test
    void shouldReportAllProblemsAtOnce() {
        assertEquals(
                List.of(
                        "1:8: xdp.interfaces: is required (was absent)",
                        "services.web.freebind",
                        "services.web.listen",
                        "pools.web.affinity",
                        "pools.web.backends[0]"),
                config.problems("""
                                xdp: { lease: 5s }
                                services: { web: { mode: dsr, freebind: true, listen: "*:80" } }
                                pools: { web: { affinity: {}, backends: ["unix:/a"] } }
                                """).stream()
                        .map(problem -> problem.key().equals("xdp.interfaces")
                                ? "1:8: " + problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")"
                                : problem.key())
                        .toList());
    }

    @Test
    void shouldHoldAddedBackendsToTheSameRules() {
        ForwarderConfig read = config.read(pool("backends: [\"10.0.0.11\"]"));

        assertEquals(
                "10.0.0.12",
                OfferedBackend.read(read, "web", "b", "10.0.0.12", 1).host());
        for (String wrong : List.of("10.0.0.12:81", "192.0.2.10", "unix:/run/app.sock")) {
            assertThrows(InvalidConfigException.class, () -> OfferedBackend.read(read, "web", "b", wrong, 1), wrong);
        }
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
