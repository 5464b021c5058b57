package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static io.penstock.bgp.control.Samples.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.PeerView.State;
import io.penstock.bgp.operate.PeerStatus;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.route.LargeCommunity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neighbours: managed when the configuration has any, and what each was sent. */
@Timeout(60)
class PeersTest {
    private static final String ONE = "192.0.2.11";
    private static final String TWO = "2001:db8::2";

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    private static BgpConfig config(PeerConfig... peers) {
        Map<String, PeerConfig> named = new LinkedHashMap<>();
        for (PeerConfig peer : peers) {
            named.put(peer.name(), peer);
        }
        return Samples.with(Samples.of(2), Optional.empty(), Optional.of(named));
    }

    private Rig rig(BgpConfig config) throws IOException {
        return new Rig(config, daemon, directory).pass(Duration.ofMillis(100));
    }

    private static List<String> changes(Rig rig) {
        return rig.log().stream()
                .filter(line -> !line.startsWith("announce") && !line.startsWith("sent-to"))
                .toList();
    }

    private void others(String address, String description, State state) {
        daemon.peers.put(address, new PeerView(address, description, 65_100, state, Duration.ofSeconds(1), ""));
    }

    @Test
    void shouldLeaveNeighboursToOthersUnlessTheConfigurationHasThem() throws Exception {
        others(ONE, PeerView.description(Samples.OWNER, "left"), State.ESTABLISHED);
        Rig rig = rig(Samples.of(1));
        assertEquals(List.of(), changes(rig));
        PeerStatus seen = rig.controller.status().peers().get(0);
        assertEquals(List.of("left", false), List.of(seen.name(), seen.managed()));
    }

    @Test
    void shouldAddUpdateAndDeleteItsOwnAndNoOthers() throws Exception {
        others("192.0.2.99", "a person's", State.IDLE);
        others("192.0.2.98", PeerView.description(Samples.OWNER, "old"), State.IDLE);
        Rig rig = rig(config(peer("one", ONE, 65_101), peer("two", TWO, 65_102)));
        assertEquals(List.of("delete 192.0.2.98", "add " + ONE, "add " + TWO), changes(rig));
        rig.pass(Duration.ofSeconds(20));
        assertEquals(List.of(), changes(rig));

        rig.ask(() -> rig.controller.reconfigure(config(peer("one", ONE, 65_111))));
        assertEquals(List.of("delete " + TWO, "update " + ONE), changes(rig));
        assertEquals(Set.of(ONE, "192.0.2.99"), daemon.peers.keySet());

        rig.ask(() -> rig.controller.reconfigure(Samples.of(2)));
        assertEquals(List.of(), changes(rig), "left to others from now on");
    }

    @Test
    void shouldBringNeighboursBackWhenTheyAreGone() throws Exception {
        Rig rig = rig(config(peer("one", ONE, 65_101)));
        changes(rig);
        daemon.peers.clear();
        rig.pass(Duration.ofSeconds(6));
        assertEquals(List.of("add " + ONE), changes(rig));
        daemon.kill();
        daemon.restart();
        rig.pass(Duration.ofSeconds(1));
        assertEquals(List.of("add " + ONE), changes(rig));
    }

    @Test
    void shouldLookOverOneOfAFormerRunOnce() throws Exception {
        others(ONE, PeerView.description(Samples.OWNER, "one"), State.ESTABLISHED);
        Rig rig = rig(config(peer("one", ONE, 65_100)));
        rig.pass(Duration.ofSeconds(20));
        assertEquals(List.of("update " + ONE), changes(rig));
    }

    @Test
    void shouldLeaveAnotherAgentsNeighboursAlone() throws Exception {
        LargeCommunity other = new LargeCommunity(Samples.ASN, 9, 2);
        others(ONE, PeerView.description(other, "one"), State.ESTABLISHED);
        others("192.0.2.98", PeerView.description(other, "theirs"), State.ESTABLISHED);
        Rig rig = rig(config(peer("one", ONE, 65_100), peer("two", TWO, 65_102)));
        rig.pass(Duration.ofSeconds(20));
        assertEquals(List.of("add " + TWO), changes(rig));
        assertEquals(1, rig.events(Kind.REFUSED).size());
        assertEquals(
                List.of("one", "two", "theirs"),
                rig.controller.status().peers().stream().map(PeerStatus::name).toList());
    }

