package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.health.AgentReport;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether one member of a pool takes new connections, and with which weight: what its operator, its agent, its checks
 * and its own traffic say, in this order.
 *
 * <pre>
 *                 wanted by the file or the agent
 *        any ─────────────────────────────────────────► MAINTENANCE (no checks), DRAINING (checks go on)
 *
 *                 checks or agent: down
 *        any ─────────────────────────────────────────► DOWN
 *        DOWN ── up again, down too often before ─────► HELD ── quiet long enough ──┐
 *                                                                                   │
 *        UP ──── failures in a row, or slow ──────────► EJECTED ── time over ───────┤
 *                                                                                   │
 *        UP ──── too many fail or are slow ───────────► OPEN ── time over ─► TRIAL ─┤ all succeed
 *                                                        ▲                    │     │
 *                                                        └──── one fails ─────┘     │
 *                                                                                   ▼
 *        UP ◄──────────────── weight is whole ─────────────────────────────────── STARTING
 * </pre>
 *
 * Without a slow start what returns is UP at once. Causes go on beside each other: an ejected member whose check fails is
 * DOWN, and EJECTED again when the check passes before its time is over. Pure: time comes with each event, and events
 * come in the order of time. Each returns whether a table made before it is out of date.
 */
final class MemberState {
    /** One word for logs and metrics. The first that applies, in this order, but for the last two. */
    enum Status {
        /** Out by its operator's or its agent's wish, and not checked. */
        MAINTENANCE,
        /** Its checks or its agent say so. */
        DOWN,
        /** No new connections by its operator's or its agent's wish, or for want of weight. */
        DRAINING,
        /** Up, but it was down too often of late. */
        HELD,
        /** Out for a while for what its traffic showed. */
        EJECTED,
        /** Its circuit breaker is open. */
        OPEN,
        /** Its circuit breaker is half-open: a few connections are let through. */
        TRIAL,
        /** In, with a weight that rises. */
        STARTING,
        /** In, with all its weight. */
        UP;

        boolean isEligible() {
            return this == UP || this == STARTING || this == TRIAL;
        }

        /** Out, and nobody wanted that. */
        boolean isTrouble() {
            return this == DOWN || this == HELD || this == EJECTED || this == OPEN;
        }

        /** One word, as users see it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Told of each change of the status. */
    interface Listener {
        void onTransition(Status from, Status to, Reason reason, String evidence);
    }

    /** Weights are in hundredths of the configured unit, so that percentages of weight 1 differ. */
    static final int WEIGHT_UNIT = 100;

    private static final String CONFIGURED = "configured anew";

    /** The deadline of what waits for no time. */
    static final long NEVER = Long.MAX_VALUE;

    private final Wishes wishes;
    private boolean initiallyUp;
    private Optional<SlowStart> slowStart;
    private Optional<HoldDown> holdDown;
    private final Listener listener;

    private boolean checksUp;
    private CircuitBreaker.State breaker = CircuitBreaker.State.CLOSED;
    private final Outage outage = new Outage();
    private double learntShare = 1;
    private long heldUntilNs = NEVER;
    private long ejectedUntilNs = NEVER;
    private long startingSinceNs;

    /** Whether it starts slowly when it comes in; a member that was there when the process began does not, at first. */
    private boolean cold;

    private Status status;
    private int weight;
    private int weightWhateverHealth;
    private long weighedNs;

    /**
     * @param initiallyUp what holds until checks have a result
     * @param cold whether it starts slowly the first time too
     */
    MemberState(
            BackendConfig config, Return comeback, boolean initiallyUp, boolean cold, long nowNs, Listener listener) {
        wishes = new Wishes(config);
        slowStart = comeback.slowStart().map(SlowStart::new);
        holdDown = comeback.holdDown().map(HoldDown::new);
        this.initiallyUp = initiallyUp;
        checksUp = initiallyUp;
        this.cold = cold;
        this.listener = listener;
        startingSinceNs = nowNs;
        Status first = cause().orElse(Status.UP);
        status = first == Status.UP && cold && slowStart.isPresent() ? Status.STARTING : first;
        weigh(nowNs);
    }

    Status status() {
        return status;
    }

    /** What its checks said last, or what holds until they have a result. */
    boolean isUpByChecks() {
        return checksUp;
    }

    boolean isEligible() {
        return status.isEligible();
    }

    /** Whether its operator or its agent took it out: whatever its health, it gets no new connections. */
    boolean isTakenOut() {
        return weightWhateverHealth == 0;
    }

