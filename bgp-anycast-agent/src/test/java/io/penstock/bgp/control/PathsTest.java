package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static io.penstock.bgp.control.Samples.prefix;
import static io.penstock.bgp.control.Samples.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.operate.AgentStatus.Link;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in the daemon's table is what is wanted there, whatever happens to it; and what is somebody else's stays. */
@Timeout(60)
class PathsTest {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final IpPrefix FIRST = prefix(0);
    private static final PathAttributes FOREIGN = said(new LargeCommunity(64_999, 1, 1), 5);

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    private Rig rig(int vips) throws IOException {
        return new Rig(Samples.of(vips), daemon, directory);
    }

    private Map<IpPrefix, PathAttributes> table() {
        Map<IpPrefix, PathAttributes> table =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        daemon.table.forEach((prefix, path) -> table.put(prefix, path.attributes()));
        return table;
    }

    private static String detail(BgpEvent event, String name) {
        return event.details().get(name);
    }

    @Test
    void shouldAnnounceWithTheOwnersMarkWhatCanBeServed() throws IOException {
        Rig rig = rig(2);
        rig.health(name(1), Level.DOWN);
        rig.pass(MOMENT);
        assertEquals(Map.of(FIRST, said(10)), table());
        assertEquals(List.of("owner " + Samples.OWNER), rig.told);
        assertEquals(Link.UP, rig.controller.status().link());
        assertEquals(Optional.of(said(10)), rig.vip(name(0)).announced());
        assertEquals(Optional.empty(), rig.vip(name(1)).wanted());
    }

    @Test
    void shouldWithdrawWithoutAnyTimeBetweenWhenHealthIsLost() throws IOException {
        Rig rig = rig(1).settle();
        rig.log();
        rig.nowNs += 3_500_000;
        rig.health(name(0), Level.DOWN);
        rig.nowNs += 1_500_000;
        rig.settle();
        assertEquals(List.of("withdraw 10.0.0.0/32"), rig.log());
        BgpEvent event = rig.events(Kind.WITHDRAWN).get(0);
        assertEquals("1.5", detail(event, "sent-after-ms"));
        assertEquals("1.5", detail(event, "after-ms"));
        assertEquals(1, rig.controller.figures().withdrawReactions().count(), "how fast it was is measured");
        assertEquals(1, rig.count(AgentCounter.WITHDRAWALS));
    }

    @Test
    void shouldWithdrawWhenTheAddressGoes() throws IOException {
        Rig rig = rig(1).settle();
        rig.present(name(0), false);
        rig.settle();
        assertEquals(Map.of(), table());
    }

    @Test
    void shouldSayAnotherThingInEachState() throws IOException {
        Rig rig = rig(1).settle();
        rig.health(name(0), Level.DEGRADED);
        rig.settle();
        assertEquals(said(11), table().get(FIRST));
        rig.health(name(0), Level.DRAINING);
        rig.settle();
        assertEquals(said(12, io.penstock.bgp.route.Community.GRACEFUL_SHUTDOWN), table().get(FIRST));
    }

    @Test
    void shouldAdoptWithoutACallWhatAFormerRunAnnounced() throws IOException {
        daemon.put(FIRST, said(10));
        Rig rig = rig(1).settle();
        rig.pass(Duration.ofSeconds(11));
        assertEquals(List.of(), rig.log());
        assertTrue(rig.events(Kind.ANNOUNCED).isEmpty());
    }

    @Test
    void shouldLeaveAsItIsWhatAFormerRunAnnouncedUntilHealthIsKnown() throws IOException {
        daemon.put(FIRST, said(99));
        Rig rig = rig(1);
        rig.health(name(0), Level.UNKNOWN);
        rig.pass(Duration.ofSeconds(9));
        assertEquals(List.of(), rig.log());
        rig.health(name(0), Level.UP);
        rig.settle();
        assertEquals(Map.of(FIRST, said(10)), table());
    }

    @Test
    void shouldWithdrawWhatNobodyVouchesForInTime() throws IOException {
        daemon.put(FIRST, said(10));
        Rig rig = rig(1);
        rig.conditions.clear();
        rig.pass(Duration.ofSeconds(11));
        assertEquals(Map.of(), table());
        assertEquals(State.DOWN, rig.state(name(0)));
    }

    @Test
    void shouldWithdrawWhatAFormerRunLeftAndNobodyWants() throws IOException {
        daemon.put(prefix("10.9.9.9/32"), said(10));
        daemon.put(prefix("10.9.9.8/32"), FOREIGN);
        rig(1).settle();
        assertEquals(Map.of(FIRST, said(10), prefix("10.9.9.8/32"), FOREIGN), table());
    }

