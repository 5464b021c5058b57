package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.re2j.Pattern;
import io.penstock.health.AgentCheck;
import io.penstock.health.Combination;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.health.HealthPlan;
import io.penstock.health.Octets;
import io.penstock.health.Probe;
import io.penstock.health.Probe.Expect;
import io.penstock.health.Probe.StatusRange;
import io.penstock.health.Probe.Tls;
import io.penstock.health.Schedule;
import io.penstock.health.Schedule.Initial;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of {@code health} when nothing is wrong; mistakes are in {@link HealthMistakesTest}. */
class HealthReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReadHowACheckGoesAboutItsProbe() {
        HealthCheck check = onlyCheck("""
                tcp: { port: 81 }, interval: 4s, fast-interval: 250ms, timeout: 3s, rise: 4, fall: 5, jitter: 25%,
                source: 192.0.2.1, proxy-protocol: v1, initial: fully-down""");

        assertEquals(
                new HealthCheck(
                        "tcp",
                        new Probe.Tcp(),
                        81,
                        new Schedule(
                                Duration.ofSeconds(4),
                                Duration.ofMillis(250),
                                Duration.ofSeconds(3),
                                0.25,
                                Initial.FULLY_DOWN),
                        new Origin(IpAddress.parse("192.0.2.1"), ProxyHeader.V1),
                        4,
                        5,
                        1),
                check);
    }

    @Test
    void shouldTakeIntervalForWhatIsNotGiven() {
        Schedule schedule = onlyCheck("interval: 300ms").schedule();

        assertEquals(Duration.ofMillis(300), schedule.fastInterval());
        assertEquals(Duration.ofMillis(300), schedule.timeout());
    }

    @Test
    void shouldReadHttp() {
        HealthCheck check = onlyCheck("""
                http: { method: OPTIONS, path: /up, host: "web:81", status: [204, 300-399], body: { regex: "o+k" },
                tls: { server-name: web.internal, ca-file: ca.pem }, port: 9000 }""");

        assertEquals("http", check.name());
        assertEquals(9000, check.port());
        assertEquals(
                new Probe.Http(
                        "OPTIONS",
                        "/up",
                        Optional.of("web:81"),
                        List.of(new StatusRange(204, 204), new StatusRange(300, 399)),
                        Optional.of(new Expect.Regex(Pattern.compile("o+k"))),
                        Optional.of(new Tls(
                                Optional.of("web.internal"),
                                true,
                                Optional.of(config.file().resolveSibling("ca.pem"))))),
                check.probe());
    }

    @Test
    void shouldGetTheRootAndTakeRedirectsWhenHttpIsEmpty() {
        assertEquals(
                new Probe.Http(
                        "GET",
                        "/",
                        Optional.empty(),
                        List.of(new StatusRange(200, 399)),
                        Optional.empty(),
                        Optional.empty()),
                onlyCheck("http: {}").probe());
    }

    @Test
    void shouldReadOctetsInEachForm() {
        assertEquals(
                new Probe.Exchange(
                        Octets.utf8("PING\r\n"),
                        Optional.of(new Expect.Bytes(Octets.of(new byte[] {0, (byte) 0xff}))),
                        Optional.empty()),
                onlyCheck("exchange: { send: \"PING\\r\\n\", expect: { hex: \"00 FF\" } }")
                        .probe());
        assertEquals(
                new Probe.Exchange(Octets.utf8("é"), Optional.empty(), Optional.empty()),
                onlyCheck("exchange: { send: { text: é } }").probe());
        assertEquals(
                new Probe.Exchange(Octets.NONE, Optional.of(new Expect.Bytes(Octets.utf8("ok"))), Optional.empty()),
                onlyCheck("exchange: { expect: ok }").probe());
    }

    @Test
    void shouldReadUdpTlsAndExec() {
        assertEquals(
                new Probe.Udp(Octets.utf8("a"), Optional.empty(), true),
                onlyCheck("udp: { send: a, silence: success }").probe());
        assertEquals(
                new Probe.Handshake(new Tls(Optional.empty(), false, Optional.empty())),
                onlyCheck("tls: { verify: false }").probe());
        assertEquals(
                new Probe.Exec(List.of("/bin/sh", "-c", "exit 0"), 4096),
                onlyCheck("exec: { command: [/bin/sh, -c, exit 0] }").probe());
    }

    @Test
    void shouldInheritWhatTheChecksShare() {
        HealthPlan plan = health("""
                interval: 4s, rise: 7, require: { score: 51 },
                checks: { port: { tcp: {} }, app: { http: {}, weight: 50, interval: 1s, fall: 1 } }""");

        HealthCheck port = plan.checks().get(0);
        HealthCheck app = plan.checks().get(1);
        assertEquals(new Combination.Score(51, 51), plan.combination());
        assertEquals("port", port.name());
        assertEquals(Duration.ofSeconds(4), port.schedule().interval());
        assertEquals(7, port.rise());
        assertEquals(1, port.weight());
        assertEquals("app", app.name());
        assertEquals(Duration.ofSeconds(1), app.schedule().interval());
        assertEquals(Duration.ofSeconds(1), app.schedule().fastInterval());
        assertEquals(7, app.rise());
        assertEquals(1, app.fall());
        assertEquals(50, app.weight());
    }

    @Test
    void shouldReadWhatIsRequired() {
        String checks = ", checks: { a: { tcp: {} }, b: { tls: {} } }";
        assertEquals(new Combination.All(), health("rise: 1" + checks).combination());
        assertEquals(new Combination.All(), health("require: all" + checks).combination());
        assertEquals(new Combination.Any(), health("require: any" + checks).combination());
        assertEquals(
                new Combination.AtLeast(2),
                health("require: { at-least: 2 }" + checks).combination());
        assertEquals(
                new Combination.Score(2, 1),
                health("require: { score: 2, down-below: 1 }" + checks).combination());
    }

    @Test
    void shouldReadAgent() {
        AgentCheck agent = config.pool("agent: { port: 9, send: \"x\\n\", interval: 500ms }, backends: [\"a:1\"]")
                .agent()
                .orElseThrow();

        assertEquals(9, agent.port());
        assertEquals(Octets.utf8("x\n"), agent.send());
        assertEquals(Duration.ofMillis(500), agent.schedule().interval());
        assertEquals(Duration.ofMillis(500), agent.schedule().timeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec: { command: /bin/sh }", "http: { port: 80 }"})
    void shouldNotNeedAPortWhenChecksHaveTheirOwn(String probe) {
        assertEquals(
                BackendConfig.CLIENTS_PORT,
                config.pool("health: { " + probe + " }, backends: [web-1]")
                        .backends()
                        .get(0)
                        .port());
    }

    private HealthPlan health(String keys) {
        return config.pool("health: { " + keys.replace("\n", " ") + " }, backends: [\"a:1\"]")
                .health()
                .orElseThrow();
    }

    private HealthCheck onlyCheck(String keys) {
        List<HealthCheck> checks = health(keys).checks();
        assertEquals(1, checks.size());
        return checks.get(0);
    }
}