    /** Whether probes make sense; an agent is asked as long as the operator does not want maintenance. */
    boolean isChecked() {
        return !wishes.isMaintenance();
    }

    boolean isAgentAsked() {
        return !wishes.isOperatorsMaintenance();
    }

    /** What its group is made with: 1 and up, or 0 when it is not eligible. */
    int weight() {
        return weight;
    }

    /** The same where health counts or does not: 0 for a member that is in no group. */
    int weight(boolean healthIgnored) {
        return healthIgnored ? weightWhateverHealth : weight;
    }

    /** The weight when health is ignored: 0 only for a member that is {@linkplain #isTakenOut taken out}. */
    int weightWhateverHealth() {
        return weightWhateverHealth;
    }

    /**
     * Since when those who are still with it would be better off elsewhere, or {@link BackendLoad#NOT_LOST}: what its
     * operator wants done with it plays no part.
     */
    long lostSinceNs() {
        return outage.sinceNs();
    }

    /** When {@link #onTime} is due, or {@link #NEVER}. */
    long deadlineNs() {
        long next = Math.min(heldUntilNs, ejectedUntilNs);
        if (status == Status.STARTING) {
            SlowStart curve = slowStart.orElseThrow();
            next = Math.min(next, startingSinceNs + curve.nextStepNs(weighedNs - startingSinceNs));
        }
        return next;
    }

    boolean onTime(long nowNs) {
        boolean changed = false;
        if (heldUntilNs <= nowNs) {
            heldUntilNs = NEVER;
            changed = settle(Reason.QUIET, "stayed up", nowNs);
        }
        if (ejectedUntilNs <= nowNs) {
            ejectedUntilNs = NEVER;
            outage.onEjectionOver();
            changed |= settle(Reason.EJECTION_OVER, "its time is over", nowNs);
        }
        changed |= settle(Reason.SLOW_START_OVER, "all of its weight", nowNs);
        return changed;
    }

    /** Its operator wants something else of it. What checks, agent and traffic have shown stays. */
    boolean onConfig(BackendConfig config, long nowNs) {
        return onWish(() -> wishes.onConfig(config), Reason.CONFIGURATION, CONFIGURED, nowNs);
    }

    /** It comes back in another way from now on; returns before are forgotten. */
    boolean onComeback(Return comeback, long nowNs) {
        slowStart = comeback.slowStart().map(SlowStart::new);
        holdDown = comeback.holdDown().map(HoldDown::new);
        heldUntilNs = NEVER;
        boolean changed = settle(Reason.CONFIGURATION, CONFIGURED, nowNs);
        changed |= onTime(nowNs);
        return changed;
    }

    /** What holds from now on until checks, where they begin, have a result. */
    void beginsUp(boolean up) {
        initiallyUp = up;
    }

    /** Nobody checks it any more: what the checks said last is no reason to stay out. */
    boolean onUnchecked(long nowNs) {
        initiallyUp = true;
        return onChecks(true, Reason.CONFIGURATION, "no checks any more", nowNs);
    }

    /** No agent is asked any more. */
    boolean onNoAgent(long nowNs) {
        return onWish(wishes::forgetAgent, Reason.CONFIGURATION, "no agent any more", nowNs);
    }

    /** Nobody ejects any more. */
    boolean onNoEjection(long nowNs) {
        ejectedUntilNs = NEVER;
        outage.onEjectionOver();
        boolean changed = settle(Reason.CONFIGURATION, CONFIGURED, nowNs);
        changed |= onTime(nowNs);
        return changed;
    }

    boolean onCheck(boolean up, String evidence, long nowNs) {
        return onChecks(up, Reason.CHECK, evidence, nowNs);
    }

    private boolean onChecks(boolean up, Reason reason, String evidence, long nowNs) {
        boolean changed = onTime(nowNs);
        boolean wasUp = isUp();
        checksUp = up;
        outage.onChecks(up);
        onVerdict(wasUp, nowNs);
        changed |= settle(reason, evidence, nowNs);
        return changed;
    }

    boolean onAgent(AgentReport report, long nowNs) {
        return onWish(() -> wishes.onReport(report), Reason.AGENT, Wishes.text(report), nowNs);
    }

