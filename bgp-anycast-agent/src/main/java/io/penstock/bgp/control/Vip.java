package io.penstock.bgp.control;

import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.policy.Announcement;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Order;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.route.PathAttributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A VIP: what is known of it, what was ordered, and what is to be announced of it. Of the agent's thread. */
final class Vip {
    private final Announcement announcement;
    private final Map<Level, PathAttributes> said = new EnumMap<>(Level.class);
    private VipConfig config;
    private Condition condition;
    private Order order = Order.NONE;
    private Cause cause;
    private boolean handedOver;

    Vip(VipConfig config, long nowNs) {
        this.config = config;
        announcement = new Announcement(
                config.holdDown(), config.drainWait(), config.health().timeToRise(), nowNs);
        condition = unknown(nowNs);
        cause = new Cause(nowNs, false);
    }

    private static Condition unknown(long nowNs) {
        return new Condition(Level.UNKNOWN, false, nowNs, "not known yet");
    }

    void reconfigure(VipConfig wanted, long nowNs) {
        if (!wanted.equals(config)) {
            config = wanted;
            announcement.reconfigure(wanted.holdDown(), wanted.drainWait());
            cause = new Cause(nowNs, false);
        }
        said.clear();
    }

    /** Whether it is something else that this would announce: what is known of it says nothing of that. */
    boolean isElsewhere(VipConfig wanted) {
        return !wanted.prefix().equals(config.prefix()) || !wanted.address().equals(config.address());
    }

    /** The VIP of this name with another prefix or address: known from the beginning, but what was ordered stands. */
    Vip moved(VipConfig wanted, long nowNs) {
        Vip moved = new Vip(wanted, nowNs);
        moved.order = order;
        moved.handedOver = handedOver;
        return moved;
    }

    /** What is announced is worded anew. */
    void reword() {
        said.clear();
    }

    void order(Order given) {
        order = given;
    }

    void resume() {
        order = Order.NONE;
        handedOver = false;
        announcement.resume();
    }

    /** What is known of it now; returns the state that it leaves, if it does. */
    Optional<State> judge(Optional<Condition> known, long nowNs) {
        Condition before = condition;
        Stance stood = announcement.stance();
        condition = known.orElseGet(() -> unknown(nowNs));
        Stance stands = announcement.step(condition, order, nowNs);
        if (stands.state() == stood.state()) {
            return Optional.empty();
        }
        boolean byHealth = before.level() != condition.level() || before.present() != condition.present();
        cause = new Cause(byHealth ? condition.atNs() : nowNs, byHealth);
        return Optional.of(stood.state());
    }

    /** What is to be announced; empty for nothing. */
    Optional<PathAttributes> wanted(Wording wording) {
        return stance().announceAs().map(level -> said.computeIfAbsent(level, one -> wording.of(config, one)));
    }

    /** Whether it is not known yet whether to announce it. */
    boolean isUndecided() {
        return stance().state() == State.PENDING;
    }

    boolean isDrained() {
        return stance().state() == State.DRAINED;
    }

    /** What comes after a drain is due; returns whether it is the first time. */
    boolean handOver() {
        boolean first = !handedOver;
        handedOver = true;
        return first;
    }

    VipConfig config() {
        return config;
    }

    String name() {
        return config.name();
    }

    Condition condition() {
        return condition;
    }

    Stance stance() {
        return announcement.stance();
    }

    Order order() {
        return order;
    }

    /** Why it came to what is wanted. */
    Cause cause() {
        return cause;
    }

    long deadlineNs() {
        return announcement.nextDeadlineNs();
    }
}
