package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions as the agent's configuration has them, and what its status says of those that do not come about. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentSessionIT {
    private static final String VIP = "192.0.2.10/32";
    private static final String YAML = """
            gobgp: { address: "unix:@DIRECTORY@/gobgpd.sock" }
            vips: { web: { prefix: 192.0.2.10/32, presence: false, health: none } }
            """;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void startDaemon() throws Exception {
        site = new Site(directory);
    }

    @AfterEach
    void end() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSpeakToNobodyWhoHasAnotherPassword(Make make) throws Exception {
        Router router = site.router(make, new Session(65_002, Optional.of("right"), false));
        site.writeSecret("router.password", "wrong\n");
        Agent agent = site.run(
                YAML + "peers: { router: { address: 10.0.0.2, asn: 65002, password-file: router.password } }\n");
        site.awaitState("vips", "web", "up");

        // Each has called the other several times, and its kernel has not listened.
        awaitRefused(site.routerNamespace());
        awaitRefused(site.namespace());

        assertTrue(router.prefixes().isEmpty());
        String status = site.command("status");
        String peer = line(status, "router ");
        assertTrue(peer.contains("10.0.0.2"), status);
        assertFalse(peer.contains("established"), status);
        String vip = line(status, "web ");
        assertTrue(vip.contains("as wanted"), status);
        assertFalse(vip.contains("router"), "sent to nobody: " + status);

        site.writeSecret("router.password", "right\n");
        agent.signal("HUP");
        Site.await(router, VIP, seen -> true);
        assertTrue(line(site.command("status"), "router ").contains("established"));
        assertFalse(agent.log().contains("wrong") || agent.log().contains("right"), "a password is never told");
    }

    private static String line(String text, String beginning) {
        return text.lines()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + beginning + "in\n" + text));
    }

    /** Segments with a wrong signature; the kernel counts them. */
    private static void awaitRefused(NetworkNamespace host) throws Exception {
        Waiting.until(() -> "segments with another signature are refused", () -> md5Failures(host) >= 3);
    }

    private static long md5Failures(NetworkNamespace host) throws Exception {
        List<String> lines =
                host.run("grep", "^TcpExt:", "/proc/self/net/netstat").lines().toList();
        int column = Arrays.asList(lines.get(0).split(" ", -1)).indexOf("TCPMD5Failure");
        assertTrue(column > 0, lines.get(0));
        return Long.parseLong(lines.get(1).split(" ", -1)[column]);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryBothFamiliesOverOneSessionOrEachOverItsOwn(Make make) throws Exception {
        Router router = site.router(make, new Session(65_002, Optional.of("sesame"), true));
        site.writeSecret("router.password", "sesame");
        String vips = """
                gobgp: { address: "unix:@DIRECTORY@/gobgpd.sock" }
                vips:
                  web4: { prefix: 192.0.2.10/32, presence: false, health: none }
                  web6: { prefix: "2001:db8:1::10/128", presence: false, next-hop: "2001:db8:ffff::1", health: none }
                peers:
                """;
        String both =
                "  both: { address: 10.0.0.2, families: [ipv4, ipv6], asn: 65002, password-file: router.password, ttl-security: 1 }\n";
        String six =
                "  six: { address: \"2001:db8:ffff::2\", asn: 65002, password-file: router.password, ttl-security: 1 }\n";
        Agent agent = site.run(vips + both);
        Site.await(router, VIP, seen -> seen.nextHop().equals(Link.SITE_IPV4));
        Site.await(router, "2001:db8:1::10/128", seen -> seen.nextHop().equals(Link.SITE_IPV6));

        site.write(vips + both.replace("[ipv4, ipv6]", "[ipv4]") + six);
        agent.signal("HUP");

        site.awaitState("peers", "six", "established");
        site.awaitState("peers", "both", "established");
        awaitSentTo("web4", "both");
        awaitSentTo("web6", "six");
        assertEquals(2, router.prefixes().size());

        // A neighbour that is in the file no longer is nobody's.
        site.write(vips + six);
        agent.signal("HUP");
        Site.awaitNone(router, VIP);
        assertTrue(router.route("2001:db8:1::10/128").isPresent());
    }

    private void awaitSentTo(String vip, String peer) throws Exception {
        Waiting.until(
                () -> vip + " is sent to " + peer + " alone",
                () -> site.status("vips", vip).toString().contains("\"sentTo\":[\"" + peer + "\"]"));
    }
}
