package io.penstock.bgp.gobgp.v3;

import static io.penstock.bgp.gobgp.v3.GobgpRig.done;
import static io.penstock.bgp.gobgp.v3.GobgpRig.prefixes;
import static io.penstock.bgp.gobgp.v3.GobgpRig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.it.Gobgpd;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real gobgpd: what it puts there, and takes out. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GobgpIT {
    @TempDir
    private Path directory;

    private GobgpRig rig;

    @BeforeEach
    void make() {
        rig = new GobgpRig(directory);
    }

    @AfterEach
    void closeAll() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void shouldStartADaemonOnceAndTellWhoItIs() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.client(GobgpRig.TIMEOUT);

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
        assertEquals(Kind.REFUSED, refused(client.start(GobgpRig.GLOBAL)).kind());
        assertEquals(1, done(client.paths()).size(), "a second start would have emptied the table");
    }

    @Test
    void shouldReadBackEveryAttributeItAnnounced() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
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
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
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

    @Test
    void shouldListWhatIsAtGivenPrefixesOnly() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
        done(client.announce(Attributes.IPV4, Attributes.marked(1)));
        done(client.announce(Attributes.IPV6, Attributes.marked(1)));
        gobgpd.cli("global rib add 192.0.2.0/24");
        gobgpd.cli("global rib add 192.0.2.10/31");
        IpPrefix absent = Attributes.prefix("192.0.2.11/32");

        assertEquals(
                Set.of(new RibPath(Attributes.IPV4, Attributes.marked(1), true, true)),
                Set.copyOf(done(client.paths(List.of(Attributes.IPV4, absent)))));
        assertEquals(
                2, done(client.paths(List.of(Attributes.IPV4, Attributes.IPV6))).size());
        assertEquals(List.of(), done(client.paths(List.of(absent))));
        assertEquals(List.of(), done(client.paths(List.of())));
    }

    @Test
    void shouldKnowThatAPathHasMoreThanItUnderstands() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();

        gobgpd.cli("global rib add 192.0.2.10/32 aigp metric 10");

        assertFalse(done(client.paths()).get(0).whole());
    }

    @Test
    void shouldSpeakOverAUnixSocket() throws Exception {
        Path socket = directory.resolve("api.sock");
        rig.closing(Gobgpd.onSocket(ProcessBuilder::start, directory, socket));
        GobgpV3 client = rig.closing(GobgpV3.open(new DaemonConfig(
                new DaemonConfig.Address.Unix(socket), Optional.empty(), GobgpRig.TIMEOUT, GobgpRig.TIMEOUT)));

        done(client.start(GobgpRig.GLOBAL));
        done(client.announce(Attributes.IPV4, Attributes.marked(1)));

        assertEquals(Set.of(Attributes.IPV4.toString()), prefixes(client));
    }

    @Test
    void shouldBringAThousandPathsWithAWindowOfSixtyFour() throws Exception {
        rig.gobgpd();
        GobgpV3 client = rig.started();
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
        }
    }
}
