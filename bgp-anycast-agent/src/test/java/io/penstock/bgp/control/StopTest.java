package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static io.penstock.bgp.control.Samples.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.RibPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the paths when the agent ends. */
@Timeout(60)
class StopTest {
    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    private Rig rig() throws IOException {
        return new Rig(Samples.of(100), daemon, directory).pass(Duration.ofSeconds(1));
    }

    /** Returns after how long it was over. */
    private Duration end(Rig rig, Duration longest) {
        long startNs = rig.nowNs;
        while (!rig.controller.isOver() && rig.nowNs - startNs < longest.toNanos()) {
            rig.pass(Duration.ofMillis(10));
        }
        assertTrue(rig.controller.isOver(), "it goes on");
        rig.controller.run();
        return Duration.ofNanos(rig.nowNs - startNs);
    }

    @Test
    void shouldWithdrawItsOwnAndEnd() throws Exception {
        Rig rig = rig();
        daemon.put(Samples.prefix("10.9.9.9/32"), said(new LargeCommunity(1, 2, 3), 0));
        rig.controller.stop(OnStop.WITHDRAW);
        rig.controller.turn(0);
        assertFalse(rig.controller.isOver());
        assertTrue(end(rig, Duration.ofSeconds(1)).toMillis() < 100);
        assertEquals(1, daemon.table.size());
        assertFalse(rig.controller.leftPaths());
        assertTrue(rig.controller.watched().hasEnded());
        assertThrows(RefusedException.class, () -> rig.controller.resume(Optional.empty()));
    }

    @Test
    void shouldKeepThemForTheNextRun() throws Exception {
        Rig rig = rig();
        rig.log();
        rig.controller.stop(OnStop.KEEP);
        rig.controller.turn(0);
        end(rig, Duration.ZERO);
        assertEquals(100, daemon.table.size());
        assertFalse(rig.controller.leftPaths());

        Rig next = rig();
        assertTrue(next.log().stream().allMatch(line -> line.startsWith("sent-to")));
    }

    @Test
    void shouldKeepThemThoughItIsToldTwice() throws Exception {
        Rig rig = rig();
        daemon.frozen = true;
        rig.health(name(1), Level.DOWN);
        rig.settle();
        rig.controller.stop(OnStop.KEEP);
        rig.settle();
        assertFalse(rig.controller.isOver(), "a call is under way");
        rig.controller.stop(OnStop.KEEP);
        rig.settle();
        daemon.frozen = false;
        end(rig, Duration.ofSeconds(1));
        assertEquals(99, daemon.table.size());
        assertFalse(rig.controller.leftPaths());
    }

    @Test
    void shouldFinishWhatIsToBeWithdrawnThoughTheRestIsKept() throws Exception {
        Rig rig = rig();
        daemon.frozen = true;
        rig.health(name(1), Level.DOWN);
        rig.settle();
        daemon.passDeadlines();
        rig.settle();
        rig.health(name(2), Level.DOWN);
        rig.health(name(3), Level.DEGRADED);
        rig.log();
        rig.controller.stop(OnStop.KEEP);
        rig.pass(Duration.ofMillis(20));
        assertFalse(rig.controller.isOver(), "two are to be withdrawn");
        daemon.frozen = false;
        end(rig, Duration.ofSeconds(2));
        assertEquals(
                List.of("withdraw 10.0.0.1/32", "withdraw 10.0.0.2/32"),
                rig.log().stream()
                        .filter(line -> !line.startsWith("sent-to"))
                        .sorted()
                        .toList());
        assertEquals(98, daemon.table.size());
        assertFalse(rig.controller.leftPaths());
        assertEquals(List.of(), rig.events(Kind.REFUSED));
    }

    @Test
    void shouldSayWhatIsLeftThoughItWasToBeWithdrawnWhenTheRestIsKept() throws Exception {
        Rig rig = rig();
        daemon.frozen = true;
        rig.ask(() -> rig.controller.withdraw(Optional.of(name(7))));
        rig.controller.stop(OnStop.KEEP);
        long took = end(rig, Duration.ofMinutes(1)).toMillis();
        assertTrue(took >= 4_900 && took < 5_200, "after " + took);
        assertFalse(rig.controller.leftPaths(), "the guard would withdraw the others too");
        List<BgpEvent> left = rig.events(Kind.REFUSED);
        assertEquals(List.of(name(7)), left.stream().map(BgpEvent::subject).toList());
        assertEquals("10.0.0.7/32", left.get(0).details().get("prefix"));
    }

    /** What was announced too late to be seen in the list that shows none. */
    @Test
    void shouldNotEndBeforeTheTableWasSeenAfterTheLastAnswer() throws Exception {
        Rig rig = rig();
        int lists = daemon.lists;
        rig.controller.stop(OnStop.WITHDRAW);
        rig.controller.turn(0);
        daemon.tells = false;
        while (!daemon.table.isEmpty()) {
            daemon.answerOne();
            rig.controller.turn(0);
        }
        daemon.table.put(Samples.prefix(5), new RibPath(Samples.prefix(5), said(10), true, true));
        assertTrue(end(rig, Duration.ofSeconds(2)).toMillis() < 1_000);
        assertTrue(daemon.lists > lists);
        assertEquals(0, daemon.table.size());
        assertFalse(rig.controller.leftPaths());
    }

