package io.penstock.bgp.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Conditions, orders, reloads and time, in any order: what holds at each moment. */
class AnnouncementPropertyTest {
    private static final List<Level> LEVELS = List.of(Level.values());
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(100);

    @Property(tries = 500)
    void shouldHoldAtEachMoment(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int events) {
        Story story = new Story(new Random(seed));
        for (int i = 0; i < events; i++) {
            story.happen();
            story.assertSound();
            story.assertNothingBeforeTheDeadline();
        }
        story.assertComesToRest();
    }

    @Property(tries = 500)
    void shouldEndWithdrawnWhenOrderedToDrain(@ForAll long seed, @ForAll @IntRange(max = 60) int events) {
        Story story = new Story(new Random(seed));
        for (int i = 0; i < events; i++) {
            story.happen();
        }
        Duration lasting = Duration.ofSeconds(story.random.nextInt(100));
        story.rig.order(new Order.Drain(Optional.of(lasting), "out of service"));
        long endNs = story.rig.nowNs + lasting.toNanos();
        while (story.rig.nowNs < endNs) {
            story.condition();
            story.rig.nowNs =
                    Math.min(endNs, story.rig.nowNs + Duration.ofSeconds(7).toNanos());
            story.rig.step();
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(State.DRAINED, story.rig.state());
            story.condition();
            story.rig.pass(Duration.ofSeconds(story.random.nextInt(100)));
        }
    }

    /** One sequence of events. */
    private static final class Story {
        private final Random random;
        private final AnnouncementRig rig = new AnnouncementRig();
        private HoldDownConfig holdDown = AnnouncementRig.HOLD;
        private Duration wait = AnnouncementRig.WAIT;
        private Stance before = rig.announcement.stance();

        Story(Random random) {
            this.random = random;
        }

        void happen() {
            before = rig.announcement.stance();
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> condition();
                case 4 -> rig.order(order());
                case 5 -> rig.resume();
                case 6 -> reconfigure();
                case 7 -> rig.pass(Duration.ofMillis(random.nextInt(1_000)));
                case 8 -> rig.pass(Duration.ofSeconds(random.nextInt(700)));
                default -> {
                    if (rig.announcement.nextDeadlineNs() != Announcement.NEVER) {
                        rig.pass(rig.left());
                    }
                }
            }
        }

        void condition() {
            Level level = LEVELS.get(random.nextInt(LEVELS.size()));
            rig.condition = new Condition(level, random.nextInt(8) != 0, rig.nowNs, "now " + level.label());
            rig.step();
        }

        private Order order() {
            return switch (random.nextInt(4)) {
                case 0 -> Order.NONE;
                case 1 -> AnnouncementRig.WITHDRAW;
                case 2 -> AnnouncementRig.DRAIN;
                default -> new Order.Drain(Optional.of(drain(LONGEST_DRAIN)), "slowly");
            };
        }

        private Duration drain(Duration longest) {
            return Duration.ofSeconds(random.nextLong(longest.toSeconds()));
        }

        private void reconfigure() {
            Duration initial = Duration.ofSeconds(1 + random.nextInt(60));
            holdDown = new HoldDownConfig(
                    initial, initial.multipliedBy(1 + random.nextInt(10)), Duration.ofSeconds(1 + random.nextInt(900)));
            wait = drain(Duration.ofSeconds(60));
            rig.announcement.reconfigure(Optional.of(holdDown), wait);
            rig.step();
        }

        void assertSound() {
            Stance stance = rig.announcement.stance();
            boolean known = rig.condition.level() != Level.UNKNOWN;
            boolean served = rig.condition.level() != Level.DOWN && rig.condition.present();
            if (known && !served) {
                assertEquals(Optional.empty(), stance.announceAs());
            }
            if (!known && before.announceAs().isEmpty()) {
                assertEquals(Optional.empty(), stance.announceAs(), "nobody vouches for it");
            }
            if (rig.order instanceof Order.Withdraw) {
                assertEquals(State.WITHDRAWN, stance.state());
            }
            if (!rig.order.equals(Order.NONE)) {
                assertNotEquals(Optional.of(Level.UP), stance.announceAs());
                assertNotEquals(Optional.of(Level.DEGRADED), stance.announceAs());
            }
            if (before.announceAs().isEmpty()) {
                assertNotEquals(State.DRAINING, stance.state(), "announced in order to drain");
            }
            if (before.state() != State.PENDING) {
                assertNotEquals(State.PENDING, stance.state(), "what it is, is known by now");
            }
            if (stance.state() == State.HELD_DOWN) {
                assertTrue(rig.left().compareTo(holdDown.max()) <= 0, () -> "held for " + rig.left());
            }
            if (stance.state() == State.PENDING) {
                long pendingNs = rig.announcement.nextDeadlineNs() - stance.sinceNs();
                assertTrue(
                        pendingNs <= LONGEST_DRAIN.plus(Announcement.PATIENCE).toNanos(),
                        () -> "pending for " + Duration.ofNanos(pendingNs));
            }
            assertTrue(
                    rig.announcement.nextDeadlineNs() > rig.nowNs,
                    "a deadline that has passed makes who waits for it spin");
        }

        /** Who sleeps until then, and who looks in between, see the same. */
        void assertNothingBeforeTheDeadline() {
            Stance stance = rig.announcement.stance();
            assertEquals(stance, rig.step());
            long untilNs = Math.min(
                    rig.announcement.nextDeadlineNs(),
                    rig.nowNs + Duration.ofDays(1).toNanos());
            rig.nowNs += random.nextLong(untilNs - rig.nowNs);
            assertEquals(stance, rig.step());
        }

        /** With nothing but time. */
        void assertComesToRest() {
            for (int i = 0; rig.announcement.nextDeadlineNs() != Announcement.NEVER; i++) {
                assertTrue(i < 3, () -> "still moving: " + rig.announcement.stance());
                rig.pass(rig.left());
            }
        }
    }
}
