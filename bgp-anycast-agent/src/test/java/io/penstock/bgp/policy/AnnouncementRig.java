package io.penstock.bgp.policy;

import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import java.time.Duration;
import java.util.Optional;

/** A VIP, what is known of it, what is ordered, and a clock that stands still until it is moved. */
final class AnnouncementRig {
    static final Duration WAIT = Duration.ofSeconds(30);
    static final HoldDownConfig HOLD = HoldDownConfig.DEFAULT;
    static final Order DRAIN = new Order.Drain(Optional.empty(), "drained by an operator");
    static final Order WITHDRAW = new Order.Withdraw("withdrawn by an operator");

    /** Not 0, which fields are that nobody has set. */
    long nowNs = Duration.ofHours(1).toNanos();

    Condition condition = Condition.unknown(nowNs);
    Order order = Order.NONE;
    final Announcement announcement = new Announcement(Optional.of(HOLD), WAIT, Duration.ZERO, nowNs);

    /** When a step last led to another state. */
    long changedNs = nowNs;

    Stance step() {
        State before = state();
        Stance stance = announcement.step(condition, order, nowNs);
        changedNs = stance.state() == before ? changedNs : nowNs;
        return stance;
    }

    Stance hear(Level level) {
        condition = new Condition(level, true, nowNs, "said to be " + level.label());
        return step();
    }

    Stance loseAddress() {
        condition = new Condition(Level.UP, false, nowNs, "it answers");
        return step();
    }

    Stance order(Order next) {
        order = next;
        return step();
    }

    Stance resume() {
        announcement.resume();
        return order(Order.NONE);
    }

    Stance pass(Duration time) {
        nowNs += time.toNanos();
        return step();
    }

    State state() {
        return announcement.stance().state();
    }

    Duration left() {
        return Duration.ofNanos(announcement.nextDeadlineNs() - nowNs);
    }

    /** Announced, then lost, each for a second; afterwards it is DOWN. */
    void flap(int times) {
        for (int i = 0; i < times; i++) {
            hear(Level.UP);
            if (state() == State.HELD_DOWN) {
                pass(left());
            }
            pass(Duration.ofSeconds(1));
            hear(Level.DOWN);
            pass(Duration.ofSeconds(1));
        }
    }
}
