package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.ListenOptions;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.health.HealthPlan;
import io.penstock.net.IpPrefix;
import io.penstock.testing.SchemaDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwarderConfigReaderTest {
    private static final String SHORTEST = """
            services: { web: { listen: "*:80" } }
            pools: { web: { backends: ["10.0.0.11:8080"] } }
            """;

    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReportAllTenMistakesWhenFileHasTen() throws IOException {
        assertEquals(
                List.of(
                        "1:10: workers: must be a whole number from 1 to 1024 (was 0)",
                        "2:1: drain-timout: unknown key, did you mean 'drain-timeout'? (was drain-timout)",
                        "5:31: services.web.listen[1]: must be an IP address: a listener is never looked up by name"
                                + " (was example.org:80)",
                        "6:15: services.web.protocol: must be one of: tcp, udp, did you mean 'udp'? (was upd)",
                        "8:13: services.web.timeouts.idle: needs a unit, such as 5ms or 5s (was 5)",
                        "10:13: services.shop.listen: overlaps 192.0.2.10:80 of services.web.listen[0] at line 5"
                                + " (was 192.0.2.10:80-90)",
                        "11:11: services.shop.pool: no pool is named 'sohp', did you mean 'shop'? (was sohp)",
                        "14:28: pools.web.balance.table-size: must be a prime; the next one is 65537 (was 65536)",
                        "17:31: pools.web.backends[1].id: duplicate id, first at line 16 (was web-1)",
                        "20:55: pools.shop.backends[0].weight: must be a whole number from 0 to 1000, without quotes"
                                + " (was 5)"),
                config.lines(resource("ten-mistakes.yaml")));
    }

    @Test
    void shouldUseDefaultsWhenFileIsShortest() {
        ForwarderConfig read = config.read(SHORTEST);

        assertEquals(ForwarderConfig.WORKERS_PER_CORE, read.workers());
        assertEquals(ForwarderConfig.DEFAULT_DRAIN_TIMEOUT, read.drainTimeout());
        assertFalse(read.sharedSecret());
        ServiceConfig web = read.services().get("web");
        assertEquals("[*:80]", web.listen().toString());
        assertEquals("web", web.pool());
        assertEquals(ServiceConfig.DEFAULT_CONNECT_ATTEMPTS, web.connectAttempts());
        assertEquals(
                new Timeouts(Timeouts.DEFAULT_CONNECT, Timeouts.DEFAULT_IDLE, Timeouts.DEFAULT_FIN), web.timeouts());
        assertEquals(
                new Tcp(
                        Optional.empty(),
                        Optional.of(new Keepalive(Duration.ofMinutes(2), Duration.ofSeconds(30), 4)),
                        Optional.empty()),
                web.tcp());
        PoolConfig pool = read.pools().get("web");
        assertEquals(Balance.DEFAULT, pool.balance());
        assertEquals(
                Optional.of(PoolConfigs.tcpCheck(0, Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 3)),
                pool.health());
        assertEquals(PoolConfig.DEFAULT_RESOLVE_INTERVAL, pool.resolveInterval());
        assertEquals(List.of(new BackendConfig("10.0.0.11:8080", "10.0.0.11", 8080, 1)), pool.backends());
    }

    @Test
    void shouldReadEveryKeyOfExample() throws IOException {
        ForwarderConfig read = config.read(SchemaDocument.shipped("forwarder.example.yaml"));

        assertTrue(read.sharedSecret());
        assertEquals(4, read.workers());
        assertEquals(
                List.of("web", "game", "dns", "edge"),
                List.copyOf(read.services().keySet()));
        assertEquals(
                "[192.0.2.10:80, [2001:db8::10]:80, unix:/run/penstock/web.sock]",
                read.services().get("web").listen().toString());
        assertEquals(
                new Tcp(
                        Optional.of(Duration.ofSeconds(3)),
                        Optional.of(new Keepalive(Duration.ofMinutes(2), Duration.ofSeconds(30), 4)),
                        Optional.of(Duration.ofSeconds(30)),
                        new ListenOptions(256, 4096, Optional.of("eth0"), false)),
                read.services().get("web").tcp());
        assertEquals("[*:27000-27099]", read.services().get("game").listen().toString());
        assertEquals(
                9000,
                read.pools().get("web").health().orElseThrow().checks().get(0).port());
        assertEquals(Optional.of(new Place("eu", "a")), read.place());
        assertEquals(
                new GeoConfig(
                        config.file().resolveSibling("GeoLite2-Country.mmdb"),
                        List.of("country", "iso_code"),
                        Map.of("DE", new Place("eu", "a"), "US", new Place("us", ""))),
                read.geo().orElseThrow());
        assertEquals(
                List.of(
                        new SplitConfig(
                                "web-beta",
                                List.of(
                                        IpPrefix.parse("198.51.100.0/24").orElseThrow(),
                                        IpPrefix.parse("2001:db8:7::/48").orElseThrow()),
                                0),
                        new SplitConfig("web-canary", List.of(), 250)),
                read.services().get("web").splits());
        assertEquals(
                new BackendConfig("10.0.0.16:8080", "10.0.0.16", 8080, 1),
                read.pools().get("web").backends().get(5));
        PoolConfig game = read.pools().get("game");
        assertEquals(PolicyKind.ROUND_ROBIN, game.balance().policy().kind());
        assertEquals(Optional.empty(), game.health());
        assertEquals(
                List.of(
                        new BackendConfig("10.0.1.11", "10.0.1.11", BackendConfig.CLIENTS_PORT, 1),
                        new BackendConfig("spare", "10.0.1.12", BackendConfig.CLIENTS_PORT, 0)),
                game.backends());
    }

    @Test
    void shouldTurnKeepaliveOffWhenItIsNone() {
        Tcp tcp = config.read(service("listen: \"*:80\", tcp: { keepalive: none }"))
                .services()
                .get("web")
                .tcp();

        assertEquals(new Tcp(Optional.empty(), Optional.empty(), Optional.empty()), tcp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forwarder.sock", "./forwarder.sock", "/run/", "\"/a b\"", "\"\"", "[]"})
    void shouldRefuseATakeOverSocketThatIsNoAbsolutePath(String path) {
        List<String> lines = config.lines("take-over: { socket: " + path + " }\n" + service("listen: \"*:80\""));

        assertEquals(1, lines.size(), lines::toString);
        assertTrue(
                lines.get(0)
                        .contains("take-over.socket: must be an absolute path of visible ASCII, at most 107 octets"),
                lines::toString);
    }

    @Test
    void shouldRefuseATakeOverSocketThatNoAddressHasRoomFor() {
        String longest = "/" + "s".repeat(106);
        ForwarderConfig read = config.read("take-over: { socket: " + longest + " }\n" + service("listen: \"*:80\""));
        assertEquals(longest, read.process().takeOver().orElseThrow().toString());
        assertEquals(
                1,
                config.lines("take-over: { socket: " + longest + "s }\n" + service("listen: \"*:80\""))
                        .size());
    }

    @Test
    void shouldReadListenersOfTwoInterfacesWithTheSameAddress() {
        ForwarderConfig read = config.read("""
                services:
                  inside: { listen: "*:80", pool: web, tcp: { interface: eth0 } }
                  outside: { listen: "*:80", pool: web, tcp: { interface: eth1 } }
                pools: { web: { backends: ["10.0.0.1:80"] } }
                """);
        assertEquals(
                Optional.of("eth1"),
                read.services().get("outside").tcp().listener().interfaceName());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            defer-accept: 999ms             | defer-accept: must be a duration from 1s to 1m (was 999ms)
            defer-accept: 61s               | defer-accept: must be a duration from 1s to 1m (was 61s)
            user-timeout: 500ms             | user-timeout: must be a duration from 1s to 240h (was 500ms)
            keepalive: { idle: 0s }         | keepalive.idle: must be a duration from 1s to 9h (was 0s)
            keepalive: { interval: 10h }    | keepalive.interval: must be a duration from 1s to 9h (was 10h)
            keepalive: off                  | keepalive: must be none, or a mapping with keys such as idle: 2m (was off)
            """)
    void shouldRefuseWhatTheKernelWouldNotTake(String option, String problem) {
        List<String> lines = config.lines(service("listen: \"*:80\", tcp: { " + option + " }"));

        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("services.web.tcp." + problem), lines::toString);
    }

    @Test
    void shouldShortenCheckTimeoutWhenIntervalIsShorterThanItsDefault() {
        HealthPlan health = config.read(pool("health: { interval: 300ms }, backends: [\"a:1\"]"))
                .pools()
                .get("web")
                .health()
                .orElseThrow();

        assertEquals(Duration.ofMillis(300), health.checks().get(0).schedule().timeout());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"*:80\", \"192.0.2.1:80\", \"[2001:db8::1]:80\"",
                "\"0.0.0.0:80\", \"[::]:80\"",
                "\"192.0.2.1:80-89\", \"192.0.2.1:90\"",
                "\"192.0.2.1:80\", \"192.0.2.2:80\""
            })
    void shouldAcceptListenersWhenTheyDoNotOverlap(String listen) {
        assertEquals(List.of(), config.lines(service("listen: [" + listen + "]")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"*:80\", \"0.0.0.0:80\"",
                "\"*:80\", \"[::]:80\"",
                "\"0.0.0.0:80\", \"*:80\"",
                "\"*:80\", \"*:80\"",
                "\"192.0.2.1:80-90\", \"192.0.2.1:85\"",
                "\"192.0.2.1:85\", \"192.0.2.1:80-90\"",
                "\"[2001:db8::1]:80\", \"[2001:db8:0::0:1]:80\""
            })
    void shouldReportTheLaterListenerOnceWhenTwoOverlap(String listen) {
        List<String> lines = config.lines(service("listen: [" + listen + "]"));

        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains("services.web.listen[1]: overlaps"), lines::toString);
    }

    @Test
    void shouldReportBothWhenDualStackFollowsBothFamilies() {
        assertEquals(
                2,
                config.lines(service("listen: [\"0.0.0.0:80\", \"*:80\", \"[::]:80\"]"))
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            listen: 80                             | must be an address and port such as
            listen: 80                             | in quotes (was 80)
            listen: ":80"                          | "*:80" is every address
            listen: :80                            | "*:80" is every address
            listen: [::]:80                        | an address that starts with [ or * needs quotes
            listen: *:80                           | an address that starts with [ or * needs quotes
            listen: 2001:db8::1                    | an IPv6 address needs brackets
            listen: "[::ffff:192.0.2.1]:80"        | must be written as IPv4: 192.0.2.1
            listen: "[fe80::1%eth0]:80"            | must not have an IPv6 zone
            listen: "[192.0.2.1]:80"               | takes no brackets
            listen: "[2001:db8::g]:80"             | '2001:db8::g' is not an IPv6 address
            listen: "192.0.2.256:80"               | '192.0.2.256' is not an IPv4 address
            listen: "192.0.2.01:80"                | '192.0.2.01' is not an IPv4 address
            listen: "192.0.2.1"                    | must be an address and port
            listen: "192.0.2.1:0"                  | a port must be from 1 to 65535
            listen: "192.0.2.1:65536"              | a port must be from 1 to 65535
            listen: "192.0.2.1:90-80"              | first port of a range
            listen: "192.0.2.1:80-"                | a port must be from 1 to 65535
            listen: localhost:80                   | a listener is never looked up by name
            listen: []                             | (was an empty list)
            listen:                                | (was nothing)
            listen: "*:80", protocol: tpc          | must be one of: tcp, udp, did you mean 'tcp'?
            listen: "*:80", timeouts: 5s           | must be a mapping
            listen: "*:80", timeouts: { idle: 1d } | must be a whole number and a unit (ms, s, m or h)
            listen: "*:80", timeouts: { idle: 0s } | must be a duration from 1ms to 240h
            listen: "*:80", timeouts: { idle: 20000m } | must be a duration from 1ms to 240h
            listen: "*:80", connect-attempts: 9    | must be a whole number from 1 to 8
            listen: "*:80", pool: 5                | must be the name of a pool, in quotes
            pool: web                              | services.web.listen: is required (was absent)
            """)
    void shouldExplainWhenServiceIsWrong(String service, String rule) {
        assertProblem(service(service), rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            balance: { hash: sorce }                | must be one of: flow, source, did you mean 'source'?
            balance: { policy: maglve }             | ring-hash, round-robin, two-choices, did you mean 'maglev'?
            balance: { table-size: 5000012 }        | must be a whole number from 3 to 5000011
            health: off                             | must be none, or a mapping
            health: { interval: 1s, timeout: 2s }   | must not be longer than the interval
            health: { timeout: 3s }                 | must not be longer than the interval
            health: { tcp: { port: 0 } }            | must be a whole number from 1 to 65535
            health: { rise: 0 }                     | must be a whole number from 1 to 100
            health: { tpc: {} }                     | unknown key, did you mean 'tcp'?
            resolve-interval: 10                    | needs a unit, such as 10ms or 10s
            """)
    void shouldExplainWhenPoolIsWrong(String pool, String rule) {
        assertProblem(pool(pool + ", backends: [\"10.0.0.1:80\"]"), rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "10.0.0.1"                                     | needs a port; or each check needs one of its own
            "10.0.0.1:80-90"                               | a backend has one port
            "10.0.0.1.:80"                                 | is not an IPv4 address
            "1.2.3:80"                                     | is not an IPv4 address
            "2001:db8::1"                                  | an IPv6 address needs brackets
            "[::ffff:10.0.0.1]:80"                         | must be written as IPv4
            "0.0.0.0:80"                                   | must be an address to connect to
            "-web:80"                                      | must be an address or a name, with a port
            "web_1:80"                                     | must be an address or a name, with a port
            "web..a:80"                                    | must be an address or a name, with a port
            ""                                             | (was nothing)
            8080                                           | must be an address or a name, with a port, such as
            { id: a }                                      | backends[0].address: is required (was absent)
            { id: 1, address: "a:80" }                     | must be a name, in quotes
            { id: "a b", address: "a:80" }                 | a name must be 1 to 128 of the characters
            { address: "a:80", weight: 1001 }              | must be a whole number from 0 to 1000
            { address: "a:80", wieght: 1 }                 | unknown key, did you mean 'weight'?
            "a:80", "a:80"                                 | duplicate id, first at line 2
            """)
    void shouldExplainWhenBackendIsWrong(String backends, String rule) {
        assertProblem(pool("backends: [" + backends + "]"), rule);
    }

    @Test
    void shouldAcceptBackendWithoutPortWhenChecksHaveTheirOwnOrNone() {
        assertEquals(List.of(), config.lines(pool("health: none, backends: [web-1]")));
        assertEquals(List.of(), config.lines(pool("health: { tcp: { port: 80 } }, backends: [web-1]")));
    }

    @Test
    void shouldReportWhenTableIsSmallerThanPool() {
        assertProblem(
                pool("balance: { table-size: 3 }, backends: [\"a:1\", \"b:1\", \"c:1\", \"d:1\"]"),
                "must be at most as many as table-size (3) (was 4 backends)");
    }

    @Test
    void shouldReportMissingPoolWhenServiceHasNoNamesake() {
        assertProblem(
                "services: { wbe: { listen: \"*:80\" } }\npools: { web: { backends: [\"a:1\"] } }",
                "services.wbe.pool: no pool is named 'wbe', did you mean 'web'? (was absent)");
    }

    @Test
    void shouldNotReportUnknownPoolWhenPoolsAreMissing() {
        assertEquals(
                List.of("1:1: pools: is required (was absent)"),
                config.lines("services: { web: { listen: \"*:80\" } }"));
    }

    @Test
    void shouldReportOnlyTheCauseWhenIntervalIsUnreadable() {
        assertEquals(
                1,
                config.lines(pool("health: { interval: 5, timeout: 3s }, backends: [\"a:1\"]"))
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            missing.secret | must name a file that exists
            .              | must name a regular file
            short.secret   | the secret must have 16 to 65536 bytes (was 15 bytes)
            "\\0"          | must be the path of a file
            5              | must be the path of a file, in quotes
            """)
    void shouldPointAtKeyWhenSecretIsUnusable(String path, String rule) throws IOException {
        var shortSecret = Files.writeString(config.file().resolveSibling("short.secret"), "123456789012345\n");

        List<String> lines = config.lines("secret-file: " + path + "\n" + SHORTEST);

        Files.delete(shortSecret);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(
                lines.get(0).startsWith("1:14: secret-file: ") && lines.get(0).contains(rule), lines::toString);
    }

    private void assertProblem(String yaml, String rule) {
        List<String> lines = config.lines(yaml);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains(rule), lines::toString);
    }

    private static String service(String keys) {
        String indented = "    " + keys.replaceAll("(?<=[\\]\"s}]), (?=[a-z])", "\n    ");
        return "services:\n  web:\n" + indented + "\npools:\n  web: { backends: [\"10.0.0.1:80\"] }\n";
    }

    private static String pool(String keys) {
        return "services: { web: { listen: \"*:80\" } }\npools: { web: { " + keys + " } }\n";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ForwarderConfigReaderTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