    @Test
    void shouldLeaveAForeignPathThatWasThereFirstAndSaySo() throws IOException {
        daemon.put(FIRST, FOREIGN);
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(30));
        assertEquals(Map.of(FIRST, FOREIGN), table());
        assertEquals(1, rig.events(Kind.FOREIGN).size());
        assertTrue(rig.vip(name(0)).foreign());
        assertFalse(rig.vip(name(0)).trouble().isEmpty());

        rig.health(name(0), Level.DOWN);
        rig.pass(MOMENT);
        assertEquals(Map.of(FIRST, FOREIGN), table());

        rig.health(name(0), Level.UP);
        daemon.remove(FIRST);
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Map.of(FIRST, said(10)), table());
        assertEquals("", rig.vip(name(0)).trouble());
    }

    @Test
    void shouldNotWithdrawWhatTookThePlaceOfOurs() throws IOException {
        Rig rig = rig(1).settle();
        rig.pass(Duration.ofSeconds(1));
        daemon.frozen = true;
        daemon.put(FIRST, FOREIGN);
        daemon.frozen = false;
        daemon.tellOne();
        rig.health(name(0), Level.DOWN);
        rig.pass(MOMENT);
        assertEquals(Map.of(FIRST, FOREIGN), table());

        rig.health(name(0), Level.UP);
        rig.pass(Duration.ofSeconds(10));
        assertEquals(Map.of(FIRST, FOREIGN), table(), "it was there first this time");
        assertEquals(1, rig.events(Kind.FOREIGN).size());
    }

    @Test
    void shouldRepairAtOnceWhatSomebodyChanges() throws IOException {
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(1));
        for (PathAttributes other : List.of(FOREIGN, said(77))) {
            daemon.put(FIRST, other);
            rig.settle();
            assertEquals(Map.of(FIRST, said(10)), table());
            rig.pass(Duration.ofSeconds(70));
        }
        daemon.remove(FIRST);
        rig.settle();
        assertEquals(Map.of(FIRST, said(10)), table());
        assertEquals(
                List.of("replaced", "changed", "missing"),
                rig.events(Kind.REPAIRED).stream()
                        .map(event -> detail(event, "what"))
                        .toList());
        assertEquals(3, rig.count(AgentCounter.REPAIRS));
    }

    @Test
    void shouldWithdrawAgainWhatSomebodyPutsBack() throws IOException {
        Rig rig = rig(1).settle();
        rig.health(name(0), Level.DOWN);
        rig.pass(Duration.ofSeconds(1));
        daemon.put(FIRST, said(10));
        rig.settle();
        assertEquals(Map.of(), table());
        assertEquals(1, rig.events(Kind.REPAIRED).size());
    }

    @Test
    void shouldRepairAWipedTableAtOnceWhenTheDaemonTellsOfIt() throws IOException {
        Rig rig = rig(100);
        rig.pass(Duration.ofSeconds(1));
        daemon.wipe();
        rig.settle();
        assertEquals(100, daemon.table.size());
        assertEquals(100, rig.count(AgentCounter.REPAIRS));
    }

    @Test
    void shouldRepairAWipedTableWithTheNextLookWhenNothingIsTold() throws IOException {
        Rig rig = rig(100);
        rig.pass(Duration.ofSeconds(1));
        daemon.tells = false;
        daemon.wipe();
        rig.pass(Duration.ofSeconds(5));
        assertEquals(100, daemon.table.size());
    }

    @Test
    void shouldLookSoonWhenANeighboursPathIsTheBestOfOurPrefix() throws IOException {
        daemon.learned.add(new RibPath(FIRST, PathAttributes.NONE, false, true));
        Rig rig = rig(1);
        rig.pass(Duration.ofMillis(2_500));
        daemon.remove(FIRST);
        rig.pass(MOMENT);
        assertEquals(Map.of(FIRST, said(10)), table());
    }

    @Test
    void shouldWearyOfSomebodyWhoUndoesItEachTime() throws IOException {
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(1));
        rig.log();
        for (int i = 0; i < 600; i++) {
            daemon.put(FIRST, FOREIGN);
            rig.pass(Duration.ofMillis(100));
        }
        int repairs = rig.log().size();
        assertTrue(repairs >= 10 && repairs <= 20, "in a minute: " + repairs);
    }

    @Test
    void shouldBringAllBackWhenTheDaemonBeginsAnew() throws IOException {
        Rig rig = rig(1_000);
        rig.pass(Duration.ofSeconds(1));
        daemon.kill();
        rig.pass(Duration.ofSeconds(3));
        assertEquals(Link.DOWN, rig.controller.status().link());
        rig.log();
        daemon.restart();
        rig.pass(Duration.ofMillis(500));
        assertEquals(1_000, daemon.table.size());
        assertEquals(
                1_000,
                rig.log().stream().filter(line -> line.startsWith("announce")).count());
        assertEquals(Deliveries.WINDOW, daemon.mostAtOnce);
        assertEquals(1, rig.count(AgentCounter.RECONNECTS));
        assertEquals(
                List.of("connected", "lost", "lost", "connected", "restarted"),
                rig.events(Kind.DAEMON).stream()
                        .map(event -> detail(event, "state"))
                        .toList());
        assertEquals(1, daemon.watches());
    }

    @Test
    void shouldCountFromTheLossHoweverManyAttemptsFailed() throws IOException {
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(1));
        rig.events.clear();
        daemon.kill();
        rig.pass(Duration.ofSeconds(3));
        daemon.restart();
        rig.pass(Duration.ofSeconds(1));
        double afterMs = Double.parseDouble(detail(rig.events(Kind.ANNOUNCED).get(0), "after-ms"));
        assertTrue(afterMs >= 3_000 && afterMs < 4_000, "after " + afterMs);
    }

    @Test
    void shouldDoNothingWhenOnlyTheWayWasLost() throws IOException {
        Rig rig = rig(10);
        rig.pass(Duration.ofSeconds(1));
        rig.log();
        daemon.loseWatches("broken pipe");
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Link.UP, rig.controller.status().link());
        assertTrue(rig.log().stream().noneMatch(line -> line.startsWith("announce")));
    }

    @Test
    void shouldCatchUpAfterTheDaemonWasFrozen() throws IOException {
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(1));
        daemon.frozen = true;
        rig.health(name(0), Level.DOWN);
        rig.pass(Duration.ofSeconds(2));
        daemon.passDeadlines();
        rig.pass(MOMENT);
        assertEquals(Link.DOWN, rig.controller.status().link());
        assertTrue(rig.count(AgentCounter.LATE_CALLS) > 0);
        daemon.frozen = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Map.of(), table());
        assertEquals(Link.UP, rig.controller.status().link());
    }

    @Test
    void shouldNotTakeOneThatWithdrewWithoutAnAnswerForOneThatBeginsAnew() throws IOException {
        Rig rig = rig(1);
        rig.pass(Duration.ofSeconds(1));
        daemon.frozen = true;
        rig.health(name(0), Level.DOWN);
        rig.pass(Duration.ofSeconds(2));
        daemon.passDeadlines();
        daemon.table.clear();
        daemon.frozen = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(
                List.of("connected", "lost", "connected"),
                rig.events(Kind.DAEMON).stream()
                        .map(event -> detail(event, "state"))
                        .toList());
    }

    @Test
    void shouldTryAgainWhatTheDaemonRefusesAndSaySoOnce() throws IOException {
        daemon.refused.put(FIRST, "not today");
        Rig rig = rig(2);
        rig.pass(Duration.ofSeconds(10));
        assertEquals(Map.of(prefix(1), said(10)), table());
        assertEquals(1, rig.events(Kind.REFUSED).size());
        assertTrue(rig.vip(name(0)).trouble().contains("not today"));
        long refusals = rig.count(AgentCounter.REFUSALS);
        assertTrue(refusals >= 5 && refusals <= 8, "in 10 s: " + refusals);
        daemon.refused.clear();
        rig.pass(Duration.ofSeconds(6));
        assertEquals(2, daemon.table.size());
        assertEquals("", rig.vip(name(0)).trouble());
    }

    @Test
    void shouldAnnounceTheFirstOfTheFileOnlyWhenThereAreTooMany() throws IOException {
        BgpConfig config = Samples.with(Samples.of(5), Optional.empty(), 3);
        Rig rig = new Rig(config, daemon, directory);
        rig.pass(MOMENT);
        assertEquals(List.of(prefix(0), prefix(1), prefix(2)), List.copyOf(table().keySet()));
        assertTrue(rig.vip(name(4)).trouble().contains("max-paths"));
    }

    @Test
    void shouldFollowTheConfiguration() throws Exception {
        Rig rig = rig(2).settle();
        VipConfig moved = Samples.vip(name(1), prefix(7));
        VipConfig dearer = Samples.vip(name(0), FIRST, 50, Optional.empty());
        rig.ask(() -> rig.controller.reconfigure(Samples.of(Map.of(name(0), dearer, name(1), moved))));
        assertEquals(Map.of(FIRST, said(50), prefix(7), said(10)), table());
        rig.ask(() -> rig.controller.reconfigure(Samples.of(Map.of(name(1), moved))));
        assertEquals(Map.of(prefix(7), said(10)), table());
        BgpEvent removed = rig.events(Kind.STATE).get(rig.events(Kind.STATE).size() - 1);
        assertEquals(BgpEvent.REMOVED, detail(removed, "to"));
        assertTrue(rig.events(Kind.REPAIRED).isEmpty());
    }

    @Test
    void shouldAnnounceAnotherPrefixOnlyWhenThatIsKnownToBeServed() throws Exception {
        Rig rig = rig(1).settle();
        // As the watches have it from then on.
        rig.health(name(0), Level.UNKNOWN);
        VipConfig moved = Samples.vip(name(0), prefix(7));
        rig.ask(() -> rig.controller.reconfigure(Samples.of(Map.of(name(0), moved))));
        rig.pass(Duration.ofSeconds(5));
        assertEquals(Map.of(), table());
        assertEquals(State.PENDING, rig.state(name(0)));
        rig.health(name(0), Level.UP);
        rig.settle();
        assertEquals(Map.of(prefix(7), said(10)), table());
    }

    @Test
    void shouldNotAnnounceAnotherPrefixOfWhatWasOrderedAway() throws Exception {
        Rig rig = rig(1).settle();
        rig.ask(() -> rig.controller.withdraw(Optional.of(name(0))));
        VipConfig moved = Samples.vip(name(0), prefix(7));
        rig.ask(() -> rig.controller.reconfigure(Samples.of(Map.of(name(0), moved))));
        rig.pass(MOMENT);
        assertEquals(Map.of(), table());
        assertEquals(State.WITHDRAWN, rig.state(name(0)));
    }

    @Test
    void shouldMarkAnewWhenTheOwnerIsAnother() throws Exception {
        Rig rig = rig(2).settle();
        LargeCommunity other = new LargeCommunity(65_001, 9, 2);
        rig.ask(() -> rig.controller.reconfigure(Samples.with(Samples.of(1), Optional.of(other), 10)));
        assertEquals(Map.of(FIRST, said(other, 10)), table());
        assertEquals(List.of("owner " + Samples.OWNER, "owner " + other), rig.told);
    }

    private void feed() {
        for (int i = 0; i < Observed.LARGE; i++) {
            IpPrefix prefix = prefix("172." + (16 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256 + "/32");
            daemon.learned.add(new RibPath(prefix, FOREIGN, false, true));
        }
    }

    @Test
    void shouldLookAtAllOfALargeTableRarelyAndAtItsOwnEachTime() throws IOException {
        feed();
        Rig rig = rig(2);
        rig.pass(Duration.ofSeconds(16));
        assertEquals(1, daemon.lists);
        assertEquals(3, daemon.partialLists);
        daemon.tells = false;
        daemon.remove(FIRST);
        daemon.put(prefix(1), FOREIGN);
        daemon.put(prefix(99), said(10));
        rig.pass(Duration.ofSeconds(6));
        assertEquals(said(10), table().get(FIRST));
        assertEquals(said(10), table().get(prefix(1)));
        assertTrue(table().containsKey(prefix(99)), "nobody has told of it");
        assertEquals(Observed.LARGE, rig.controller.status().foreign());
        rig.pass(Duration.ofMinutes(5));
        assertFalse(table().containsKey(prefix(99)));
        assertEquals(2, daemon.lists);
    }

    @Test
    void shouldNotAskAgainSoonForAllOfALargeTableThatCouldNotBeListed() throws IOException {
        feed();
        Rig rig = rig(2).pass(Duration.ofSeconds(1));
        daemon.slow = true;
        rig.pass(Duration.ofNanos(Observed.WHOLE_NS).plusSeconds(5));
        assertEquals(2, daemon.lists);
        rig.pass(Duration.ofMinutes(4));
        assertEquals(2, daemon.lists);
        assertEquals(Link.UP, rig.controller.status().link());
    }

    @Test
    void shouldBringItsPathsBackBeforeItLooksAtAllOfALargeTable() throws IOException {
        feed();
        Rig rig = rig(2).pass(Duration.ofSeconds(1));
        daemon.kill();
        daemon.restart();
        feed();
        daemon.put(prefix(99), said(10));
        rig.pass(Duration.ofSeconds(1));
        assertEquals(said(10), table().get(FIRST));
        assertEquals(1, daemon.lists);
        rig.pass(Duration.ofSeconds(6));
        assertEquals(2, daemon.lists);
        assertEquals(2, table().size(), "what is marked and nobody wants is gone");
    }
}