    @Test
    void shouldAdoptOneWithoutAMarkOnlyWhereItHasItsAddress() throws Exception {
        others(ONE, PeerView.UNMARKED + "one", State.ESTABLISHED);
        others("192.0.2.98", PeerView.UNMARKED + "old", State.ESTABLISHED);
        Rig rig = rig(config(peer("one", ONE, 65_100)));
        rig.pass(Duration.ofSeconds(20));
        assertEquals(List.of("update " + ONE), changes(rig), "the daemon's client looks whether there is a need");
        assertEquals(Set.of(ONE, "192.0.2.98"), daemon.peers.keySet());
    }

    @Test
    void shouldLeaveSomebodyElsesAtTheSameAddressAndSaySo() throws Exception {
        others(ONE, "a person's", State.ESTABLISHED);
        Rig rig = rig(config(peer("one", ONE, 65_100)));
        rig.pass(Duration.ofSeconds(20));
        assertEquals(List.of(), changes(rig));
        assertEquals(1, rig.events(Kind.REFUSED).size());
    }

    @Test
    void shouldTryAgainWhatTheDaemonRefusesWithoutHoldingUpOthers() throws Exception {
        daemon.refusedPeers.add(ONE);
        Rig rig = rig(config(peer("one", ONE, 65_101), peer("two", TWO, 65_102)));
        assertEquals(List.of("add " + ONE, "add " + TWO), changes(rig));
        assertEquals(
                "the daemon does not have it",
                rig.controller.status().peers().get(0).view().why());
        daemon.refusedPeers.clear();
        rig.pass(Duration.ofSeconds(6));
        assertEquals(List.of("add " + ONE), changes(rig));
        assertEquals(1, rig.events(Kind.REFUSED).size());
    }

    @Test
    void shouldTellOfSessionsThatComeAndGo() throws Exception {
        Rig rig = rig(config(peer("one", ONE, 65_101)));
        rig.events.clear();
        daemon.session(ONE, State.ACTIVE);
        daemon.session(ONE, State.ESTABLISHED);
        rig.pass(Duration.ofMillis(100));
        assertEquals("established", rig.events(Kind.PEER).get(0).details().get("to"));
        daemon.session(ONE, State.IDLE);
        rig.pass(Duration.ofMillis(100));
        assertEquals(2, rig.events(Kind.PEER).size());
        assertEquals("one", rig.events(Kind.PEER).get(1).subject());
    }

    @Test
    void shouldSayWhichNeighboursWereSentWhat() throws Exception {
        others(ONE, "", State.ESTABLISHED);
        others("192.0.2.99", "down", State.IDLE);
        Rig rig = rig(Samples.of(2));
        rig.pass(Duration.ofMillis(1_500));
        assertEquals(Set.of(ONE), rig.vip(name(0)).sentTo());
        rig.health(name(0), Level.DOWN);
        rig.pass(Duration.ofMillis(1_500));
        assertEquals(Set.of(), rig.vip(name(0)).sentTo());
        assertEquals(Set.of(ONE), rig.vip(name(1)).sentTo());
        daemon.session(ONE, State.IDLE);
        rig.pass(Duration.ofMillis(1_500));
        assertEquals(Set.of(), rig.vip(name(1)).sentTo());
    }

    @Test
    void shouldNotAskWhatWasSentMoreThanOnceASecond() throws Exception {
        others(ONE, "", State.ESTABLISHED);
        Rig rig = rig(Samples.of(2));
        rig.pass(Duration.ofSeconds(2));
        rig.log();
        for (int i = 0; i < 20; i++) {
            rig.health(name(0), i % 2 == 0 ? Level.DEGRADED : Level.UP);
            rig.pass(Duration.ofMillis(100));
        }
        long asked =
                rig.log().stream().filter(line -> line.startsWith("sent-to")).count();
        assertTrue(asked >= 1 && asked <= 3, "in 2 s: " + asked);
    }
}
