package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.health.config.HealthReader;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of {@code health} and {@code agent}. */
class HealthMistakesTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tcp: {}, http: {}                                                   | http: cannot stand beside tcp (was a mapping)
            fast-interval: 3s                                                   | fast-interval: must not be longer than the interval between checks (was 3s)
            timeout: 3s                                                         | timeout: must not be longer than the interval between checks (was 3s)
            jitter: 51%                                                         | jitter: must be a percentage from 0% to 50% (was 51%)
            initial: ready                                                      | initial: must be one of: down, fully-down, fully-up, up (was ready)
            proxy-protocol: v3                                                  | proxy-protocol: must be one of: none, v1, v2, did you mean 'v1'? (was v3)
            source: web                                                         | source: must be an address of this host, such as 192.0.2.1 (was web)
            source: 192.0.2.300                                                 | source: '192.0.2.300' is not an IPv4 address (was 192.0.2.300)
            source: "::ffff:192.0.2.1"                                          | source: an IPv4-mapped address must be written as IPv4: 192.0.2.1 (was ::ffff:192.0.2.1)
            source: 0.0.0.0                                                     | source: must be an address to connect to, not every address (was 0.0.0.0)
            source: 224.0.0.1                                                   | source: must be an address that one host has, not multicast or broadcast (was 224.0.0.1)
            exec: { command: /bin/sh }, source: 192.0.2.1                       | source: is for checks over the network only (was 192.0.2.1)
            exec: { command: /bin/sh }, proxy-protocol: v1                      | proxy-protocol: is for checks over TCP only (was v1)
            udp: { send: a }, proxy-protocol: v2                                | proxy-protocol: is for checks over TCP only (was v2)
            udp: { send: "" }                                                   | udp.send: must be a text to compare octets with, or a mapping such as { hex: "00 ff" } (was nothing)
            udp: { send: a, silence: ok }                                       | udp.silence: must be one of: failure, success (was ok)
            exchange: {}                                                        | exchange.send: is needed, or expect; a connect alone is tcp: {} (was absent)
            exchange: { send: {} }                                              | exchange.send.text: or one of its alternatives is needed: text, hex (was absent)
            exchange: { send: { text: a, hex: ff } }                            | exchange.send.hex: cannot stand beside text (was ff)
            exchange: { expect: { text: a, regex: a } }                         | exchange.expect.regex: cannot stand beside text (was a)
            exchange: { send: { hex: fff } }                                    | exchange.send.hex: must be pairs of hexadecimal digits, such as 00ff or "00 ff" (was fff)
            exchange: { send: { hex: 00 } }                                     | exchange.send.hex: must be pairs of hexadecimal digits, in quotes (was 00)
            exchange: { expect: { regex: "a(b" } }                              | exchange.expect.regex: is no regular expression of RE2: missing closing ) (was a(b)
            exchange: { expect: { regex: "(a{50}){21}" } }                      | exchange.expect.regex: its counts {n}, multiplied, must be at most 1000 (was (a{50}){21})
            exchange: { expect: { regex: "(a{2,50}){21,}" } }                   | exchange.expect.regex: its counts {n}, multiplied, must be at most 1000 (was (a{2,50}){21,})
            http: { path: up }                                                  | http.path: must be a path of visible ASCII characters that begins with / (was up)
            http: { host: "a b" }                                               | http.host: must be a host, with or without a port (was a b)
            http: { method: PUT }                                               | http.method: must be one of: GET, HEAD, OPTIONS (was PUT)
            http: { status: 600 }                                               | http.status: must be a status from 100 to 599, or a range such as 200-399 (was 600)
            http: { status: 399-200 }                                           | http.status: the first status of a range must not be above the last (was 399-200)
            http: { method: HEAD, body: ok }                                    | http.body: is for answers that have one, of GET and OPTIONS, only (was ok)
            http: { tls: { verify: yes } }                                      | http.tls.verify: must be true or false (was yes)
            http: { tls: { verify: false, ca-file: ca.pem } }                   | http.tls.ca-file: is for verify: true only (was ca.pem)
            tls: { server-name: "a b" }                                         | tls.server-name: must be a DNS name such as web.internal (was a b)
            exec: {}                                                            | exec.command: is required (was absent)
            exec: { command: true }                                             | exec.command: must be text, in quotes (was true)
            exec: { command: sh }                                               | exec.command: must be the absolute path of a program (was sh)
            exec: { command: /no/such }                                         | exec.command: must name a program that can be executed (was /no/such)
            exec: { command: [/bin/sh, "\\0"] }                                 | exec.command[1]: must not have a NUL character (was  )
            require: any                                                        | require: is for several checks only (was any)
            tcp: {}, checks: { a: { tcp: {} } }                                 | tcp: must stand in one of the checks (was a mapping)
            checks: { a: {} }                                                   | checks.a: needs one of: tcp, http, exchange, udp, tls, exec (was a mapping)
            checks: { "a b": { tcp: {} } }                                      | checks.a b: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            checks: { a: { tcp: {}, weight: 5 } }                               | checks.a.weight: is for require: { score: ... } only (was 5)
            checks: { a: { tcp: {}, timeout: 3s } }                             | checks.a.timeout: must not be longer than the interval between checks (was 3s)
            require: { at-least: 2 }, checks: { a: { tcp: {} } }                | require.at-least: must be at most as many as there are checks (1) (was 2)
            require: { score: 2 }, checks: { a: { tcp: {} } }                   | require.score: must be at most the weights of all checks together (1) (was 2)
            require: { score: 1, down-below: 2 }, checks: { a: { tcp: {} } }    | require.down-below: must be at most the score (1) (was 2)
            require: { at-least: 1, score: 1 }, checks: { a: { tcp: {} } }      | require.score: cannot stand beside at-least (was 1)
            require: { at-least: 1, down-below: 1 }, checks: { a: { tcp: {} } } | require.down-below: is for score only (was 1)
            require: {}, checks: { a: { tcp: {} } }                             | require.at-least: is needed, or score (was absent)
            """)
    void shouldExplainWhenHealthIsWrong(String keys, String problem) {
        assertEquals(
                "pools.web.health." + problem, config.poolProblem("health: { " + keys + " }, backends: [\"a:1\"]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                     | port: is required (was absent)
            { port: 0 }                            | port: must be a whole number from 1 to 65535 (was 0)
            { port: 9, send: {} }                  | send.text: or one of its alternatives is needed: text, hex (was absent)
            { port: 9, interval: 1s, timeout: 2s } | timeout: must not be longer than the interval between checks (was 2s)
            """)
    void shouldExplainWhenAgentIsWrong(String agent, String problem) {
        assertEquals("pools.web.agent." + problem, config.poolProblem("agent: " + agent + ", backends: [\"a:1\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http: {}", "checks: { a: { tcp: { port: 80 } }, b: { udp: { send: a } } }"})
    void shouldNeedAPortWhenACheckHasNone(String probe) {
        assertEquals(
                "pools.web.backends[0]: needs a port; or each check needs one of its own, or there must be none"
                        + " (health: none) (was web-1)",
                config.poolProblem("health: { " + probe + " }, backends: [web-1]"));
    }

    @Test
    void shouldReportBackendsThatTheSourceCannotReach() {
        assertEquals(
                "pools.web.backends[1]: is of another family than the source of its checks, 192.0.2.1"
                        + " (was [2001:db8::1]:1)",
                config.poolProblem("health: { source: 192.0.2.1 },"
                        + " backends: [\"10.0.0.1:1\", \"[2001:db8::1]:1\", \"a:1\"]"));
    }

    @Test
    void shouldReportTooManyChecks() {
        String checks = IntStream.rangeClosed(1, HealthReader.MAX_CHECKS + 1)
                .mapToObj(i -> "c" + i + ": { tcp: {} }")
                .collect(Collectors.joining(", "));

        assertEquals(
                "pools.web.health.checks: must be at most 16 checks (was 17 checks)",
                config.poolProblem("health: { checks: { " + checks + " } }, backends: [\"a:1\"]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            send: { text: %s }             | a  | 4096 | udp.send.text: must have at most 4096 characters (was 4097 characters)
            send: { hex: %s }              | ff | 4096 | udp.send.hex: must have at most 4096 octets (was 4097 octets)
            send: a, expect: { regex: %s } | a  | 512  | udp.expect.regex: must have at most 512 characters (was 513 characters)
            """)
    void shouldReportWhatIsTooLong(String form, String unit, int most, String problem) {
        String keys = "health: { udp: { " + form + " } }, backends: [\"a:1\"]";

        assertEquals(
                1, config.pool(keys.formatted(unit.repeat(most))).backends().size());
        assertEquals("pools.web.health." + problem, config.poolProblem(keys.formatted(unit.repeat(most + 1))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            missing.pem    | must name a file that exists
            cluster.secret | must name a file of certificates in PEM form
            .              | must name a regular file
            """)
    void shouldExplainWhenAuthoritiesAreUnusable(String file, String rule) {
        String problem = config.poolProblem("health: { tls: { ca-file: " + file + " } }, backends: [\"a:1\"]");

        assertEquals("pools.web.health.tls.ca-file: " + rule, problem.substring(0, problem.indexOf(" (was ")));
    }
}
