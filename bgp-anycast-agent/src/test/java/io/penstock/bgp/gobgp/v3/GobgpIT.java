package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.BgpDaemon.Watch;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.it.Gobgpd;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real gobgpd. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GobgpIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final GlobalConfig GLOBAL =
            new GlobalConfig(65_001, Attributes.address("192.0.2.1"), GlobalConfig.NOT_LISTENING, List.of());

    @TempDir
    private Path directory;

    private int port;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void choosePort() throws Exception {
        Gobgpd.assumeInstalled();
        port = Gobgpd.freePort();
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

    private Gobgpd gobgpd(String... options) throws Exception {
        return closing(Gobgpd.onPort(directory, port, options));
    }

    private GobgpV3 client(Duration timeout) {
        return closing(GobgpV3.open(
                new DaemonConfig(new DaemonConfig.Address.Tcp("127.0.0.1", port), Optional.empty(), timeout, timeout)));
    }

    private GobgpV3 started() throws Exception {
        GobgpV3 client = client(TIMEOUT);
        done(client.start(GLOBAL));
        return client;
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private static DaemonException refused(CompletableFuture<?> future) {
        Throwable cause =
                assertThrows(ExecutionException.class, () -> done(future)).getCause();
        return (DaemonException) cause;
    }

    @Test
    void shouldStartADaemonOnceAndTellWhoItIs() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = client(TIMEOUT);

        assertFalse(done(client.identity()).isStarted());
        assertEquals(
                Kind.REFUSED,
                refused(client.announce(Attributes.IPV4, PathAttributes.NONE)).kind());
        assertEquals(Kind.REFUSED, refused(client.paths()).kind());

        done(client.start(new GlobalConfig(
                4_200_000_001L, Attributes.address("192.0.2.1"), GlobalConfig.NOT_LISTENING, List.of())));
        assertEquals(new DaemonIdentity(4_200_000_001L, "192.0.2.1"), done(client.identity()));
        assertTrue(gobgpd.cli("global").contains("4200000001"));

        done(client.announce(Attributes.IPV4, PathAttributes.NONE));
        assertEquals(Kind.REFUSED, refused(client.start(GLOBAL)).kind());
        assertEquals(1, done(client.paths()).size(), "a second start would have emptied the table");
    }

    @Test
    void shouldReadBackEveryAttributeItAnnounced() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        PathAttributes self = Attributes.all(Optional.empty());
        for (String nextHop : List.of("", "given")) {
            PathAttributes ipv4 =
                    nextHop.isEmpty() ? self : Attributes.all(Optional.of(Attributes.address("192.0.2.1")));
            PathAttributes ipv6 =
                    nextHop.isEmpty() ? self : Attributes.all(Optional.of(Attributes.address("2001:db8::1")));

            done(client.announce(Attributes.IPV4, ipv4));
            done(client.announce(Attributes.IPV6, ipv6));

            assertEquals(
                    Set.of(
                            new RibPath(Attributes.IPV4, ipv4, true, true),
                            new RibPath(Attributes.IPV6, ipv6, true, true)),
                    new HashSet<>(done(client.paths())));
        }
        String seen = gobgpd.cli("global rib");
        assertTrue(seen.contains("4200000001 65001 65001 4294967295"), seen);
        assertTrue(seen.contains("planned-shut, no-export"), seen);
        assertTrue(seen.contains("65001:9:1"), seen);
    }

    @Test
    void shouldTakeOutOnlyThePathItNames() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        gobgpd.cli("global rib add 198.51.100.0/24");
        gobgpd.cli("global rib add -a ipv6 2001:db8:1::/48");
        done(client.announce(Attributes.IPV4, Attributes.marked(1)));
        done(client.announce(Attributes.IPV4, Attributes.marked(2)));
        done(client.announce(Attributes.IPV6, Attributes.marked(2)));
        assertEquals(4, done(client.paths()).size());

        done(client.withdraw(Attributes.IPV4));
        done(client.withdraw(Attributes.IPV6));
        // Not there any more, and never was.
        done(client.withdraw(Attributes.IPV4));
        done(client.withdraw(Attributes.prefix("203.0.113.0/24")));

        assertEquals(Set.of("198.51.100.0/24", "2001:db8:1::/48"), prefixes(client));
    }

    private static Set<String> prefixes(GobgpV3 client) throws Exception {
        Set<String> prefixes = new HashSet<>();
        done(client.paths()).forEach(path -> prefixes.add(path.prefix().toString()));
        return prefixes;
    }

    @Test
    void shouldTellWhatEveryClientDoes() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        done(client.announce(Attributes.prefix("203.0.113.0/24"), PathAttributes.NONE));
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));
        heard.expect("watching");

        done(client.announce(Attributes.IPV4, Attributes.marked(1)));
        heard.expect("path " + Attributes.IPV4 + " local [65001:9:1]");
        gobgpd.cli("global rib add 192.0.2.10/32 med 7");
        heard.expect("path " + Attributes.IPV4 + " local []");
        done(client.announce(Attributes.IPV6, Attributes.marked(1)));
        heard.expect("path " + Attributes.IPV6 + " local [65001:9:1]");
        done(client.withdraw(Attributes.IPV6));
        heard.expect("withdrawn " + Attributes.IPV6 + " local");
        gobgpd.cli("global rib del all");
        assertEquals(
                Set.of("withdrawn " + Attributes.IPV4 + " local", "withdrawn 203.0.113.0/24 local"),
                new HashSet<>(List.of(heard.next(), heard.next())));
        assertEquals("bgp-gobgp", heard.thread());
    }

    @Test
    void shouldTellNothingAfterAWatchIsClosed() throws Exception {
        gobgpd();
        GobgpV3 client = started();
        HeardEvents first = new HeardEvents();
        Watch watch = client.watch(first);
        first.expect("watching");
        watch.close();
        HeardEvents second = new HeardEvents();
        closing(client.watch(second));
        second.expect("watching");

        done(client.announce(Attributes.IPV4, Attributes.marked(1)));

        second.expect("path " + Attributes.IPV4 + " local [65001:9:1]");
        assertTrue(first.isEmpty());
    }

    @Test
    void shouldKnowThatAPathHasMoreThanItUnderstands() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();

        gobgpd.cli("global rib add 192.0.2.10/32 aigp metric 10");

        assertFalse(done(client.paths()).get(0).whole());
    }

    @Test
    void shouldHearOfADaemonsDeathAtOnceAndFindTheNext() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));
        heard.expect("watching");

        long beganNs = System.nanoTime();
        gobgpd.kill();
        heard.expect("lost UNREACHABLE");
        long tookMs = TimeUnit.NANOSECONDS.toMillis(heard.atNs() - beganNs);
        System.out.println("gobgpd killed, heard after " + tookMs + " ms");
        assertTrue(tookMs < 1_000, () -> tookMs + " ms");
        DaemonException failure = refused(client.identity());
        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());

        gobgpd.start();
        // With the first call, not when a pause between attempts of the library's has passed.
        assertFalse(done(client.identity()).isStarted());
        closing(client.watch(heard));
        heard.expect("watching");
    }

    @Test
    void shouldSayLateOfADaemonThatStandsStill() throws Exception {
        Gobgpd gobgpd = gobgpd();
        done(started().identity());
        GobgpV3 client = client(Duration.ofMillis(700));
        NetworkNamespace.await("a connection", () -> client.identity()
                .handle((identity, failure) -> failure == null)
                .get());

        gobgpd.freeze();
        long beganNs = System.nanoTime();
        assertEquals(Kind.LATE, refused(client.identity()).kind());
        assertTrue(System.nanoTime() - beganNs < TIMEOUT.toNanos());
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));
        heard.expect("lost LATE");

        gobgpd.thaw();
        NetworkNamespace.await("an answer", () -> client.identity()
                .handle((identity, failure) -> failure == null)
                .get());
    }

    @Test
    void shouldSayThatNobodyIsThere() throws Exception {
        assertEquals(Kind.UNREACHABLE, refused(client(TIMEOUT).identity()).kind());
        HeardEvents heard = new HeardEvents();
        closing(client(TIMEOUT).watch(heard));
        heard.expect("lost UNREACHABLE");
    }

    @Test
    void shouldEndCallsUnderWayWhenItIsClosed() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        gobgpd.freeze();
        CompletableFuture<DaemonIdentity> asked = client.identity();
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));

        client.close();

        DaemonException failure = refused(asked);
        assertEquals(Kind.UNREACHABLE, failure.kind(), failure::getMessage);
        heard.expect("lost UNREACHABLE");
        assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        NetworkNamespace.await("the end of its thread", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("bgp-gobgp")));
    }

    @Test
    void shouldSpeakOverAUnixSocket() throws Exception {
        Path socket = directory.resolve("api.sock");
        closing(Gobgpd.onSocket(ProcessBuilder::start, directory, socket));
        GobgpV3 client = closing(GobgpV3.open(
                new DaemonConfig(new DaemonConfig.Address.Unix(socket), Optional.empty(), TIMEOUT, TIMEOUT)));

        done(client.start(GLOBAL));
        done(client.announce(Attributes.IPV4, Attributes.marked(1)));

        assertEquals(Set.of(Attributes.IPV4.toString()), prefixes(client));
    }

    @Test
    void shouldSpeakOverTlsToADaemonItCanBelieve() throws Exception {
        X509Bundle daemon = certificate("127.0.0.1");
        Path certificate = Files.writeString(directory.resolve("daemon.crt"), daemon.getCertificatePEM());
        Path key = Files.writeString(directory.resolve("daemon.key"), daemon.getPrivateKeyPEM());
        gobgpd("--tls", "--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString());
        Path other = Files.writeString(
                directory.resolve("other.crt"), certificate("127.0.0.1").getCertificatePEM());
        // gobgpd 3.10 does not ask for one, and does not mind.
        Optional<DaemonConfig.Identity> own = Optional.of(new DaemonConfig.Identity(certificate, key));

        try (GobgpV3 client = overTls(certificate, own, Optional.empty())) {
            done(client.start(GLOBAL));
            assertEquals(65_001, done(client.identity()).asn());
        }
        try (GobgpV3 client = overTls(certificate, Optional.empty(), Optional.of("gobgp.example"))) {
            assertEquals(65_001, done(client.identity()).asn());
        }
        try (GobgpV3 client = overTls(certificate, Optional.empty(), Optional.of("other.example"))) {
            assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        }
        try (GobgpV3 client = overTls(other, Optional.empty(), Optional.empty())) {
            assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        }
        assertEquals(Kind.UNREACHABLE, refused(client(TIMEOUT).identity()).kind(), "in the clear");
    }

    @Test
    void shouldReadItsCertificatesAnewForEachConnection() throws Exception {
        X509Bundle daemon = certificate("127.0.0.1");
        Path certificate = Files.writeString(directory.resolve("daemon.crt"), daemon.getCertificatePEM());
        Path key = Files.writeString(directory.resolve("daemon.key"), daemon.getPrivateKeyPEM());
        gobgpd("--tls", "--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString());
        Path believed = directory.resolve("ca.crt");
        GobgpV3 client = closing(overTls(believed, Optional.empty(), Optional.empty()));

        DaemonException failure = refused(client.identity());
        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().contains(believed.toString()), failure.getMessage());
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));
        heard.expect("lost UNREACHABLE");

        Files.copy(certificate, believed);
        assertFalse(done(client.identity()).isStarted());
    }

    private static X509Bundle certificate(String address) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=gobgpd")
                .addSanIpAddress(address)
                .addSanDnsName("gobgp.example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private GobgpV3 overTls(Path ca, Optional<DaemonConfig.Identity> identity, Optional<String> serverName) {
        return GobgpV3.open(new DaemonConfig(
                new DaemonConfig.Address.Tcp("127.0.0.1", port),
                Optional.of(new DaemonConfig.Tls(Optional.of(ca), identity, serverName)),
                TIMEOUT,
                TIMEOUT));
    }

    @Test
    void shouldManageNeighbours() throws Exception {
        Gobgpd gobgpd = gobgpd();
        GobgpV3 client = started();
        gobgpd.cli("neighbor add 192.0.2.251 as 65003");
        PeerConfig router = peer("router", "192.0.2.250", 9);
        PeerConfig other = peer("other", "2001:db8::250", 9);

        done(client.addPeer(router));
        done(client.addPeer(other));

        List<PeerView> peers = done(client.peers());
        assertEquals(3, peers.size());
        PeerView seen =
                peers.stream().filter(each -> each.asn() == 65_002).findFirst().orElseThrow();
        assertEquals("penstock:router", seen.description());
        assertFalse(seen.isEstablished());
        assertEquals(1, peers.stream().filter(each -> !each.isOwn()).count());
        assertEquals(Kind.REFUSED, refused(client.addPeer(router)).kind());

        done(client.updatePeer(router));
        assertFalse(gobgpd.log().contains("Delete a peer"), "nothing has changed");
        done(client.updatePeer(peer("router", "192.0.2.250", 30)));
        assertTrue(gobgpd.log().contains("Delete a peer"));
        assertTrue(gobgpd.cli("neighbor 192.0.2.250").contains("hold time is 30"), gobgpd.cli("neighbor 192.0.2.250"));
        assertEquals(
                Kind.REFUSED,
                refused(client.updatePeer(peer("new", "192.0.2.252", 9))).kind());

        done(client.deletePeer("192.0.2.250"));
        done(client.deletePeer("2001:db8::250"));
        assertEquals(1, done(client.peers()).size());
        assertEquals(Kind.REFUSED, refused(client.deletePeer("192.0.2.250")).kind());
    }

    private static PeerConfig peer(String name, String address, long holdTimeS) {
        return new PeerConfig(
                name,
                Attributes.address(address),
                name.equals("router") ? 65_002 : 65_004,
                Optional.of(new PeerConfig.Password("secret")),
                Optional.empty(),
                1179,
                true,
                OptionalInt.of(1),
                OptionalInt.empty(),
                Duration.ofSeconds(holdTimeS),
                Duration.ofSeconds(holdTimeS / 3),
                Duration.ofSeconds(5),
                EnumSet.allOf(PeerConfig.Family.class),
                Optional.of(Duration.ofSeconds(30)));
    }

    @Test
    void shouldTellWhatANeighbourIsSent() throws Exception {
        int bgpPort = Gobgpd.freePort();
        Path config = Files.writeString(
                directory.resolve("neighbour.conf"),
                "[global.config]\nas = 65002\nrouter-id = \"192.0.2.2\"\nport = " + bgpPort
                        + "\nlocal-address-list = [\"127.0.0.1\"]\n[[neighbors]]\n[neighbors.config]\n"
                        + "neighbor-address = \"127.0.0.2\"\npeer-as = 65001\n[neighbors.transport.config]\n"
                        + "passive-mode = true\n");
        Path elsewhere = Files.createDirectory(directory.resolve("neighbour"));
        Gobgpd neighbour = closing(Gobgpd.onPort(elsewhere, Gobgpd.freePort(), "-f", config.toString()));
        gobgpd();
        GobgpV3 client = started();
        HeardEvents heard = new HeardEvents();
        closing(client.watch(heard));
        heard.expect("watching");
        // Of its own address, which is a loopback one here, no neighbour believes that it is a next hop.
        done(client.announce(Attributes.IPV4, Attributes.through("192.0.2.1")));
        done(client.announce(Attributes.IPV6, Attributes.marked(1)));
        assertEquals(
                Kind.REFUSED,
                refused(client.sentTo("127.0.0.1", List.of(Attributes.IPV4))).kind());

        PeerConfig peer = new PeerConfig(
                "neighbour",
                Attributes.address("127.0.0.1"),
                65_002,
                Optional.empty(),
                Optional.of(Attributes.address("127.0.0.2")),
                bgpPort,
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(9),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                EnumSet.of(PeerConfig.Family.IPV4),
                Optional.empty());
        done(client.addPeer(peer));

        heard.await("peer 127.0.0.1 ESTABLISHED");
        PeerView view = done(client.peers()).get(0);
        assertTrue(view.isEstablished());
        assertTrue(view.upFor().compareTo(TIMEOUT) < 0, view::toString);
        assertEquals(65_002, view.asn());
        List<IpPrefix> asked = List.of(Attributes.IPV4, Attributes.IPV6, Attributes.prefix("203.0.113.0/24"));
        assertEquals(Set.of(Attributes.IPV4), done(client.sentTo(view.address(), asked)));
        assertEquals(Set.of(), done(client.sentTo(view.address(), List.of())));
        NetworkNamespace.await(
                "the path arrives", () -> neighbour.cli("global rib").contains("192.0.2.10/32"));
        done(client.updatePeer(peer));
        assertTrue(done(client.peers()).get(0).isEstablished(), "nothing has changed");

        neighbour.kill();
        heard.await("peer 127.0.0.1 IDLE");
        assertEquals(Set.of(), done(client.sentTo(view.address(), List.of())));
    }

    @Test
    void shouldBringAThousandPathsWithAWindowOfSixtyFour() throws Exception {
        gobgpd();
        GobgpV3 client = started();
        for (String round : List.of("cold", "warm")) {
            Deque<IpPrefix> prefixes = new ArrayDeque<>();
            for (int i = 0; i < 1_000; i++) {
                prefixes.add(Attributes.prefix("10." + (i >> 8) + "." + (i & 255) + ".1/32"));
            }
            long beganNs = System.nanoTime();
            Semaphore window = new Semaphore(64);
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (IpPrefix prefix : prefixes) {
                window.acquire();
                CompletableFuture<Void> call = client.announce(prefix, Attributes.marked(1));
                calls.add(call.whenComplete((done, failure) -> window.release()));
            }
            done(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)));
            long announcedNs = System.nanoTime();
            assertEquals(1_000, done(client.paths()).size());
            long listedNs = System.nanoTime();
            System.out.println("1,000 paths, " + round + ": announced in " + (announcedNs - beganNs) / 1_000_000
                    + " ms, listed in " + (listedNs - announcedNs) / 1_000_000 + " ms");
            assertTrue(listedNs - beganNs < 20_000_000_000L);
        }
    }
}
