package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a router sees of what stands in the agent's configuration, in each state of a VIP. The agent brings up a bare gobgpd. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentAttributesIT {
    private static final String IPV4 = "192.0.2.10/32";
    private static final String IPV6 = "2001:db8:1::10/128";
    private static final String OTHERS = "198.51.100.0/24";
    private static final String DAEMON = "gobgp: { address: \"unix:@DIRECTORY@/gobgpd.sock\" }\n";

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

    /** Addresses that are here, as the agent insists. */
    private void addAddresses() throws Exception {
        site.namespace().ip("addr add " + IPV4 + " dev lo");
        site.namespace().ip("-6 addr add " + IPV6 + " dev lo nodad");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringAllThatAFileCanSayToAnExternalRouter(Make make) throws Exception {
        site.writeSecret("router.password", "sesame\n");
        Router router = site.router(make, new Session(65_002, Optional.of("sesame"), true));
        addAddresses();

        site.run(DAEMON + """
                no-export: true
                peers:
                  router4: { address: 10.0.0.2, asn: 65002, password-file: router.password, ttl-security: 1, hold-time: 6s, keepalive: 2s }
                  router6: { address: "2001:db8:ffff::2", asn: 65002, password-file: router.password, ttl-security: 1, hold-time: 6s, keepalive: 2s }
                vips:
                  web4: { prefix: 192.0.2.10/32, health: none, attributes: &all { up: {
                    med: 4000000000, prepend: 2, origin: egp, communities: ["65001:100", no-peer],
                    extended-communities: ["rt:65001:100", "soo:192.0.2.1:100", "0x0002fde900000065"],
                    large-communities: ["65001:1:2", "4200000001:1:2"] } } }
                  web6: { prefix: "2001:db8:1::10/128", health: none, attributes: *all }
                  given4: { prefix: 192.0.2.11/32, presence: false, next-hop: 10.0.0.9, health: none }
                  given6: { prefix: "2001:db8:1::11/128", presence: false, next-hop: "2001:db8:ffff::9", health: none }
                """);
        site.gobgpd().cli("global rib add " + OTHERS + " nexthop " + Link.SITE_IPV4);

        for (String prefix : List.of(IPV4, IPV6)) {
            SeenRoute route = Site.await(router, prefix, seen -> true);
            assertEquals(prefix.equals(IPV4) ? Link.SITE_IPV4 : Link.SITE_IPV6, route.nextHop());
            assertEquals("65001 65001 65001", route.asPath());
            assertEquals("egp", route.origin());
            assertEquals(4_000_000_000L, route.med());
            assertEquals(Set.of("65001:100", "65535:65281", "65535:65284"), route.communities());
            assertEquals(Set.of("rt:65001:100", "rt:65001:101", "soo:192.0.2.1:100"), route.extendedCommunities());
            assertEquals(Set.of("65001:9:1", "65001:1:2", "4200000001:1:2"), route.largeCommunities());
        }
        SeenRoute given = Site.await(router, "192.0.2.11/32", seen -> true);
        assertEquals("10.0.0.9", given.nextHop());
        assertEquals("65001", given.asPath());
        assertEquals("igp", given.origin());
        assertEquals(Set.of("65535:65281"), given.communities());
        assertEquals(
                "2001:db8:ffff::9",
                Site.await(router, "2001:db8:1::11/128", seen -> true).nextHop());
        Site.await(router, OTHERS, seen -> true);
        assertEquals(6, router.holdTimeS(Link.SITE_IPV4), "of the lower one");
        assertEquals(6, router.holdTimeS(Link.SITE_IPV6), "of the lower one");
        Waiting.until(
                () -> "status has who is sent it",
                () -> site.status("vips", "web4").toString().contains("\"sentTo\":[\"router4\"]"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringItsPreferenceToAnInternalRouterOnly(Make make) throws Exception {
        Router router = site.router(make, Session.IBGP);
        addAddresses();

        site.run(DAEMON + """
                peers:
                  router4: { address: 10.0.0.2, asn: 65001, families: [ipv4, ipv6] }
                vips:
                  web4: { prefix: 192.0.2.10/32, health: none, attributes: { up: { local-pref: 70, med: 5 } } }
                  web6: { prefix: "2001:db8:1::10/128", next-hop: "2001:db8:ffff::1", health: none }
                """);

        SeenRoute route = Site.await(router, IPV4, seen -> true);
        assertEquals(70, route.localPref());
        assertEquals(5, route.med());
        assertEquals("", route.asPath());
        assertEquals(Link.SITE_IPV4, route.nextHop());
        SeenRoute over = Site.await(router, IPV6, seen -> true);
        assertEquals(100, over.localPref(), "the daemon's own");
        assertEquals(Link.SITE_IPV6, over.nextHop(), "of IPv6 over a session over IPv4");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayInWhichStateTheVipIs(Make make) throws Exception {
        Router router = site.router(make, Session.EBGP);
        Path spare = Files.writeString(directory.resolve("spare.up"), "");
        Files.writeString(directory.resolve("main.up"), "");
        Agent agent = site.run(DAEMON + """
                peers:
                  router4: { address: 10.0.0.2, asn: 65002 }
                vips:
                  web:
                    prefix: 192.0.2.10/32
                    presence: false
                    health:
                      require: any
                      services:
                        main: { exec: { command: [/usr/bin/test, -e, "@DIRECTORY@/main.up"] }, interval: 500ms, timeout: 500ms }
                        spare: { exec: { command: [/usr/bin/test, -e, "@DIRECTORY@/spare.up"] }, interval: 500ms, timeout: 500ms }
                    attributes:
                      up: { med: 10, local-pref: 70, communities: ["65001:100"] }
                      degraded: { med: 500, prepend: 1 }
                      draining: { med: 1000, wait: 6s }
                """);

        SeenRoute up = Site.await(router, IPV4, seen -> seen.med() == 10);
        assertEquals(Set.of("65001:100"), up.communities());
        assertNotEquals(70, up.localPref(), "not for a neighbour of another AS");

        Files.delete(spare);
        SeenRoute degraded = Site.await(router, IPV4, seen -> seen.med() == 500);
        assertEquals("65001 65001", degraded.asPath());
        assertEquals(Set.of("65001:100"), degraded.communities());

        Files.writeString(spare, "");
        Site.await(router, IPV4, seen -> seen.med() == 10);

        site.command("drain", "web");
        SeenRoute draining = Site.await(router, IPV4, seen -> seen.med() == 1_000);
        assertEquals(Set.of("65001:100", "65535:0"), draining.communities());
        assertEquals("65001", draining.asPath());
        Site.awaitNone(router, IPV4);
        site.awaitState("vips", "web", "drained");

        site.command("undrain", "web");
        SeenRoute back = Site.await(router, IPV4, seen -> true);
        assertEquals(10, back.med());
        assertEquals(Set.of("65001:100"), back.communities());
        assertTrue(agent.log().contains("to=degraded"), agent::log);
        agent.terminate();
        Site.awaitNone(router, IPV4);
    }
}
