package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.control.Transition.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Keeps connections away from a member to which too many fail or are slow (Nygard, Release It!, 2007).
 *
 * <pre>
 *   CLOSED ── too many of a window ──► OPEN ── open time ──► HALF_OPEN ── every trial succeeds ──► CLOSED
 *                                       ▲                        │
 *                                       └── a trial fails or is slow: twice as long, up to 8 times
 * </pre>
 *
 * Goes by what the sums of the member's load grow by. Pure, but that it has the load let trials through.
 */
final class CircuitBreaker {
    enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** The next state, and why. */
    record Change(State state, Reason reason, String evidence) {}

    /** The start of a window is known to a tenth of it. */
    static final int LOOKS_PER_WINDOW = 10;

    /** How often rates are looked at. */
    static final long LOOK_NS = 100_000_000;

    /** The longest time open, in times the configured one. */
    static final int MAX_GROWTH = 8;

    private record Look(long atNs, LoadSums sums) {}

    private final PoolConfig.CircuitBreaker config;
    private final BackendLoad load;
    private final long windowNs;
    private final long openNs;

    /** Of the window, the oldest first. */
    private final Deque<Look> looks = new ArrayDeque<>();

    private State state = State.CLOSED;
    private int growth = 1;
    private long deadlineNs;
    private long openedNs;

    /** When trials were last let through. */
    private Look granted;

    private long allConnectedNs;

    CircuitBreaker(PoolConfig.CircuitBreaker config, BackendLoad load, long nowNs) {
        this.config = config;
        this.load = load;
        windowNs = config.window().toNanos();
        openNs = config.openTime().toNanos();
        load.slowFrom(config.slowFrom().toNanos());
        granted = look(nowNs);
        looks.addLast(granted);
        deadlineNs = nowNs + LOOK_NS;
    }

    State state() {
        return state;
    }

    /** When {@link #onTime} is due; it may be called earlier. */
    long deadlineNs() {
        return deadlineNs;
    }

    Optional<Change> onTime(long nowNs) {
        if (state == State.OPEN) {
            return nowNs < deadlineNs ? Optional.empty() : onOpenTimeOver(nowNs);
        }
        deadlineNs = nowNs + LOOK_NS;
        return state == State.CLOSED ? onRates(nowNs) : onTrials(nowNs);
    }

    /** Connects begun before are no trials: they are waited for, at most once more the open time. */
    private Optional<Change> onOpenTimeOver(long nowNs) {
        if (load.pending() > 0 && nowNs < openedNs + 2 * (growth * openNs)) {
            deadlineNs = nowNs + LOOK_NS;
            return Optional.empty();
        }
        return Optional.of(halfOpen(nowNs));
    }

    private Optional<Change> onRates(long nowNs) {
        Look now = look(nowNs);
        while (looks.size() > 1 && second(looks).atNs <= nowNs - windowNs) {
            looks.removeFirst();
        }
        LoadSums grown = now.sums.since(looks.getFirst().sums);
        if (nowNs - looks.getLast().atNs >= windowNs / LOOKS_PER_WINDOW) {
            looks.addLast(now);
        }
        if (isReached(config.failurePercent(), grown.failurePercent(config.minConnections()))) {
            String evidence = grown.failures() + " of " + grown.attempts() + " connections failed within " + window();
            return Optional.of(open(Reason.FAILURE_RATE, evidence, nowNs));
        }
        int slowPercent = grown.slowPercent(config.minConnections());
        if (isReached(config.slowPercent(), slowPercent)) {
            String evidence =
                    slowPercent + " % took " + config.slowFrom().toMillis() + " ms or more within " + window();
            return Optional.of(open(Reason.SLOW_RATE, evidence, nowNs));
        }
        return Optional.empty();
    }

    private Optional<Change> onTrials(long nowNs) {
        LoadSums grown = look(nowNs).sums.since(granted.sums);
        boolean slow = config.slowPercent() > 0 && grown.slowConnects() + grown.slowFirstBytes() > 0;
        if (grown.failures() > 0 || slow) {
            growth = Math.min(2 * growth, MAX_GROWTH);
            return Optional.of(open(Reason.TRIAL_FAILED, slow ? "a trial was slow" : "a trial failed", nowNs));
        }
        if (grown.connects() < config.trials()) {
            // A trial whose client went away is the next client's.
            allConnectedNs = nowNs;
            return Optional.empty();
        }
        // A server that resets what it has accepted does so later than the connect; one may also wait for its client.
        boolean waited = nowNs - allConnectedNs >= config.slowFrom().toNanos();
        return grown.firstBytes() >= config.trials() || waited ? Optional.of(close(nowNs)) : Optional.empty();
    }

    private Change open(Reason reason, String evidence, long nowNs) {
        state = State.OPEN;
        load.endTrial();
        openedNs = nowNs;
        deadlineNs = nowNs + growth * openNs;
        return new Change(state, reason, evidence);
    }

    private Change halfOpen(long nowNs) {
        state = State.HALF_OPEN;
        deadlineNs = nowNs + LOOK_NS;
        granted = look(nowNs);
        allConnectedNs = nowNs;
        load.beginTrial(config.trials());
        String evidence = "open for " + Duration.ofNanos(growth * openNs).toMillis() + " ms";
        return new Change(state, Reason.OPEN_TIME_OVER, evidence);
    }

    private Change close(long nowNs) {
        state = State.CLOSED;
        growth = 1;
        load.endTrial();
        looks.clear();
        looks.addLast(look(nowNs));
        return new Change(state, Reason.TRIAL_PASSED, config.trials() + " trials succeeded");
    }

    private Look look(long nowNs) {
        return new Look(nowNs, LoadSums.of(load));
    }

    private String window() {
        return Duration.ofNanos(windowNs).toMillis() + " ms";
    }

    private static Look second(Deque<Look> looks) {
        var all = looks.iterator();
        all.next();
        return all.next();
    }

    private static boolean isReached(int threshold, int percent) {
        return threshold > 0 && percent >= threshold;
    }
}
