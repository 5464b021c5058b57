package io.penstock.bgp.gobgp.v3;

import static io.penstock.bgp.gobgp.v3.GobgpRig.done;
import static io.penstock.bgp.gobgp.v3.GobgpRig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.it.Gobgpd;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.IpPrefix;
import io.penstock.testing.NetworkNamespace;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neighbours of a real gobgpd, by the client. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GobgpPeersIT {
    private static final LargeCommunity OWNER = new LargeCommunity(65_001, 9, 1);

    /** Of an address that nobody else uses. */
    private static final int BGP_PORT = 1_790;

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
    void shouldManageNeighbours() throws Exception {
        Gobgpd gobgpd = rig.gobgpd();
        GobgpV3 client = rig.started();
        gobgpd.cli("neighbor add 192.0.2.251 as 65003");
        PeerConfig router = peer("router", "192.0.2.250", 9);
        PeerConfig other = peer("other", "2001:db8::250", 9);

        done(client.addPeer(router, OWNER));
        done(client.addPeer(other, OWNER));

        List<PeerView> peers = done(client.peers());
        assertEquals(3, peers.size());
        PeerView seen =
                peers.stream().filter(each -> each.asn() == 65_002).findFirst().orElseThrow();
        assertEquals("penstock 65001:9:1 router", seen.description());
        assertFalse(seen.isEstablished());
        assertEquals(1, peers.stream().filter(each -> !each.isOwn(OWNER, true)).count());
        assertEquals(Kind.REFUSED, refused(client.addPeer(router, OWNER)).kind());

        done(client.updatePeer(router, OWNER));
        assertFalse(gobgpd.log().contains("Delete a peer"), "nothing has changed");
        assertEquals(List.of(), done(client.differences(router, OWNER)));
        PeerConfig longer = peer("router", "192.0.2.250", 30);
        assertEquals(List.of("hold-time", "keepalive"), done(client.differences(longer, OWNER)));
        assertEquals(List.of(), done(client.differences(peer("new", "192.0.2.252", 9), OWNER)));
        done(client.updatePeer(longer, OWNER));
        assertTrue(gobgpd.log().contains("Delete a peer"));
        assertTrue(gobgpd.cli("neighbor 192.0.2.250").contains("hold time is 30"), gobgpd.cli("neighbor 192.0.2.250"));
        assertEquals(
                Kind.REFUSED,
                refused(client.updatePeer(peer("new", "192.0.2.252", 9), OWNER)).kind());

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
        InetAddress own = Gobgpd.ownLoopback();
        String address = own.getHostAddress();
        Path config = Files.writeString(
                directory.resolve("neighbour.conf"),
                "[global.config]\nas = 65002\nrouter-id = \"192.0.2.2\"\nport = " + BGP_PORT
                        + "\nlocal-address-list = [\"" + address + "\"]\n[[neighbors]]\n[neighbors.config]\n"
                        + "neighbor-address = \"127.0.0.2\"\npeer-as = 65001\n[neighbors.transport.config]\n"
                        + "passive-mode = true\n");
        Path elsewhere = Files.createDirectory(directory.resolve("neighbour"));
        Gobgpd neighbour = rig.closing(Gobgpd.onLoopback(elsewhere, own, "-f", config.toString()));
        rig.gobgpd();
        GobgpV3 client = rig.started();
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));
        heard.expect("watching");
        // Of its own address, which is a loopback one here, no neighbour believes that it is a next hop.
        done(client.announce(Attributes.IPV4, Attributes.through("192.0.2.1")));
        done(client.announce(Attributes.IPV6, Attributes.marked(1)));
        assertEquals(
                Kind.REFUSED,
                refused(client.sentTo(address, List.of(Attributes.IPV4))).kind());

        PeerConfig peer = new PeerConfig(
                "neighbour",
                Attributes.address(address),
                65_002,
                Optional.empty(),
                Optional.of(Attributes.address("127.0.0.2")),
                BGP_PORT,
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(9),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                EnumSet.of(PeerConfig.Family.IPV4),
                Optional.empty());
        long addedNs = System.nanoTime();
        done(client.addPeer(peer, OWNER));

        heard.await("peer " + address + " ESTABLISHED");
        PeerView view = done(client.peers()).get(0);
        assertTrue(view.isEstablished());
        // In whole seconds, of two clocks.
        assertTrue(view.upFor().minusSeconds(1).toNanos() <= System.nanoTime() - addedNs, view::toString);
        assertEquals(65_002, view.asn());
        List<IpPrefix> asked = List.of(Attributes.IPV4, Attributes.IPV6, Attributes.prefix("203.0.113.0/24"));
        assertEquals(Set.of(Attributes.IPV4), done(client.sentTo(view.address(), asked)));
        assertEquals(Set.of(), done(client.sentTo(view.address(), List.of())));
        NetworkNamespace.await(
                "the path arrives", () -> neighbour.cli("global rib").contains("192.0.2.10/32"));
        done(client.updatePeer(peer, OWNER));
        assertTrue(done(client.peers()).get(0).isEstablished(), "nothing has changed");

        neighbour.kill();
        heard.await("peer " + address + " IDLE");
        assertEquals(Set.of(), done(client.sentTo(view.address(), List.of())));
    }
}
