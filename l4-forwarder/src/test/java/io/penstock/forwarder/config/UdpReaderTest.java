package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.ConfigProblem;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.config.UdpConfig.DontFragment;
import io.penstock.forwarder.config.UdpConfig.Mode;
import io.penstock.health.HealthCheck;
import io.penstock.health.Octets;
import io.penstock.health.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services of UDP, and what of pools goes with them. */
class UdpReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldUseDefaultsWhenNothingIsSaid() {
        ForwarderConfig read = config.read(yaml("", ""));

        ServiceConfig dns = read.services().get("dns");
        assertTrue(dns.isUdp());
        assertEquals(
                new UdpConfig(
                        Mode.SESSIONS,
                        OptionalInt.empty(),
                        Optional.of(Duration.ZERO),
                        DontFragment.AUTO,
                        4 << 20,
                        4 << 20,
                        Optional.empty(),
                        false),
                dns.udp());
        assertEquals(Duration.ofMinutes(1), dns.timeouts().idle());
        assertEquals(OptionalInt.empty(), read.maxSessions());
    }

    @Test
    void shouldReadEveryKey() {
        ForwarderConfig read = config.read("limits: { sessions: 15000, connections: 7 }\n" + yaml("""
                , responses: 2, timeouts: { idle: 5s }, udp: { mode: per-packet, rehome: 30s, dont-fragment: always,
                receive-buffer: 512KiB, send-buffer: 1GiB, interface: eth0, transparent: true }""", ""));

        ServiceConfig dns = read.services().get("dns");
        assertEquals(
                new UdpConfig(
                        Mode.PER_PACKET,
                        OptionalInt.of(2),
                        Optional.of(Duration.ofSeconds(30)),
                        DontFragment.ALWAYS,
                        512 << 10,
                        1 << 30,
                        Optional.of("eth0"),
                        true),
                dns.udp());
        assertEquals(Optional.of("eth0"), dns.listenInterface());
        assertTrue(dns.isListenTransparent());
        assertEquals(Duration.ofSeconds(5), dns.timeouts().idle());
        assertEquals(OptionalInt.of(15_000), read.maxSessions());
        assertEquals(OptionalInt.of(7), read.maxConnections());
    }

    @Test
    void shouldReadNeverAsNoTimeAtAll() {
        assertEquals(
                Optional.empty(),
                config.read(yaml(", udp: { rehome: never }", ""))
                        .services()
                        .get("dns")
                        .udp()
                        .rehome());
    }

    @Test
    void shouldLeaveTheDefaultsOfTcpAsTheyAre() {
        assertEquals(
                Timeouts.DEFAULT_IDLE,
                config.read(yaml(", timeouts: {}", "").replace("udp", "tcp"))
                        .services()
                        .get("dns")
                        .timeouts()
                        .idle());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            timeouts: { connect: 2s }             | timeouts.connect: is for TCP only (was 2s)
            timeouts: { fin: 2s }                 | timeouts.fin: is for TCP only (was 2s)
            timeouts: { first-byte: 2s }          | timeouts.first-byte: is for TCP only (was 2s)
            timeouts: { lifetime: 2s }            | timeouts.lifetime: is for TCP only (was 2s)
            connect-attempts: 3                   | connect-attempts: is for TCP only (was 3)
            tcp: {}                               | tcp: is for TCP only (was a mapping)
            proxy-protocol: { from: [10.0.0.0/8] } | proxy-protocol: is for TCP only (was a mapping)
            responses: 0                          | responses: must be a whole number from 1 to 1000 (was 0)
            udp: { mode: session }                | udp.mode: must be one of: per-packet, sessions, did you mean 'sessions'? (was session)
            udp: { rehome: 5 }                    | udp.rehome: needs a unit, such as 5ms or 5s (was 5)
            udp: { rehome: soon }                 | udp.rehome: must be never, or a duration such as 0s or 30s (was soon)
            udp: { rehome: 241h }                 | udp.rehome: must be a duration from 0s to 240h (was 241h)
            udp: { dont-fragment: true }          | udp.dont-fragment: must be one of: always, auto, never (was true)
            udp: { receive-buffer: 4194304 }      | udp.receive-buffer: needs a unit, such as 4194304KiB or 4194304MiB (was 4194304)
            udp: { receive-buffer: 4MB }          | udp.receive-buffer: must be a whole number and a unit (B, KiB, MiB or GiB), from 64KiB to 1GiB (was 4MB)
            udp: { send-buffer: 63KiB }           | udp.send-buffer: must be a size from 64KiB to 1GiB (was 63KiB)
            udp: { backlog: 5 }                   | udp.backlog: unknown key, known here: dont-fragment, interface, mode, receive-buffer, rehome, send-buffer, transparent (was backlog)
            """)
    void shouldExplainWhatAServiceOfUdpCannotHave(String key, String problem) {
        assertEquals("services.dns." + problem, config.onlyProblem(yaml(", " + key, "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            responses: 1              | responses: is for UDP only (was 1)
            udp: { mode: sessions }   | udp: is for UDP only (was a mapping)
            """)
    void shouldExplainWhatAServiceOfTcpCannotHave(String key, String problem) {
        assertEquals(
                "services.dns." + problem,
                config.onlyProblem(yaml(", " + key, "").replace("protocol: udp, ", "")));
    }

    @Test
    void shouldExplainThatDatagramsComeToNoUnixSocket() {
        assertEquals(
                "services.dns.listen: is a UNIX socket, where no datagram of UDP can come (was unix:/run/dns.sock)",
                config.onlyProblem(yaml("", "").replace("192.0.2.53:53", "unix:/run/dns.sock")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            send-proxy: v2, backends: ["10.0.0.1:53"]                       | send-proxy: cannot be used with UDP, which service dns speaks (was v2)
            source: { fast-open: true }, backends: ["10.0.0.1:53"]          | source.fast-open: cannot be used with UDP, which service dns speaks (was true)
            backends: ["10.0.0.1:53", "unix:/run/a"]                        | backends[1]: is a UNIX socket, and cannot be used with UDP, which service dns speaks (was unix:/run/a)
            health: none, backends: [{ id: a, address: "unix:@a" }]         | backends[0].address: is a UNIX socket, and cannot be used with UDP, which service dns speaks (was unix:@a)
            limits: { connections: 5, queue: 5 }, backends: ["10.0.0.1:53"] | limits.queue: is for pools of TCP services only (was 5)
            limits: { pending: 5 }, backends: ["10.0.0.1:53"]               | limits.pending: is for pools of TCP services only (was 5)
            health: { proxy-protocol: v1 }, backends: ["10.0.0.1:53"]       | health.proxy-protocol: is for checks over TCP only (was v1)
            backends: ["10.0.0.1"]                                          | backends[0]: needs a port; or each check needs one of its own, or there must be none (health: none) (was 10.0.0.1)
            backends: ["192.0.2.53:53"]                                     | backends[0]: is a listener of this forwarder: services.dns.listen at line 1 (was 192.0.2.53:53)
            """)
    void shouldExplainWhatAPoolOfUdpCannotHave(String keys, String problem) {
        assertEquals("pools.dns." + problem, config.onlyProblem(yaml("", keys)));
    }

    @Test
    void shouldAcceptSourcesAndLimitsThatDatagramsCanHave() {
        assertEquals(List.of(), config.problems(yaml("", """
                source: { addresses: ["10.0.0.5"], interface: eth1, fast-open: false }, limits: { connections: 100 },
                affinity: {}, health: none, backends: ["10.0.0.1"]""")));
    }

    @Test
    void shouldAcceptAQueueWhereTcpUsesThePoolToo() {
        assertEquals(List.of(), config.problems(both("limits: { connections: 5, queue: 5, pending: 2 }")));
    }

    @Test
    void shouldRefuseForAPoolThatASplitLeadsTo() {
        assertEquals(
                "pools.b.send-proxy: cannot be used with UDP, which service dns speaks (was v1)",
                config.onlyProblem("""
                        services:
                          dns: { listen: "*:53", protocol: udp, pool: a, split: [{ pool: b, percent: 1% }] }
                          web: { listen: "*:80", pool: b }
                        pools:
                          a: { backends: ["10.0.0.1:53"] }
                          b: { backends: ["10.0.0.2:53"], send-proxy: v1 }
                        """));
    }

    @Test
    void shouldLetTcpAndUdpListenAtTheSamePlace() {
        assertEquals(List.of(), config.problems(both("")));
        List<ConfigProblem> twice = config.problems(both("").replace("protocol: tcp", "protocol: udp"));
        assertEquals(1, twice.size(), twice::toString);
        assertTrue(twice.get(0).rule().startsWith("overlaps 192.0.2.53:53"), twice::toString);
    }

    /** What comes over TCP goes on over TCP: it cannot come back to a listener of UDP. */
    @Test
    void shouldTakeAListenerForABackendWhenProtocolsDiffer() {
        assertEquals(List.of(), config.problems("""
                services:
                  dns: { listen: "192.0.2.53:53", protocol: udp }
                  web: { listen: "192.0.2.53:80" }
                pools: { dns: { backends: ["192.0.2.53:80"] }, web: { backends: ["192.0.2.53:53"] } }
                """));
    }

    @Test
    void shouldCheckAPoolOfUdpAloneOverUdp() {
        HealthCheck usual = onlyCheck(yaml("", ""));
        assertEquals("udp", usual.name());
        assertEquals(new Probe.Udp(Octets.NONE, Optional.empty(), true), usual.probe());
        HealthCheck slower = onlyCheck(yaml("", "health: { interval: 9s }, backends: [\"10.0.0.1:53\"]"));
        assertEquals(usual.probe(), slower.probe());
        assertEquals(Duration.ofSeconds(9), slower.schedule().interval());
    }

    @Test
    void shouldCheckAPoolOfBothOverTcp() {
        assertEquals(new Probe.Tcp(), onlyCheck(both("")).probe());
    }

    @Test
    void shouldTakeSilenceForAnAnswerOnlyWhereNothingIsAsked() {
        assertEquals(Probe.Udp.NOTHING_SAID, probe("udp: { port: 53 }"));
        assertEquals(new Probe.Udp(Octets.NONE, Optional.empty(), false), probe("udp: { silence: failure }"));
        assertEquals(new Probe.Udp(Octets.utf8("a"), Optional.empty(), false), probe("udp: { send: a }"));
        assertEquals(
                new Probe.Udp(Octets.NONE, Optional.of(new Probe.Expect.Bytes(Octets.utf8("a"))), false),
                probe("udp: { expect: a }"));
    }

    private Probe probe(String udp) {
        return onlyCheck(yaml("", "health: { " + udp + " }, backends: [\"10.0.0.1:53\"]"))
                .probe();
    }

    private HealthCheck onlyCheck(String yaml) {
        List<HealthCheck> checks =
                config.read(yaml).pools().get("dns").health().orElseThrow().checks();
        assertEquals(1, checks.size());
        return checks.get(0);
    }

    private static String yaml(String serviceKeys, String poolKeys) {
        String pool = poolKeys.isEmpty() ? "backends: [\"10.0.0.1:53\"]" : poolKeys;
        return "services: { dns: { protocol: udp, listen: \"192.0.2.53:53\"" + serviceKeys + " } }\npools: { dns: { "
                + pool + " } }\n";
    }

    private static String both(String poolKeys) {
        return """
                services:
                  dns: { protocol: udp, listen: "192.0.2.53:53" }
                  dns-tcp: { protocol: tcp, listen: "192.0.2.53:53", pool: dns }
                pools: { dns: { backends: ["10.0.0.1:53"]%s } }
                """.formatted(poolKeys.isEmpty() ? "" : ", " + poolKeys);
    }
}
