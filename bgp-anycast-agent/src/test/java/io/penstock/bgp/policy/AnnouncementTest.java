package io.penstock.bgp.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AnnouncementRig rig = new AnnouncementRig();

    @Test
    void shouldKnowNothingAtTheStart() {
        Stance stance = rig.announcement.stance();
        assertEquals(State.PENDING, stance.state());
        assertEquals(Optional.empty(), stance.announceAs());
        assertEquals(rig.nowNs, stance.sinceNs());
        assertEquals(Announcement.PATIENCE, rig.left());
        assertEquals(stance, rig.step());
    }

    @Test
    void shouldTellWhyAndForHowLong() {
        assertEquals("said to be up", rig.hear(Level.UP).reason());
        assertEquals(OptionalLong.empty(), rig.step().untilNs());
        assertEquals(Announcement.NEVER, rig.announcement.nextDeadlineNs());

        assertEquals("its address is not on this host", rig.loseAddress().reason());
        rig.flap(1);
        assertEquals("lost 2 times in a row", rig.hear(Level.UP).reason());
        assertEquals(AnnouncementRig.HOLD.initial().minus(SECOND), rig.left());

        assertEquals("drained by an operator", rig.order(AnnouncementRig.DRAIN).reason());
        assertEquals(
                "withdrawn by an operator", rig.order(AnnouncementRig.WITHDRAW).reason());
        assertEquals("said to be up", rig.resume().reason());
        rig.order(AnnouncementRig.DRAIN);
        assertEquals(AnnouncementRig.WAIT, rig.left());
        assertEquals(
                "drained by an operator; said to be down", rig.hear(Level.DOWN).reason());
    }

    @Test
    void shouldTellTheLatestReasonWithoutBeginningAnew() {
        long sinceNs = rig.hear(Level.DOWN).sinceNs();
        rig.nowNs += SECOND.toNanos();
        rig.condition = new Condition(Level.DOWN, true, rig.nowNs, "connection refused");
        Stance stance = rig.step();
        assertEquals("connection refused", stance.reason());
        assertEquals(sinceNs, stance.sinceNs());
    }

    /** What a former run had announced may drain still, or have drained: neither is to be put an end to, or to be undone. */
    @Test
    void shouldLeaveAPathAsItIsUntilItWouldHaveDrained() {
        rig.order = AnnouncementRig.DRAIN;
        rig.hear(Level.UP);
        assertEquals(State.PENDING, rig.state());
        assertEquals(AnnouncementRig.WAIT, rig.left());
        rig.pass(AnnouncementRig.WAIT.minusNanos(1));
        assertEquals(State.PENDING, rig.state());
        rig.pass(Duration.ofNanos(1));
        assertEquals(State.DRAINED, rig.state());
    }

    @Test
    void shouldLeaveAPathAsItIsWhenItsServiceDrainsAtTheStart() {
        rig.hear(Level.DRAINING);
        assertEquals(State.PENDING, rig.state());
        assertEquals(AnnouncementRig.WAIT, rig.left());
        assertEquals(State.DRAINED, rig.pass(AnnouncementRig.WAIT).state());
    }

    @Test
    void shouldDrainAsLongAsTheOrderSaysFromWhenItBegan() {
        rig.hear(Level.UP);
        rig.hear(Level.DRAINING);
        rig.pass(SECOND);
        rig.order(new Order.Drain(Optional.of(Duration.ofMinutes(5)), "slowly"));
        assertEquals(Duration.ofMinutes(5).minus(SECOND), rig.left());
        rig.pass(AnnouncementRig.WAIT);
        assertEquals(State.DRAINING, rig.state());
        assertEquals(State.DRAINED, rig.pass(rig.left()).state());
    }

    @Test
    void shouldGoOnDrainingWhenTheOrderIsTakenBackButTheServiceDrains() {
        rig.hear(Level.UP);
        rig.order(AnnouncementRig.DRAIN);
        rig.hear(Level.DRAINING);
        assertEquals(State.DRAINING, rig.resume().state());
        assertEquals(State.UP, rig.hear(Level.UP).state());
    }

    @Test
    void shouldNotComeBackWhileTheOrderStands() {
        rig.hear(Level.UP);
        rig.order(AnnouncementRig.DRAIN);
        rig.hear(Level.DOWN);
        assertEquals(State.DRAINED, rig.hear(Level.UP).state());
        assertEquals(State.DRAINED, rig.pass(Duration.ofHours(1)).state());
        assertEquals(State.UP, rig.resume().state());
    }

    @Test
    void shouldCountSilenceFromItsBeginning() {
        rig.hear(Level.UP);
        rig.pass(Duration.ofHours(1));
        rig.hear(Level.UNKNOWN);
        rig.pass(Announcement.PATIENCE.minus(SECOND));
        rig.hear(Level.UNKNOWN);
        assertEquals(SECOND, rig.left());
        rig.hear(Level.UP);
        rig.hear(Level.UNKNOWN);
        assertEquals(Announcement.PATIENCE, rig.left());
        assertEquals(State.DOWN, rig.pass(Announcement.PATIENCE).state());
    }

    @Test
    void shouldBearNotKnowingForAsLongAsChecksTakeToSpeak() {
        Duration firstWord = Duration.ofSeconds(42);
        Announcement slow = new Announcement(Optional.empty(), AnnouncementRig.WAIT, firstWord, 0);
        Condition unknown = Condition.unknown(0);
        assertEquals(
                State.PENDING,
                slow.step(unknown, Order.NONE, firstWord.minus(SECOND).toNanos())
                        .state());
        assertEquals(
                State.DOWN, slow.step(unknown, Order.NONE, firstWord.toNanos()).state());
    }

    /** After a reload all is looked at anew: what serves is not to flap for that. */
    @Test
    void shouldBearNotKnowingWhetherTheAddressIsHere() {
        rig.hear(Level.UP);
        rig.condition = Condition.unknown(rig.nowNs);
        assertEquals(State.UP, rig.step().state());
        assertEquals(Announcement.PATIENCE, rig.left());
        assertEquals(State.DOWN, rig.pass(Announcement.PATIENCE).state());
        assertEquals("not known yet", rig.step().reason());
    }

    @Test
    void shouldHoldDownForLongerEachTime() {
        int[] seconds = {0, 10, 20, 40, 80, 160, 300, 300};
        for (int held : seconds) {
            rig.hear(Level.UP);
            assertEquals(State.UP, rig.state());
            rig.pass(SECOND);
            rig.hear(Level.DOWN);
            rig.hear(Level.UP);
            assertEquals(held == 0 ? State.UP : State.HELD_DOWN, rig.state());
            if (held != 0) {
                assertEquals(Duration.ofSeconds(held), rig.left());
                rig.pass(rig.left().minusNanos(1));
                assertEquals(State.HELD_DOWN, rig.state());
                rig.pass(Duration.ofNanos(1));
            }
        }
    }

    @Test
    void shouldForgetLossesAfterAStableTime() {
        rig.flap(5);
        rig.hear(Level.UP);
        rig.pass(rig.left());
        rig.pass(AnnouncementRig.HOLD.stable().minusNanos(1));
        rig.hear(Level.DOWN);
        assertEquals(State.HELD_DOWN, rig.hear(Level.UP).state());
        rig.pass(rig.left());

        rig.pass(AnnouncementRig.HOLD.stable());
        rig.hear(Level.DOWN);
        assertEquals(State.UP, rig.hear(Level.UP).state());
        rig.hear(Level.DOWN);
        rig.hear(Level.UP);
        assertEquals(AnnouncementRig.HOLD.initial(), rig.left());
    }

    @Test
    void shouldForgetLossesAfterAStableTimeThatEndedInADrain() {
        rig.flap(3);
        rig.hear(Level.UP);
        rig.pass(rig.left());
        rig.pass(AnnouncementRig.HOLD.stable());
        rig.hear(Level.DRAINING);
        rig.pass(AnnouncementRig.WAIT);
        rig.hear(Level.UP);
        rig.hear(Level.DOWN);
        assertEquals(State.UP, rig.hear(Level.UP).state());
    }

    /** A forwarder that is replaced says that it drains, ends, and comes again. */
    @Test
    void shouldNotCountDrainsAndOrders() {
        for (int i = 0; i < 10; i++) {
            rig.hear(Level.DRAINING);
            rig.pass(SECOND);
            rig.hear(Level.DOWN);
            assertEquals(State.UP, rig.hear(Level.UP).state());
            rig.order(AnnouncementRig.WITHDRAW);
            rig.hear(Level.DOWN);
            rig.hear(Level.UP);
            assertEquals(State.UP, rig.order(Order.NONE).state());
            rig.order(AnnouncementRig.DRAIN);
            rig.hear(Level.DOWN);
            rig.hear(Level.UP);
            assertEquals(State.UP, rig.order(Order.NONE).state());
        }
    }

    @Test
    void shouldStayHeldDownThoughItDrainedInBetween() {
        rig.flap(3);
        rig.hear(Level.UP);
        assertEquals(State.DRAINED, rig.hear(Level.DRAINING).state());
        assertEquals(State.HELD_DOWN, rig.hear(Level.UP).state());
    }

    @Test
    void shouldForgiveWhenSomebodyVouches() {
        rig.flap(5);
        rig.hear(Level.UP);
        assertEquals(State.HELD_DOWN, rig.state());
        assertEquals(State.UP, rig.resume().state());
        rig.hear(Level.DOWN);
        assertEquals(State.UP, rig.hear(Level.UP).state());
    }

    @Test
    void shouldHoldDownAsConfiguredNow() {
        rig.flap(8);
        rig.hear(Level.UP);
        rig.announcement.reconfigure(
                Optional.of(new HoldDownConfig(SECOND, Duration.ofSeconds(20), Duration.ofMinutes(1))),
                AnnouncementRig.WAIT);
        rig.step();
        assertEquals(Duration.ofSeconds(19), rig.left());
    }

    /** A reload is to take nothing away that serves. */
    @Test
    void shouldStayUpWhenHoldDownsAreMadeLonger() {
        rig.flap(2);
        rig.hear(Level.UP);
        rig.pass(rig.left());
        rig.announcement.reconfigure(
                Optional.of(new HoldDownConfig(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(10))),
                AnnouncementRig.WAIT);
        assertEquals(State.UP, rig.step().state());
        assertEquals(State.DEGRADED, rig.hear(Level.DEGRADED).state());
    }

    @Test
    void shouldNeverHoldDownWhenThatIsOff() {
        rig.announcement.reconfigure(Optional.empty(), AnnouncementRig.WAIT);
        for (int i = 0; i < 20; i++) {
            rig.hear(Level.UP);
            assertEquals(State.UP, rig.state());
            rig.hear(Level.DOWN);
        }
    }

    /** Neighbours that dampen begin to at three flaps (RFC 2439); without hold-downs they would see 1,800 of these. */
    @Test
    void shouldAnnounceSeldomWhenItFlapsForAnHour() {
        int announced = 0;
        boolean before = false;
        for (int second = 0; second < 3_600; second++) {
            rig.hear(second % 2 == 0 ? Level.UP : Level.DOWN);
            boolean now = rig.announcement.stance().announceAs().isPresent();
            announced += now && !before ? 1 : 0;
            before = now;
            rig.nowNs += SECOND.toNanos();
        }
        assertEquals(17, announced, 1);
    }

    @Test
    void shouldRefuseADrainOfNoLength() {
        assertThrows(IllegalArgumentException.class, () -> new Order.Drain(Optional.of(SECOND.negated()), "back"));
        Duration tooLong = Order.Drain.MAX_LASTING.plusNanos(1);
        assertThrows(IllegalArgumentException.class, () -> new Order.Drain(Optional.of(tooLong), "forever"));
    }
}
