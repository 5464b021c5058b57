package io.penstock.bgp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final String LEAST = """
            admin: { listen: "unix:/run/penstock/bgp.sock" }
            allow: [192.0.2.0/24, "2001:db8::/48"]
            """;
    private static final String VIP = "vips: { web: { prefix: 192.0.2.10/32, health: { port: 80 } } }\n";
    private static final String FALLS = "note: VIP web: is withdrawn 1800ms after it has failed, at most";

    @TempDir
    private Path directory;

    @Test
    void shouldSayWhenVipsAreWithdrawn() throws IOException {
        assertEquals(
                List.of(
                        "note: VIP web: is withdrawn 2100ms after it has failed, at most",
                        "note: VIP mail: is withdrawn 6300ms after it has failed, at most"),
                advice(LEAST + """
                        vips:
                          web: { prefix: 192.0.2.10/32, health: { forwarder: "http://127.0.0.1:9080" } }
                          mail:
                            prefix: 192.0.2.25/32
                            health: { services: { a: { port: 25 }, b: { port: 587, interval: 1s, timeout: 100ms, jitter: 0% } } }
                        """));
    }

    @Test
    void shouldWarnOfDaemonOverNetwork() throws IOException {
        assertEquals(
                List.of(
                        "warning: gobgp: is spoken to over the network without tls: whoever reaches 192.0.2.9:50051 can"
                                + " announce anything, and whoever is between can too",
                        FALLS),
                advice(LEAST + "gobgp: { address: \"192.0.2.9:50051\" }\n" + VIP));
        for (String harmless : List.of(
                "address: \"192.0.2.9:50051\", tls: {}",
                "address: \"[::1]:50051\"",
                "address: \"localhost:50051\"",
                "address: \"unix:/run/gobgpd.sock\"")) {
            assertEquals(List.of(FALLS), advice(LEAST + "gobgp: { " + harmless + " }\n" + VIP), harmless);
        }
    }

    @Test
    void shouldSayWhoConfiguresDaemon() throws IOException {
        assertTrue(advice(LEAST + "global: { asn: 65001, router-id: 192.0.2.1 }\n" + VIP)
                .contains("note: global: starts a daemon whose neighbours are somebody else's: see peers"));
        assertTrue(advice(LEAST + "peers: { r: { address: 192.0.2.254, asn: 65000 } }\n" + VIP)
                .contains("warning: peers: have no global: the agent waits until somebody else starts the daemon"));
    }

    @Test
    void shouldWarnOfSessions() throws IOException {
        assertEquals(
                List.of(
                        "note: peer r: leaves a host that is silent after 9s, or its own hold time when that is shorter",
                        "warning: peer r: keeps paths for 2m after the daemon is gone (graceful-restart): clients are led"
                                + " to a host that is dead for so long",
                        "note: peer r: has neither ttl-security nor password-file: others can break into the session",
                        "note: peer i: leaves a host that is silent after 30s, or its own hold time when that is shorter",
                        FALLS),
                advice(LEAST + """
                        global: { asn: 65001, router-id: 192.0.2.1 }
                        peers:
                          r: { address: 192.0.2.254, asn: 65000, graceful-restart: 2m }
                          i: { address: 192.0.2.253, asn: 65001, hold-time: 30s }
                        """ + VIP));
    }

    @Test
    void shouldWarnOfAttributesThatDoNotHelp() throws IOException {
        List<String> advice = advice(LEAST + """
                global: { asn: 65001, router-id: 192.0.2.1 }
                peers: { i: { address: 192.0.2.253, asn: 65001 }, e: { address: 192.0.2.254, asn: 65000, ttl-security: 1 } }
                vips:
                  web:
                    prefix: 192.0.2.10/32
                    health: { port: 80 }
                    attributes: { up: { local-pref: 50 }, degraded: { prepend: 2 }, draining: { communities: [no-export], wait: 0s } }
                """);

        assertEquals(
                List.of(
                        FALLS,
                        "warning: VIP web: drains without the community graceful-shutdown, which makes routers prefer"
                                + " other paths",
                        "note: VIP web: is withdrawn at once by a drain: its wait is 0s",
                        "warning: VIP web: has prepend, and peer i is of the same AS: it takes a path with its own ASN for"
                                + " a loop, and drops it"),
                advice.subList(advice.size() - 4, advice.size()));
    }

    @Test
    void shouldWarnOfLocalPrefThatNobodyIsSent() throws IOException {
        String vip =
                "vips: { web: { prefix: 192.0.2.10/32, health: { port: 80 }, attributes: { up: { local-pref: 50 } } } }\n";
        String peers = "peers: { e: { address: 192.0.2.254, asn: 65000 } }\n";
        String warning = "warning: VIP web: has local-pref, which no peer is sent: all are of another AS";

        assertTrue(advice(LEAST + "global: { asn: 65001, router-id: 192.0.2.1 }\n" + peers + vip)
                .contains(warning));
        assertFalse(advice(LEAST + peers + vip).contains(warning));
        assertFalse(advice(LEAST + "global: { asn: 65000, router-id: 192.0.2.1 }\n" + peers + vip)
                .contains(warning));
    }

    @Test
    void shouldWarnOfFamilyThatReachesNobody() throws IOException {
        List<String> advice = advice(LEAST + """
                global: { asn: 65001, router-id: 192.0.2.1 }
                peers: { e: { address: 192.0.2.254, asn: 65000, families: [ipv4] } }
                vips: { web: { prefix: "2001:db8::10/128", health: { port: 80 } } }
                """);

        assertEquals(
                "warning: VIP web: reaches nobody: no peer has ipv6 among its families", advice.get(advice.size() - 1));
    }

    @Test
    void shouldWarnOfSessionThatIsNoNextHop() throws IOException {
        String peer = "peers: { e: { address: 192.0.2.254, asn: 65000, families: [ipv4, ipv6] } }\n";
        String vip = "vips: { web: { prefix: \"2001:db8::10/128\", health: { port: 80 }%s } }\n";
        String warning = "warning: VIP web: has no next-hop, and peer e is spoken to over IPv4: this end of that"
                + " session is no next hop of IPv6";

        assertTrue(advice(LEAST + peer + vip.formatted("")).contains(warning));
        assertFalse(advice(LEAST + peer + vip.formatted(", next-hop: \"2001:db8::1\""))
                .contains(warning));
        assertFalse(advice(LEAST + peer.replace("192.0.2.254", "\"2001:db8::fe\"") + vip.formatted(""))
                .contains(warning));
    }

    @Test
    void shouldWarnOfWhatIsOftenRegretted() throws IOException {
        assertEquals(
                List.of(
                        "warning: VIP a: has no health: it is announced while its address is here, whatever happens behind"
                                + " it",
                        "warning: VIP a: has no hold-down: routers that dampen routes shut it out after about three losses",
                        "warning: VIP b: has neither health nor presence: it is announced as long as the agent runs",
                        "note: VIP c: is withdrawn 2100ms after it has failed, at most",
                        "warning: VIP c: is announced whether or not its address is here (presence: false): the forwarder"
                                + " says that it serves it, not that packets reach it",
                        "warning: guard: is off: a path stays announced when the agent is killed or frozen",
                        "note: on-stop: is keep: after the agent has ended nobody watches the paths",
                        "note: without admin there are no status, events, drain and metrics",
                        "warning: allow: has 0.0.0.0/0: every prefix may be announced"),
                advice("""
                        allow: [0.0.0.0/0]
                        guard: off
                        on-stop: keep
                        vips:
                          a: { prefix: 192.0.2.1/32, health: none, hold-down: off }
                          b: { prefix: 192.0.2.2/32, health: none, presence: false }
                          c: { prefix: 192.0.2.3/32, health: { forwarder: "unix:/run/a.sock" }, presence: false }
                        """));
    }

    @Test
    void shouldSayWhatIsThere() throws IOException {
        Path file = write(LEAST + VIP);

        Typed typed = check(file);

        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals(
                List.of(file + ": ok: 1 VIP, peers of others", FALLS),
                typed.out().lines().toList());
    }

    @Test
    void shouldNeverShowPassword() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2\u0007\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path file = write(LEAST + "peers: { r: { address: 192.0.2.254, asn: 65000, password-file: secret } }\n" + VIP);

        Typed wrong = check(file);
        Files.writeString(secret, "hunter2\n");
        Typed right = check(file);

        assertEquals(1, wrong.exitCode());
        assertEquals(0, right.exitCode(), right::err);
        assertFalse((wrong.out() + wrong.err() + right.out() + right.err()).contains("hunter2"), wrong::err);
    }

    @Test
    void shouldReportEveryProblem() throws IOException {
        Path file = write(
                "max-paths: 0\nallow: [192.0.2.0/24]\nvips: { web: { prefix: 198.51.100.77/24, health: none } }\n");

        Typed typed = check(file);

        assertEquals(1, typed.exitCode());
        assertEquals("", typed.out());
        assertEquals(
                List.of(
                        file + ":1:12: max-paths: must be a whole number from 1 to 100000 (was 0)",
                        file
                                + ":3:24: vips.web.prefix: has host bits, did you mean 198.51.100.0/24 (was 198.51.100.77/24)",
                        file + ": 2 problems"),
                typed.err().lines().toList());
    }

    private List<String> advice(String yaml) throws IOException {
        return Advice.lines(BgpConfigReader.read(write(yaml)));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("b.yaml"), yaml);
    }

    private static Typed check(Path file) {
        return Typed.of(new CheckCommand(), new ProgramNames("agent", "PENSTOCK_BGP_ADMIN"), "-c", file.toString());
    }
}
