package io.penstock.vrrp.protocol;

import static io.penstock.vrrp.protocol.RouterRig.HIGHER;
import static io.penstock.vrrp.protocol.RouterRig.LOWER;
import static io.penstock.vrrp.protocol.RouterRig.MS;
import static io.penstock.vrrp.protocol.RouterRig.OWN;
import static io.penstock.vrrp.protocol.RouterRig.assertActions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the RFC does not say: delays, hold-offs, lateness, what is shown. */
class VirtualRouterTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    void shouldLeaveALowerPriorityAloneForThePreemptDelay() {
        RouterRig rig = new RouterRig().preemptDelay(TEN_SECONDS).in(State.BACKUP);
        for (int second = 1; second < 10; second++) {
            rig.after(1000).hear(50, LOWER);
            assertEquals(3_609_375_000L, rig.waitsNs());
        }
        rig.after(1000).hear(50, LOWER);
        assertEquals(2_609_375_000L, rig.waitsNs());
        assertActions(rig.silence(), "Send 100", "TakeOver", "Tell active");
        assertEquals("192.0.2.1 has the lower priority 50", rig.router.view().reason());
    }

    @Test
    void shouldLeaveALowerPriorityAloneForThePreemptDelayAfterAFault() {
        RouterRig rig = new RouterRig().preemptDelay(TEN_SECONDS).in(State.FAULT);
        rig.after(60_000).conditions(rig.healthy());
        rig.after(9_999).hear(50, LOWER);
        assertEquals(3_609_375_000L, rig.waitsNs());
        rig.after(1).hear(50, LOWER);
        assertEquals(3_608_375_000L, rig.waitsNs());
    }

    @Test
    void shouldNotWaitForThePreemptDelayWhenNobodyIsActive() {
        RouterRig rig = new RouterRig().preemptDelay(TEN_SECONDS).in(State.BACKUP);
        assertEquals(3_609_375_000L, rig.waitsNs());
        assertActions(rig.silence(), "Send 100", "TakeOver", "Tell active");
        assertEquals("no active router was heard", rig.router.view().reason());
    }

    @Test
    void shouldHoldOffAfterAHandOver() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        rig.router.handOver(TEN_SECONDS, rig.nowNs);
        assertEquals(3_609_375_000L, rig.waitsNs());
        rig.after(600).hear(50, LOWER);
        assertEquals(3_609_375_000L, rig.waitsNs());
        rig.router.resume();
        rig.after(1000).hear(50, LOWER);
        assertEquals(2_609_375_000L, rig.waitsNs());
    }

    @Test
    void shouldTakeOverAgainAfterAHandOverToNobody() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        rig.router.handOver(TEN_SECONDS, rig.nowNs);
        assertActions(rig.silence(), "Send 100", "TakeOver", "Tell active");
    }

    @Test
    void shouldStepDownThreeIntervalsAfterTheLastAdvertisementThatLeft() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        assertActions(rig.silence(), "Send 100");
        long lastSentNs = rig.nowNs;
        rig.sends = false;
        assertActions(rig.silence(), "Send 100");
        assertActions(rig.silence(), "Send 100");
        assertActions(rig.silence(), "LetGo", "Notice LATE", "Tell backup");
        assertEquals(lastSentNs + 3000 * MS, rig.nowNs);
        assertEquals(3_609_375_000L, rig.waitsNs());
    }

    @Test
    void shouldStepDownBeforeAnyBackupTakesOver() {
        for (int priority = 1; priority <= 254; priority++) {
            RouterRig backup = new RouterRig().priority(priority).in(State.BACKUP);
            RouterRig active = new RouterRig().priority(255).in(State.ACTIVE);
            backup.hear(255, HIGHER);
            active.after(3000);
            assertActions(active.deadline(), "LetGo", "Notice LATE", "Tell backup");
            assertTrue(backup.waitsNs() > 3000 * MS);
        }
    }

    @Test
    void shouldHearWhoHasTakenOverWhileItWasLate() {
        RouterRig rig = new RouterRig().in(State.ACTIVE).after(60_000);
        assertActions(rig.hear(200, HIGHER), "LetGo", "Notice LATE", "Tell backup");
        assertEquals(Optional.of(HIGHER), rig.router.view().active());
        assertActions(rig.deadline());
    }

    @Test
    void shouldCountLatenessByTheIntervalThatBackupsKnow() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        rig.sends = false;
        assertActions(rig.done(rig.router.reconfigure(rig.interval(TEN_SECONDS).settings, rig.nowNs)), "Send 100");
        assertEquals(3000 * MS, rig.waitsNs());
        rig.sends = true;
        assertActions(
                rig.done(rig.router.reconfigure(rig.interval(Duration.ofSeconds(20)).settings, rig.nowNs)), "Send 100");
        assertEquals(20_000 * MS, rig.waitsNs());
    }

    @Test
    void shouldOnlySayThatItIsLateWhenItIsToContinue() {
        RouterRig rig = new RouterRig().continueWhenLate().in(State.ACTIVE);
        assertActions(rig.after(60_000).deadline(), "Notice LATE", "Send 100");
        assertEquals(1000 * MS, rig.waitsNs());
        assertActions(rig.after(60_000).hear(50, LOWER), "Notice DUPLICATE_ACTIVE", "Send 100", "AnnounceAgain");
    }

    @Test
    void shouldTakeNothingOverThatItCannotTellOthersOf() {
        RouterRig rig = new RouterRig().in(State.BACKUP);
        rig.hear(50, LOWER);
        rig.sends = false;
        assertActions(rig.silence(), "Send 100", "Notice CANNOT_SEND");
        assertEquals(State.BACKUP, rig.router.state());
        assertEquals(Optional.of(LOWER), rig.router.view().active());
        assertEquals(1000 * MS, rig.waitsNs());
        assertActions(rig.after(500).hear(50, LOWER));
        assertActions(rig.silence(), "Send 100", "Notice CANNOT_SEND");
        rig.sends = true;
        assertActions(rig.silence(), "Send 100", "TakeOver", "Tell active");
    }

    @Test
    void shouldWaitForAWayToTellOthersEvenAsOwner() {
        RouterRig rig = new RouterRig().priority(255);
        rig.sends = false;
        assertActions(rig.start(), "Send 255", "Notice CANNOT_SEND", "Tell backup");
        assertActions(rig.hear(50, LOWER), "LetGo");
        rig.sends = true;
        assertActions(rig.silence(), "Send 255", "TakeOver", "Tell active");
    }

    @Test
    void shouldTakeOverThoughNothingLeavesWhenItIsToContinue() {
        RouterRig rig = new RouterRig().continueWhenLate().in(State.BACKUP);
        rig.sends = false;
        assertActions(rig.silence(), "Send 100", "TakeOver", "Tell active");
    }

    @Test
    void shouldNotForgetThatItHasVipsWhenItIsNoMoreToContinue() {
        RouterRig rig = new RouterRig().continueWhenLate().in(State.BACKUP);
        rig.sends = false;
        rig.silence();
        rig.done(rig.router.reconfigure(new RouterRig().settings, rig.nowNs));
        assertActions(rig.silence(), "Send 100");
        assertEquals(State.ACTIVE, rig.router.state());
        rig.silence();
        assertActions(rig.silence(), "LetGo", "Notice LATE", "Tell backup");
    }

    @Test
    void shouldSayOnceThatNothingLeavesWhenItIsToContinue() {
        RouterRig rig = new RouterRig().continueWhenLate().in(State.ACTIVE);
        rig.sends = false;
        assertActions(rig.after(3000).deadline(), "Notice LATE", "Send 100");
        assertActions(rig.after(1000).deadline(), "Send 100");
        rig.sends = true;
        assertActions(rig.after(1000).deadline(), "Send 100");
        assertActions(rig.after(3000).deadline(), "Notice LATE", "Send 100");
    }

    @Test
    void shouldNotAddUpItsLateness() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        assertActions(rig.after(1010).deadline(), "Send 100");
        assertEquals(990 * MS, rig.waitsNs());
        assertActions(rig.after(2000).deadline(), "Send 100");
        assertEquals(1000 * MS, rig.waitsNs());
    }

    @Test
    void shouldAnnounceAgainOnceForAnotherActiveRouterAndOnceWhenItIsSilent() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        assertActions(rig.after(100).hear(50, LOWER), "Notice DUPLICATE_ACTIVE", "Send 100", "AnnounceAgain");
        assertActions(rig.after(100).hear(50, LOWER), "Notice DUPLICATE_ACTIVE", "Send 100");
        assertActions(rig.silence(), "Send 100");
        assertActions(rig.silence(), "Send 100");
        assertActions(rig.silence(), "Send 100");
        assertActions(rig.silence(), "Send 100", "AnnounceAgain");
        assertActions(rig.silence(), "Send 100");
    }

    @Test
    void shouldForgetTheOtherActiveRouterWhenItIsNotActiveItself() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        rig.hear(50, LOWER);
        rig.hear(200, HIGHER);
        rig.silence();
        assertEquals(State.ACTIVE, rig.router.state());
        for (int n = 0; n < 5; n++) {
            assertActions(rig.silence(), "Send 100");
        }
    }

    @Test
    void shouldKeepLeftoversUntilAnotherIsActive() {
        RouterRig rig = new RouterRig().in(State.BACKUP);
        assertActions(rig.hear(0, HIGHER));
        assertActions(rig.hear(50, HIGHER), "LetGo");
        assertActions(rig.hear(50, HIGHER));
    }

    @Test
    void shouldWaitForTheNewIntervalWhileNobodyIsKnown() {
        RouterRig rig = new RouterRig().in(State.BACKUP);
        rig.router.reconfigure(rig.interval(Duration.ofMillis(100)).settings, rig.nowNs);
        assertEquals(360_937_500L, rig.waitsNs());
        rig.router.reconfigure(rig.interval(TEN_SECONDS).settings, rig.nowNs);
        assertEquals(360_937_500L, rig.waitsNs());
    }

    @Test
    void shouldKeepTheLearntIntervalWhenItsOwnChanges() {
        RouterRig rig = new RouterRig().in(State.BACKUP);
        rig.hear(200, HIGHER);
        rig.router.reconfigure(rig.interval(Duration.ofMillis(100)).settings, rig.nowNs);
        assertEquals(3_609_375_000L, rig.waitsNs());
        assertEquals(Duration.ofSeconds(1), rig.router.view().interval());
    }

    @Test
    void shouldSendNothingWithoutAnAddress() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        Conditions noInterface = new Conditions(100, Optional.of("eth0 is gone"), Optional.empty());
        assertActions(rig.conditions(noInterface), "LetGo", "Tell fault");
    }

    @Test
    void shouldShowTheFaultThatThereIsNow() {
        RouterRig rig = new RouterRig().in(State.FAULT);
        assertEquals("eth0 is down", rig.router.view().reason());
        rig.conditions(new Conditions(100, Optional.of("eth1 is down"), Optional.of(OWN)));
        assertEquals("eth1 is down", rig.router.view().reason());
    }

    @Test
    void shouldShowWhoIsActive() {
        RouterRig rig = new RouterRig();
        rig.start();
        assertView(rig, State.BACKUP, Optional.empty(), 0, "started");
        rig.hear(200, HIGHER);
        assertView(rig, State.BACKUP, Optional.of(HIGHER), 200, "started");
        rig.hear(0, HIGHER);
        assertView(rig, State.BACKUP, Optional.empty(), 0, "started");
        rig.silence();
        assertView(rig, State.ACTIVE, Optional.of(OWN), 100, "192.0.2.200 stopped being active");
        rig.conditions(new Conditions(70, Optional.empty(), Optional.of(OWN)));
        assertView(rig, State.ACTIVE, Optional.of(OWN), 70, "192.0.2.200 stopped being active");
        rig.hear(200, HIGHER);
        assertView(
                rig, State.BACKUP, Optional.of(HIGHER), 200, "192.0.2.200 is active with priority 200, higher than 70");
        rig.silence();
        assertView(rig, State.ACTIVE, Optional.of(OWN), 70, "192.0.2.200 was not heard any more");
        rig.hear(70, HIGHER);
        assertView(
                rig,
                State.BACKUP,
                Optional.of(HIGHER),
                70,
                "192.0.2.200 is active with the same priority 70 and the higher address");
        rig.conditions(rig.faulty());
        assertView(rig, State.FAULT, Optional.empty(), 0, "eth0 is down");
    }

    private static void assertView(
            RouterRig rig, State state, Optional<IpAddress> active, int priority, String reason) {
        RouterView view = rig.router.view();
        assertEquals(
                List.of(state, active, priority, reason),
                List.of(view.state(), view.active(), view.activePriority(), view.reason()));
    }

    @Test
    void shouldTellATransitionWithItsTimeAndReason() {
        RouterRig rig = new RouterRig();
        List<Action> actions = rig.start();
        assertEquals(
                List.of(new Action.Tell(new Transition("web", State.INITIALIZE, State.BACKUP, "started", rig.nowNs))),
                actions);
        assertEquals(rig.nowNs, rig.router.view().sinceNs());
    }
}
