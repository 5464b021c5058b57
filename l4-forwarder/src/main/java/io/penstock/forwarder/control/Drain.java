package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One drain: looks for its connections, ends the oldest of them as they fall due, and looks again when none is left or
 * some time has passed, until there are none or the deadline has come. Waits for one answer at a time, so nothing is
 * found while it is being reset. Knows no clock, thread or worker: {@link Drains} has them.
 *
 * <pre>
 *   RUNNING ──none left──▶ DONE
 *      ├──────deadline───▶ DEADLINE   (what is left is reset, or stays, as planned)
 *      └──────cancel─────▶ CANCELLED
 * </pre>
 */
final class Drain {
    enum State {
        RUNNING,
        DONE,
        DEADLINE,
        CANCELLED
    }

    /** An open connection. */
    record Candidate(int worker, long token, long openedNs) {}

    /** What it acts on; both calls return at once, and are answered on the thread that called. */
    interface Connections {
        /** Answered by {@link Drain#onFound}. */
        void find(Drain asking);

        /** Answered by {@link Drain#onReset}. */
        void reset(Drain asking, List<Candidate> candidates);

        /** Whether none that belongs to it can come after none was found. */
        boolean isFinal();
    }

    /** How often connections that end by themselves are noticed, and others that appear. */
    private static final long LOOK_AGAIN_NS = 10_000_000_000L;

    /** The same when waiting for that is all there is to do. */
    private static final long WATCH_NS = 1_000_000_000;

    /** The same while the last may still be on their way. */
    private static final long RECHECK_NS = 100_000_000;

    private final DrainTarget target;
    private final DrainPlan plan;
    private final Connections connections;
    private final Instant startedAt;
    private final long deadlineNs;
    private final DrainPace pace;

    private State state = State.RUNNING;
    private boolean awaitsAnswer;
    /** The deadline has come, and what is found now is the last. */
    private boolean sweeping;

    private boolean begun;
    private long lookNs;
    private Deque<Candidate> left = new ArrayDeque<>();
    private int beingReset;
    private int atStart;
    private int closed;
    private int ended;

    Drain(
            DrainTarget target,
            DrainPlan plan,
            Connections connections,
            Instant startedAt,
            long nowNs,
            RandomGenerator random) {
        this.target = target;
        this.plan = plan;
        this.connections = connections;
        this.startedAt = startedAt;
        deadlineNs = plan.deadline().map(time -> nowNs + time.toNanos()).orElse(MemberState.NEVER);
        lookNs = nowNs;
        pace = new DrainPace(plan.ratePerSecond(), plan.jitterPercent(), random);
    }

    DrainTarget target() {
        return target;
    }

    DrainPlan plan() {
        return plan;
    }

    /** Whether it is known how many there are. */
    boolean hasBegun() {
        return begun;
    }

    boolean isOver() {
        return state != State.RUNNING;
    }

    /** Does what is due; when it wants to be called again, at the latest. Early calls do nothing. */
    long onTime(long nowNs) {
        if (isOver() || awaitsAnswer) {
            return MemberState.NEVER;
        }
        if (nowNs >= deadlineNs) {
            if (!plan.closeRest()) {
                state = State.DEADLINE;
                return MemberState.NEVER;
            }
            sweeping = true;
        }
        if (sweeping || nowNs >= lookNs) {
            awaitsAnswer = true;
            connections.find(this);
            return MemberState.NEVER;
        }
        int due = pace.take(left.size(), nowNs);
        if (due > 0) {
            reset(due);
            return MemberState.NEVER;
        }
        return Math.min(deadlineNs, Math.min(lookNs, left.isEmpty() ? MemberState.NEVER : pace.dueNs()));
    }

    private void reset(int count) {
        List<Candidate> oldest = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            oldest.add(left.remove());
        }
        beingReset = count;
        awaitsAnswer = true;
        connections.reset(this, oldest);
    }

    /** All that are open now, in any order. */
    void onFound(List<Candidate> found, long nowNs) {
        awaitsAnswer = false;
        if (isOver()) {
            return;
        }
        boolean hadNone = left.isEmpty();
        atStart = begun ? atStart : found.size();
        begun = true;
        ended += missing(found);
        left = found.stream()
                .sorted(Comparator.comparingLong(Candidate::openedNs))
                .collect(Collectors.toCollection(ArrayDeque::new));
        lookNs = nowNs + (plan.ratePerSecond() == 0 ? WATCH_NS : LOOK_AGAIN_NS);
        if (left.isEmpty()) {
            onNoneFound(nowNs);
        } else if (sweeping) {
            reset(left.size());
        } else if (hadNone) {
            pace.resume(nowNs);
        }
    }

    private int missing(List<Candidate> found) {
        Set<Candidate> still = Set.copyOf(found);
        return (int) left.stream().filter(one -> !still.contains(one)).count();
    }

    private void onNoneFound(long nowNs) {
        if (sweeping) {
            state = State.DEADLINE;
        } else if (connections.isFinal()) {
            state = State.DONE;
        } else {
            lookNs = nowNs + RECHECK_NS;
        }
    }

    /** @param count of those that were to be reset, how many had not ended by themselves */
    void onReset(int count, long nowNs) {
        awaitsAnswer = false;
        closed += count;
        ended += beingReset - count;
        pace.giveBack(beingReset - count);
        beingReset = 0;
        if (left.isEmpty()) {
            lookNs = nowNs;
        }
        if (sweeping && !isOver()) {
            state = State.DEADLINE;
        }
    }

    /** What is left stays. */
    void cancel() {
        if (!isOver()) {
            state = State.CANCELLED;
        }
    }

    /** As of the last look, but for those that it has reset since. */
    DrainStatus status(long nowNs) {
        Duration oldest = left.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, nowNs - left.element().openedNs()));
        return new DrainStatus(
                target.toString(),
                state.name().toLowerCase(Locale.ROOT),
                startedAt,
                plan,
                atStart,
                closed,
                ended,
                left.size() + beingReset,
                oldest);
    }
}
