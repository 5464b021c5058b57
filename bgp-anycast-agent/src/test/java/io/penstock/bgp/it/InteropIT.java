package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.config.PeerConfig.Family;
import io.penstock.bgp.gobgp.v3.GobgpV3;
import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a router makes of what the agent has gobgpd announce: BIRD and FRR, on sessions that the agent's client configures. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InteropIT {
    private static final LargeCommunity OWNER = new LargeCommunity(65_001, 9, 1);

    private static final long LIMIT_S = 40;
    private static final IpPrefix IPV4 = prefix("192.0.2.10/32");
    private static final IpPrefix IPV6 = prefix("2001:db8:1::10/128");

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Link link;
    private Gobgpd gobgpd;
    private GobgpV3 client;

    @BeforeEach
    void startGobgpd() throws Exception {
        Gobgpd.assumeInstalled();
        link = closing(new Link());
        Path socket = directory.resolve("gobgpd.sock");
        gobgpd = closing(Gobgpd.onSocket(link.site()::start, directory, socket));
        Duration timeout = Duration.ofSeconds(LIMIT_S);
        client = closing(GobgpV3.open(
                new DaemonConfig(new DaemonConfig.Address.Unix(socket), Optional.empty(), timeout, timeout)));
        done(client.start(
                new GlobalConfig(65_001, address(Link.SITE_IPV4), GlobalConfig.DEFAULT_LISTEN_PORT, List.of())));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private Router router(Make make, Session session) throws Exception {
        // FRR's daemons are of another user, and what lies here is theirs below this.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path files = Files.createDirectory(directory.resolve(make.name()));
        return closing(make.start(link.router(), files, session));
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT_S, TimeUnit.SECONDS);
    }

    private static PeerConfig peer(String address, Session session, Family... families) {
        EnumSet<Family> both = EnumSet.noneOf(Family.class);
        both.addAll(List.of(families));
        return new PeerConfig(
                "router-" + (address.contains(":") ? "v6" : "v4"),
                address(address),
                session.asn(),
                session.password().map(PeerConfig.Password::new),
                Optional.empty(),
                PeerConfig.DEFAULT_PORT,
                false,
                session.ttlSecurity() ? OptionalInt.of(1) : OptionalInt.empty(),
                OptionalInt.empty(),
                PeerConfig.DEFAULT_HOLD_TIME,
                PeerConfig.DEFAULT_HOLD_TIME.dividedBy(3),
                Duration.ofSeconds(5),
                both,
                Optional.empty());
    }

    private boolean isEstablished(String address) throws Exception {
        return done(client.peers()).stream().anyMatch(peer -> peer.address().equals(address) && peer.isEstablished());
    }

    private void awaitEstablished(String address) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!isEstablished(address)) {
            assertTrue(System.nanoTime() < deadlineNs, gobgpd::log);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static SeenRoute await(Router router, IpPrefix prefix, String nextHop) throws Exception {
        NetworkNamespace.await(prefix + " through " + nextHop, () -> router.route(prefix.toString())
                .filter(route -> route.nextHop().equals(nextHop))
                .isPresent());
        return router.route(prefix.toString()).orElseThrow();
    }

    private static PathAttributes all(Optional<IpAddress> nextHop) {
        return all(nextHop, List.of(65_001L, 65_001L));
    }

    private static PathAttributes all(Optional<IpAddress> nextHop, List<Long> asPath) {
        return new PathAttributes(
                Origin.EGP,
                nextHop,
                asPath,
                OptionalLong.of(4_000_000_000L),
                OptionalLong.of(70),
                new TreeSet<>(List.of(Community.GRACEFUL_SHUTDOWN, new Community(65_001 << 16 | 100))),
                new TreeSet<>(List.of(new ExtendedCommunity(0x0002_fde9_0000_0064L))),
                new TreeSet<>(List.of(new LargeCommunity(65_001, 9, 1), new LargeCommunity(4_200_000_001L, 1, 2))));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringEveryAttributeToAnExternalRouter(Make make) throws Exception {
        Router router = router(make, Session.EBGP);
        gobgpd.cli("global rib add 198.51.100.0/24 nexthop " + Link.SITE_IPV4);
        done(client.announce(IPV4, all(Optional.empty())));
        done(client.announce(IPV6, all(Optional.empty())));
        done(client.addPeer(peer(Link.ROUTER_IPV4, Session.EBGP, Family.IPV4), OWNER));
        done(client.addPeer(peer(Link.ROUTER_IPV6, Session.EBGP, Family.IPV6), OWNER));
        awaitEstablished(Link.ROUTER_IPV4);
        awaitEstablished(Link.ROUTER_IPV6);

        for (IpPrefix prefix : List.of(IPV4, IPV6)) {
            SeenRoute route = await(router, prefix, prefix.isIpv4() ? Link.SITE_IPV4 : Link.SITE_IPV6);

            // The daemon's own, and twice more.
            assertEquals("65001 65001 65001", route.asPath());
            assertEquals("egp", route.origin());
            assertEquals(4_000_000_000L, route.med());
            assertEquals(Set.of("65535:0", "65001:100"), route.communities());
            assertEquals(Set.of("rt:65001:100"), route.extendedCommunities());
            assertEquals(Set.of("65001:9:1", "4200000001:1:2"), route.largeCommunities());
        }

        // Another announcement takes its place, here with another next hop.
        done(client.announce(IPV4, all(Optional.of(address("10.0.0.9")))));
        done(client.announce(IPV6, all(Optional.of(address("2001:db8:ffff::9")))));
        await(router, IPV4, "10.0.0.9");
        await(router, IPV6, "2001:db8:ffff::9");
        assertEquals(
                Set.of(IPV4),
                done(client.sentTo(Link.ROUTER_IPV4, List.of(IPV4, IPV6))),
                "each family on its own session");

        done(client.announce(IPV4, PathAttributes.NONE));
        SeenRoute plain = await(router, IPV4, Link.SITE_IPV4);
        assertEquals("65001", plain.asPath());
        assertEquals("igp", plain.origin());
        assertEquals(Set.of(), plain.communities());

        done(client.withdraw(IPV4));
        done(client.withdraw(IPV6));
        NetworkNamespace.await(
                "no route",
                () -> router.route(IPV4.toString()).isEmpty()
                        && router.route(IPV6.toString()).isEmpty());
        assertTrue(router.route("198.51.100.0/24").isPresent(), "somebody else's");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringItsPreferenceToAnInternalRouter(Make make) throws Exception {
        Router router = router(make, Session.IBGP);
        done(client.addPeer(peer(Link.ROUTER_IPV4, Session.IBGP, Family.IPV4), OWNER));
        awaitEstablished(Link.ROUTER_IPV4);

        done(client.announce(IPV4, all(Optional.empty(), List.of())));

        SeenRoute route = await(router, IPV4, Link.SITE_IPV4);
        assertEquals(70, route.localPref());
        assertEquals(4_000_000_000L, route.med());
        assertEquals("", route.asPath());
        // Its own ASN in an AS path is a loop to it (RFC 4271 section 9.1.2): to prepend is for external neighbours.
        done(client.announce(IPV4, all(Optional.empty())));
        NetworkNamespace.await("no route", () -> router.route(IPV4.toString()).isEmpty());

        done(client.announce(IPV4, PathAttributes.NONE));
        NetworkNamespace.await("the daemon's own preference", () -> router.route(IPV4.toString())
                .filter(seen -> seen.localPref() == 100)
                .isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringIpv6OverASessionOverIpv4(Make make) throws Exception {
        Router router = router(make, Session.EBGP);
        done(client.addPeer(peer(Link.ROUTER_IPV4, Session.EBGP, Family.IPV4, Family.IPV6), OWNER));
        awaitEstablished(Link.ROUTER_IPV4);

        done(client.announce(IPV6, all(Optional.of(address(Link.SITE_IPV6)))));

        assertEquals("65001 65001 65001", await(router, IPV6, Link.SITE_IPV6).asPath());
    }

    @ParameterizedTest
    @EnumSource
    void shouldOnlySpeakToARouterThatKnowsThePassword(Make make) throws Exception {
        router(make, new Session(65_002, Optional.of("right"), false));
        Session wrong = new Session(65_002, Optional.of("wrong"), false);
        Session right = new Session(65_002, Optional.of("right"), false);
        done(client.addPeer(peer(Link.ROUTER_IPV4, wrong, Family.IPV4), OWNER));
        assertNeverEstablished();

        done(client.updatePeer(peer(Link.ROUTER_IPV4, right, Family.IPV4), OWNER));

        awaitEstablished(Link.ROUTER_IPV4);
    }

    private void assertNeverEstablished() throws Exception {
        for (int i = 0; i < 40; i++) {
            TimeUnit.MILLISECONDS.sleep(200);
            assertFalse(isEstablished(Link.ROUTER_IPV4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSpeakToADirectNeighbourUnderTtlSecurity(Make make) throws Exception {
        Session secured = new Session(65_002, Optional.empty(), true);
        router(make, secured);

        done(client.addPeer(peer(Link.ROUTER_IPV4, secured, Family.IPV4), OWNER));

        awaitEstablished(Link.ROUTER_IPV4);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotHearANeighbourThatSendsWithASmallTtl(Make make) throws Exception {
        router(make, Session.EBGP);

        done(client.addPeer(peer(Link.ROUTER_IPV4, new Session(65_002, Optional.empty(), true), Family.IPV4), OWNER));

        assertNeverEstablished();
    }
}
