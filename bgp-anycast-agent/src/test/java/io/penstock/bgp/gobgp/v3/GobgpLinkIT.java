package io.penstock.bgp.gobgp.v3;

import static io.penstock.bgp.gobgp.v3.GobgpRig.done;
import static io.penstock.bgp.gobgp.v3.GobgpRig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.gobgp.BgpDaemon.Watch;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.it.Gobgpd;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client hears of a real gobgpd, and how it knows that nobody is there any more. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GobgpLinkIT {
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
    void shouldTellWhatEveryClientDoes() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
        done(client.announce(Attributes.prefix("203.0.113.0/24"), PathAttributes.NONE));
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));
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
        rig.gobgpd();
        GobgpV3 client = rig.started();
        HeardEvents first = new HeardEvents();
        Watch watch = client.watch(first);
        first.expect("watching");
        watch.close();
        HeardEvents second = new HeardEvents();
        rig.closing(client.watch(second));
        second.expect("watching");

        done(client.announce(Attributes.IPV4, Attributes.marked(1)));

        second.expect("path " + Attributes.IPV4 + " local [65001:9:1]");
        assertTrue(first.isEmpty());
    }

    @Test
    void shouldHearOfADaemonsDeathAtOnceAndFindTheNext() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        // So that no timeout of a call's can be what tells it.
        GobgpV3 client = rig.started(Duration.ofHours(1));
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));
        heard.expect("watching");

        long beganNs = System.nanoTime();
        gobgpd.kill();
        heard.expect("lost UNREACHABLE");
        long tookMs = TimeUnit.NANOSECONDS.toMillis(heard.atNs() - beganNs);
        System.out.println("gobgpd killed, heard after " + tookMs + " ms");
        DaemonException failure = refused(client.identity());
        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().contains(rig.address().toString()), failure.getMessage());

        gobgpd.start();
        // With the first call, not when a pause between attempts of the library's has passed.
        assertFalse(done(client.identity()).isStarted());
        rig.closing(client.watch(heard));
        heard.expect("watching");
    }

    @Test
    void shouldSayLateOfADaemonThatStandsStill() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        done(rig.started().identity());
        GobgpV3 client = rig.client(Duration.ofMillis(700));
        NetworkNamespace.await("a connection", () -> client.identity()
                .handle((identity, failure) -> failure == null)
                .get());

        gobgpd.freeze();
        assertEquals(Kind.LATE, refused(client.identity()).kind());
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));
        heard.expect("lost LATE");

        gobgpd.thaw();
        NetworkNamespace.await("an answer", () -> client.identity()
                .handle((identity, failure) -> failure == null)
                .get());
    }

    @Test
    void shouldSayThatNobodyIsThere() throws Exception {
        assertEquals(
                Kind.UNREACHABLE,
                refused(rig.client(GobgpRig.TIMEOUT).identity()).kind());
        HeardEvents heard = new HeardEvents();
        rig.closing(rig.client(GobgpRig.TIMEOUT).watch(heard));
        heard.expect("lost UNREACHABLE");
    }

    @Test
    void shouldEndCallsUnderWayWhenItIsClosed() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
        gobgpd.freeze();
        CompletableFuture<DaemonIdentity> asked = client.identity();
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));

        client.close();

        DaemonException failure = refused(asked);
        assertEquals(Kind.UNREACHABLE, failure.kind(), failure::getMessage);
        heard.expect("lost UNREACHABLE");
        assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        NetworkNamespace.await("the end of its thread", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("bgp-gobgp")));
    }
}
