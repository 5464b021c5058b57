package io.penstock.bgp.policy;

import io.penstock.bgp.config.HoldDownConfig;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Order.Drain;
import io.penstock.bgp.policy.Order.Withdraw;
import io.penstock.bgp.policy.Stance.State;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether a VIP is announced, and as what. Decides; who asks it carries that out.
 *
 * <pre>
 *              it can be served                     it is to drain                    for long enough
 *   PENDING -------------------> UP &lt;--&gt; DEGRADED -----------------> DRAINING --------------------> DRAINED
 *      |                         ^  |                                |    |                             |
 *      | it cannot               |  | lost                      lost |    | it can be served again,     |
 *      v                         |  v                                |    | and nobody orders otherwise |
 *    DOWN &lt;------------------------+--------------------------------+    +--&gt; UP, DEGRADED &lt;----------+
 *      |   it can be served      |
 *      +----------------------&gt; HELD_DOWN, when it was lost too often; for a while
 * </pre>
 *
 * An order to withdraw leads to WITHDRAWN from anywhere, and on from there when it no longer stands. What is not announced does not become
 * so in order to drain: it is DRAINED at once. What was announced by a former run is not known here, so a VIP that is PENDING and to drain
 * stays PENDING, and its path what it is, until it would have drained. A loss beats a drain: one that was ordered is over with it.
 *
 * <p>Not knowing changes nothing for {@link #PATIENCE}, or as long as checks take to speak, then it counts as DOWN. NOT thread safe.
 */
public final class Announcement {
    /** Of {@link #nextDeadlineNs}. */
    public static final long NEVER = Long.MAX_VALUE;

    /** At least; a path of a former run that nobody vouches for is to be short-lived. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HoldDown holdDown;
    private final long patienceNs;

    private Duration drainWait;
    private State state = State.PENDING;
    private String reason = "not known yet";
    private long sinceNs;

    /** Until when not knowing is borne; {@link #NEVER} when it is known. */
    private long patienceEndsNs;

    private Stance stance;

    /**
     * @param holdDown empty for none
     * @param drainWait how long it is announced as draining, unless an order says otherwise
     * @param firstWord how long it can take until something is known of it
     */
    public Announcement(Optional<HoldDownConfig> holdDown, Duration drainWait, Duration firstWord, long nowNs) {
        this.holdDown = new HoldDown(holdDown);
        this.drainWait = drainWait;
        this.patienceNs = Math.max(PATIENCE.toNanos(), firstWord.toNanos());
        this.sinceNs = nowNs;
        this.patienceEndsNs = nowNs + patienceNs;
        this.stance = new Stance(state, Optional.empty(), reason, sinceNs, OptionalLong.of(patienceEndsNs));
    }

    /** It stays in its state; a hold-down and a drain that are under way last as long as they would have with this. */
    public void reconfigure(Optional<HoldDownConfig> nextHoldDown, Duration nextDrainWait) {
        holdDown.reconfigure(nextHoldDown);
        drainWait = nextDrainWait;
    }

    /** Somebody vouches for it: what was lost before is forgiven. */
    public void resume() {
        holdDown.forgive();
    }

    /** What is to be done now. To be asked when the condition or the order is another, and at the deadline. */
    public Stance step(Condition condition, Order order, long nowNs) {
        if (condition.level() != Level.UNKNOWN) {
            patienceEndsNs = NEVER;
        } else if (patienceEndsNs == NEVER) {
            patienceEndsNs = nowNs + patienceNs;
        }
        Level level = level(condition, nowNs);
        boolean absent = condition.level() != Level.UNKNOWN && level != Level.DOWN && !condition.present();
        boolean lost = absent || level == Level.DOWN;
        String why = absent ? "its address is not on this host" : condition.reason();
        if (order instanceof Withdraw withdraw) {
            transitionTo(State.WITHDRAWN, withdraw.why(), nowNs);
        } else if (order instanceof Drain drain) {
            if (lost) {
                String loss = condition.level() == Level.UNKNOWN ? "" : "; " + why;
                transitionTo(State.DRAINED, drain.why() + loss, nowNs);
            } else {
                drain(drain.lasting().orElse(drainWait), drain.why(), nowNs);
            }
        } else {
            follow(lost ? Level.DOWN : level, why, nowNs);
        }
        stance = new Stance(state, announceAs(), reason, sinceNs, until(order, level));
        return stance;
    }

    /** As of the last step. */
    public Stance stance() {
        return stance;
    }

    /** When it changes by itself, on the clock of the steps; {@link #NEVER} when it does not. */
    public long nextDeadlineNs() {
        return stance.untilNs().orElse(NEVER);
    }

    /** While it is not known, what is announced stays so, and nothing else becomes so. */
    private Level level(Condition condition, long nowNs) {
        if (condition.level() != Level.UNKNOWN) {
            return condition.level();
        }
        boolean lapsed = nowNs >= patienceEndsNs;
        return switch (state) {
            case UP -> lapsed ? Level.DOWN : Level.UP;
            case DEGRADED -> lapsed ? Level.DOWN : Level.DEGRADED;
            case DRAINING -> lapsed ? Level.DOWN : Level.DRAINING;
            case PENDING -> lapsed ? Level.DOWN : Level.UNKNOWN;
            case DOWN, HELD_DOWN, DRAINED, WITHDRAWN -> Level.UNKNOWN;
        };
    }

    private void follow(Level level, String why, long nowNs) {
        switch (level) {
            case UNKNOWN -> {
                boolean stays = state == State.PENDING || state == State.DRAINED;
                transitionTo(stays ? state : State.DOWN, why, nowNs);
            }
            case DRAINING -> drain(drainWait, why, nowNs);
            case DOWN -> transitionTo(State.DOWN, why, nowNs);
            case UP, DEGRADED -> {
                if (announceAs().isEmpty() && holdDown.isHeld(nowNs)) {
                    transitionTo(State.HELD_DOWN, "lost " + holdDown.losses() + " times in a row", nowNs);
                } else {
                    transitionTo(level == Level.UP ? State.UP : State.DEGRADED, why, nowNs);
                }
            }
        }
    }

    private void drain(Duration lasting, String why, long nowNs) {
        switch (state) {
            case UP, DEGRADED -> transitionTo(lasting.isZero() ? State.DRAINED : State.DRAINING, why, nowNs);
            case PENDING, DRAINING -> {
                boolean over = nowNs - sinceNs >= lasting.toNanos();
                transitionTo(over ? State.DRAINED : state, why, nowNs);
            }
            case DOWN, HELD_DOWN, DRAINED, WITHDRAWN -> transitionTo(State.DRAINED, why, nowNs);
        }
    }

    private Optional<Level> announceAs() {
        return switch (state) {
            case UP -> Optional.of(Level.UP);
            case DEGRADED -> Optional.of(Level.DEGRADED);
            case DRAINING -> Optional.of(Level.DRAINING);
            case PENDING, DOWN, HELD_DOWN, DRAINED, WITHDRAWN -> Optional.empty();
        };
    }

    private OptionalLong until(Order order, Level level) {
        long untilNs =
                switch (state) {
                    case DRAINING -> Math.min(patienceEndsNs, drainedNs(order));
                    case PENDING ->
                        order instanceof Drain || level == Level.DRAINING
                                ? Math.min(patienceEndsNs, drainedNs(order))
                                : patienceEndsNs;
                    case HELD_DOWN -> holdDown.untilNs();
                    case UP, DEGRADED -> patienceEndsNs;
                    case DOWN, DRAINED, WITHDRAWN -> NEVER;
                };
        return untilNs == NEVER ? OptionalLong.empty() : OptionalLong.of(untilNs);
    }

    private long drainedNs(Order order) {
        Duration lasting = order instanceof Drain drain ? drain.lasting().orElse(drainWait) : drainWait;
        return sinceNs + lasting.toNanos();
    }

    private void transitionTo(State next, String why, long nowNs) {
        reason = why;
        if (next == state) {
            return;
        }
        boolean before = announceAs().isPresent();
        boolean lost = next == State.DOWN && (state == State.UP || state == State.DEGRADED);
        state = next;
        sinceNs = nowNs;
        if (lost) {
            holdDown.lost(nowNs);
        } else if (before && announceAs().isEmpty()) {
            holdDown.left(nowNs);
        } else if (!before && announceAs().isPresent()) {
            holdDown.announced(nowNs);
        }
    }
}