    @Test
    void shouldSayThatPathsMayBeLeftInADaemonWhoseTableWasNeverSeen() throws Exception {
        daemon.put(Samples.prefix(0), said(10));
        daemon.frozen = true;
        Rig rig = new Rig(Samples.of(1), daemon, directory).settle();
        rig.controller.stop(OnStop.WITHDRAW);
        end(rig, Duration.ofMinutes(1));
        assertTrue(rig.controller.leftPaths());
    }

    /** Of a VIP that is not configured any more: nothing of it was announced by this run. */
    @Test
    void shouldSayThatPathsMayBeLeftThatWereSeenLastBeforeTheDaemonWasLost() throws Exception {
        daemon.put(Samples.prefix(200), said(10));
        daemon.refused.put(Samples.prefix(200), "not now");
        Rig rig = new Rig(Samples.of(0), daemon, directory).pass(Duration.ofSeconds(1));
        daemon.frozen = true;
        daemon.loseWatches("broken");
        rig.controller.stop(OnStop.WITHDRAW);
        end(rig, Duration.ofMinutes(1));
        assertTrue(rig.controller.leftPaths());
    }

    /** By a daemon that took the order, and may carry it out when it goes on. */
    @Test
    void shouldSayThatAPathMayBeLeftThatWasAnnouncedWithoutAnAnswer() throws Exception {
        Rig rig = new Rig(Samples.of(1), daemon, directory);
        rig.health(name(0), Level.DOWN);
        rig.pass(Duration.ofSeconds(1));
        assertTrue(daemon.table.isEmpty());
        daemon.frozen = true;
        rig.health(name(0), Level.UP);
        rig.settle();
        daemon.passDeadlines();
        rig.controller.stop(OnStop.WITHDRAW);
        end(rig, Duration.ofMinutes(1));
        assertTrue(rig.controller.leftPaths());
    }

    @Test
    void shouldDrainEachFirst() throws Exception {
        Rig rig = rig();
        rig.controller.stop(OnStop.DRAIN);
        long took = end(rig, Duration.ofMinutes(1)).toMillis();
        assertTrue(took >= 30_000 && took < 30_200, "after " + took);
        assertEquals(0, daemon.table.size());
        assertTrue(rig.told.stream().noneMatch(line -> line.startsWith("drained")), "nobody ordered a drain");
        assertEquals(
                100,
                new Rig(Samples.of(100), daemon, directory)
                        .settle()
                        .daemon
                        .table
                        .size());
    }

    @Test
    void shouldNotWaitForALongerDrainThatWasOrderedBefore() throws Exception {
        Rig rig = rig();
        rig.ask(() -> rig.controller.drain(Optional.of(name(1)), Optional.of(Duration.ofHours(1))));
        rig.controller.stop(OnStop.DRAIN);
        long took = end(rig, Duration.ofMinutes(1)).toMillis();
        assertTrue(took >= 30_000 && took < 30_200, "after " + took);
        assertEquals(0, daemon.table.size());
        assertFalse(rig.controller.leftPaths());
    }

    @Test
    void shouldWithdrawAtOnceWhenToldAgain() throws Exception {
        Rig rig = rig();
        rig.controller.stop(OnStop.DRAIN);
        rig.pass(Duration.ofSeconds(1));
        assertEquals(100, daemon.table.size());
        rig.controller.stop(OnStop.DRAIN);
        assertTrue(end(rig, Duration.ofSeconds(1)).toMillis() < 100);
        assertEquals(0, daemon.table.size());
    }

    @Test
    void shouldEndWhenTheDaemonDoesNotAnswerAndSayThatPathsMayBeLeft() throws Exception {
        Rig rig = rig();
        daemon.frozen = true;
        rig.controller.stop(OnStop.WITHDRAW);
        long took = end(rig, Duration.ofMinutes(1)).toMillis();
        assertTrue(took >= 4_900 && took < 5_200, "after " + took);
        assertTrue(rig.controller.leftPaths());
        assertEquals(100, daemon.table.size());
    }

    @Test
    void shouldRefuseOrdersWhileItEnds() throws Exception {
        Rig rig = rig();
        rig.controller.stop(OnStop.DRAIN);
        rig.settle();
        assertThrows(RefusedException.class, () -> rig.ask(() -> rig.controller.resume(Optional.of(name(1)))));
    }

    @Test
    void shouldEndBeforeADaemonThatWasNotStarted() throws Exception {
        daemon.identity = new io.penstock.bgp.gobgp.DaemonIdentity(0, "");
        Rig rig = rig();
        rig.controller.stop(OnStop.WITHDRAW);
        rig.controller.turn(0);
        end(rig, Duration.ZERO);
        assertFalse(rig.controller.leftPaths());
    }
}