    /** Checks stop with maintenance; after it they begin anew, without a result. */
    private boolean onWish(Runnable change, Reason reason, String evidence, long nowNs) {
        boolean changed = onTime(nowNs);
        boolean wasChecked = isChecked();
        boolean wasAgentUp = wishes.isAgentUp();
        change.run();
        if (isChecked() && !wasChecked) {
            checksUp = initiallyUp;
            outage.onChecksAnew(initiallyUp);
        }
        outage.onAgent(wishes.isAgentUp());
        onVerdict(checksUp && wasAgentUp, nowNs);
        changed |= settle(reason, evidence, nowNs);
        return changed;
    }

    boolean onEjected(long untilNs, Reason reason, String evidence, long nowNs) {
        boolean changed = onTime(nowNs);
        ejectedUntilNs = untilNs;
        outage.onEjected(reason);
        changed |= settle(reason, evidence, nowNs);
        return changed;
    }

    boolean onBreaker(CircuitBreaker.State state, Reason reason, String evidence, long nowNs) {
        boolean changed = onTime(nowNs);
        breaker = state;
        outage.onBreaker(state, reason);
        changed |= settle(reason, evidence, nowNs);
        return changed;
    }

    /** @param share of the weight that others would give it, above 0 */
    boolean onLearnt(double share, long nowNs) {
        learntShare = share;
        return onTime(nowNs);
    }

    boolean isEjected() {
        return ejectedUntilNs != NEVER;
    }

    private boolean isUp() {
        return checksUp && wishes.isAgentUp();
    }

    private void onVerdict(boolean wasUp, long nowNs) {
        if (wasUp && !isUp()) {
            heldUntilNs = NEVER;
            holdDown.ifPresent(flaps -> flaps.onFall(nowNs));
        } else if (!wasUp && isUp() && holdDown.isPresent()) {
            long untilNs = holdDown.get().heldUntilNs(nowNs);
            heldUntilNs = untilNs > nowNs ? untilNs : NEVER;
        }
    }

    /** The first thing that speaks against an ordinary place in the table. */
    private Optional<Status> cause() {
        if (wishes.isMaintenance()) {
            return Optional.of(Status.MAINTENANCE);
        } else if (!isUp()) {
            return Optional.of(Status.DOWN);
        } else if (wishes.isDrain()) {
            return Optional.of(Status.DRAINING);
        } else if (heldUntilNs != NEVER) {
            return Optional.of(Status.HELD);
        } else if (ejectedUntilNs != NEVER) {
            return Optional.of(Status.EJECTED);
        }
        return switch (breaker) {
            case CLOSED -> Optional.empty();
            case OPEN -> Optional.of(Status.OPEN);
            case HALF_OPEN -> Optional.of(Status.TRIAL);
        };
    }

    private boolean settle(Reason reason, String evidence, long nowNs) {
        Optional<Status> cause = cause();
        if (cause.isPresent()) {
            boolean held = cause.get() == Status.HELD;
            transitionTo(
                    cause.get(),
                    held ? Reason.HOLD_DOWN : reason,
                    held ? holdDown.orElseThrow().evidence() + "; " + evidence : evidence);
        } else if (status == Status.STARTING) {
            if (slowStart.isEmpty() || slowStart.get().isOver(nowNs - startingSinceNs)) {
                transitionTo(Status.UP, Reason.SLOW_START_OVER, evidence);
            }
        } else if (status != Status.UP) {
            startingSinceNs = nowNs;
            transitionTo(cold && slowStart.isPresent() ? Status.STARTING : Status.UP, reason, evidence);
        }
        boolean lost = outage.settle(nowNs);
        return weigh(nowNs) || lost;
    }

    private void transitionTo(Status next, Reason reason, String evidence) {
        if (next != status) {
            Status before = status;
            status = next;
            cold |= before.isEligible() && !next.isEligible();
            listener.onTransition(before, next, reason, evidence);
        }
    }

    private boolean weigh(long nowNs) {
        double ramp = status == Status.STARTING ? slowStart.orElseThrow().share(nowNs - startingSinceNs) : 1;
        weighedNs = nowNs;
        boolean out = wishes.isMaintenance() || wishes.isDrain();
        double full = WEIGHT_UNIT * wishes.weight();
        int whateverHealth = out ? 0 : atLeastOne(full);
        int now = status.isEligible() ? atLeastOne(full * ramp * learntShare) : 0;
        boolean changed = now != weight || whateverHealth != weightWhateverHealth;
        weight = now;
        weightWhateverHealth = whateverHealth;
        return changed;
    }

    private static int atLeastOne(double weight) {
        return Math.max(1, (int) Math.round(weight));
    }
}
