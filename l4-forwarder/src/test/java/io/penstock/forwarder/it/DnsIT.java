package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name server that is in use, asked by programs that are, through the forwarder: each query is answered. */
@Timeout(90)
class DnsIT {
    /** Sockets of dnsperf, each a client of its own. */
    private static final int CLIENTS = 20;

    private static final int RUN_S = 3;
    private static final int QUERIES_PER_S = 3_000;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private Programs programs;
    private NameServer server;

    @BeforeEach
    void setUp() throws Exception {
        programs = new Programs(directory);
        server = NameServer.start(programs, directory);
    }

    @AfterEach
    void tearDown() throws Exception {
        programs.close();
    }

    @Test
    void shouldAnswerEachQueryOfAClientFromOneServer() throws Exception {
        try (ForwarderProcess forwarder = start("")) {
            long queries = answeredQueries();
            assertForwarded(forwarder, queries);
            assertEquals(CLIENTS, forwarder.total("udp_sessions_opened"));
        }
    }

    @Test
    void shouldEndSessionWithItsAnswer() throws Exception {
        try (ForwarderProcess forwarder = start("responses: 1")) {
            long queries = answeredQueries();
            assertForwarded(forwarder, queries);
            long sessions = forwarder.total("udp_sessions_opened");
            assertTrue(sessions > CLIENTS, () -> sessions + " sessions of " + CLIENTS + " clients");
            assertEquals(sessions, forwarder.total("udp_ended_completed"));
        }
    }

    @Test
    void shouldBalanceEachQueryByItself() throws Exception {
        try (ForwarderProcess forwarder = start("udp: { mode: per-packet }")) {
            long queries = answeredQueries();
            assertForwarded(forwarder, queries);
            // Each client at each server.
            assertEquals(2 * CLIENTS, forwarder.total("udp_sessions_opened"));
        }
    }

    @Test
    void shouldBalanceEachQueryByItselfAndEndItsSessionWithTheAnswer() throws Exception {
        try (ForwarderProcess forwarder = start("udp: { mode: per-packet }\n    responses: 1")) {
            long queries = answeredQueries();
            assertForwarded(forwarder, queries);
            assertEquals(forwarder.total("udp_sessions_opened"), forwarder.total("udp_ended_completed"));
        }
    }

    /** What does not fit into the datagram that the client would take comes over TCP, at the same address and port. */
    @Test
    void shouldServeTcpAndUdpOnOneAddressAndPort() throws Exception {
        Tools.assume("dig");
        String yaml = """
                drain-timeout: 5s
                services:
                  dns-tcp: { listen: "127.0.0.1:%1$d", pool: dns }
                  dns: { listen: "127.0.0.1:%1$d", protocol: udp, responses: 1, pool: dns }
                pools:
                  dns: { health: none, backends: ["%2$s", "%3$s"] }
                """.formatted(port, server.backends()[0], server.backends()[1]);
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml)) {
            assertEquals("192.0.2.7\n", dig("h7", "A", "+short"));
            assertEquals("192.0.2.8\n", dig("h8", "A", "+short", "+tcp"));
            String cut = dig("big", "TXT", "+bufsize=512", "+ignore");
            assertTrue(cut.contains(" tc"), cut);
            String fellBack = dig("big", "TXT", "+bufsize=512");
            assertTrue(fellBack.contains("retrying in TCP mode"), fellBack);
            assertTrue(fellBack.contains("ANSWER: " + NameServer.TEXTS + ","), fellBack);
            String large = dig("big", "TXT", "+bufsize=4096", "+ignore");
            assertFalse(large.contains(" tc"), large);
            assertTrue(large.contains("ANSWER: " + NameServer.TEXTS + ","), large);
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("accepted"), "over TCP");
            assertEquals(4, forwarder.total("udp_datagrams_to_clients"));
            assertEquals(4, forwarder.total("udp_ended_completed"));
        }
    }

    /** As docs/udp.md has them: the server knows the zone, and refuses to speak of the root. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "send: { hex: '5053 0100 0001 0000 0000 0000 00 0002 0001' }, expect: { regex: '^PS[\\x80-\\xff]' }",
                "send: { hex: '5053 0000 0001 0000 0000 0000 07 6578616d706c65 04 74657374 00 0006 0001' },"
                        + " expect: { regex: '^PS[\\x84-\\x87][\\x00\\x20\\x80\\xa0]\\x00\\x01\\x00[\\x01-\\xff]' }"
            })
    void shouldCheckServerByAQuery(String probe) throws Exception {
        String health = "{ udp: { " + probe + " }, interval: 100ms, rise: 2, fall: 2, initial: fully-down }";
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, server.backends())
                        .health(health)
                        .service("protocol: udp")
                        .text())) {
            forwarder.awaitLogged(2, "event=backend ", "to=UP");
            programs.close();
            forwarder.awaitLogged(2, "event=backend ", "to=DOWN");
        }
    }

    private String dig(String host, String... options) throws Exception {
        String[] command = {"dig", "@127.0.0.1", "-p", Integer.toString(port), "+tries=1", host + "." + NameServer.ZONE
        };
        String[] words = new String[command.length + options.length];
        System.arraycopy(command, 0, words, 0, command.length);
        System.arraycopy(options, 0, words, command.length, options.length);
        return programs.run(words);
    }

    private ForwarderProcess start(String line) throws Exception {
        return ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, server.backends())
                        .service("protocol: udp")
                        .service(line)
                        .text());
    }

    /** How many queries dnsperf has sent, each of which was answered. */
    private long answeredQueries() throws Exception {
        Tools.assume("dnsperf");
        String report = programs.run(
                "dnsperf",
                "-s",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-d",
                NameServer.queries(directory).toString(),
                "-c",
                Integer.toString(CLIENTS),
                "-l",
                Integer.toString(RUN_S),
                "-Q",
                Integer.toString(QUERIES_PER_S));
        long sent = figure(report, "Queries sent");
        assertTrue(sent > NameServer.HOSTS, report);
        assertEquals(sent, figure(report, "Queries completed"), report);
        assertEquals(0, figure(report, "Queries lost"), report);
        assertTrue(report.contains("NOERROR " + sent + " "), report);
        return sent;
    }

    private static long figure(String report, String name) {
        Matcher figure = Pattern.compile(name + ": +(\\d+)").matcher(report);
        assertTrue(figure.find(), report);
        return Long.parseLong(figure.group(1));
    }

    private static void assertForwarded(ForwarderProcess forwarder, long queries) throws Exception {
        assertEquals(0, forwarder.stop());
        assertEquals(queries, forwarder.total("udp_datagrams_from_clients"));
        assertEquals(queries, forwarder.total("udp_datagrams_to_backends"));
        assertEquals(queries, forwarder.total("udp_datagrams_from_backends"));
        assertEquals(queries, forwarder.total("udp_datagrams_to_clients"));
    }
}
