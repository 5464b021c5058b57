package io.penstock.bgp.control;

import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.operate.AgentStatus.Link;
import java.time.Duration;
import java.util.Optional;

/** The agent's end, from when it is told to until there is nothing left to do, or no time for it. Of the agent's thread. */
final class Ending {
    /** To withdraw, so many times as long as one call may take, and {@link #LAST_NS}. */
    private static final int LAST_CALLS = 2;

    private static final long LAST_NS = 1_000_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Vips vips;
    private final PathKeeper paths;
    private final DaemonLink link;
    private final long lastNs;
    private Optional<OnStop> how = Optional.empty();
    private long endsAtNs = NEVER;

    /** @param timeout of one call */
    Ending(Vips vips, PathKeeper paths, DaemonLink link, Duration timeout) {
        this.vips = vips;
        this.paths = paths;
        this.link = link;
        lastNs = LAST_CALLS * timeout.toNanos() + LAST_NS;
    }

    /** Told again, what is still announced is withdrawn at once, unless it is to be kept. Returns whether something is to be done now. */
    boolean begin(OnStop wanted, long nowNs) {
        if (isKeeping()) {
            // Who says it twice does not mean the contrary.
            return false;
        }
        OnStop next = how.isPresent() ? OnStop.WITHDRAW : wanted;
        how = Optional.of(next);
        switch (next) {
            case WITHDRAW -> {
                vips.withdraw();
                endsAtNs = nowNs + lastNs;
            }
            case DRAIN -> {
                vips.drain();
                // Longer than its VIP's is only a drain that was ordered before; the end does not wait for that.
                endsAtNs = nowNs + vips.longestDrain().toNanos();
            }
            case KEEP -> {
                paths.announceNoMore();
                endsAtNs = nowNs + lastNs;
            }
        }
        return true;
    }

    /** Whether what is announced stays, for the next run. */
    boolean isKeeping() {
        return how.equals(Optional.of(OnStop.KEEP));
    }

    /** After all drains, what is left of them is withdrawn. */
    boolean isDrained(long nowNs) {
        return how.equals(Optional.of(OnStop.DRAIN)) && (vips.areQuiet() || nowNs >= endsAtNs);
    }

    boolean isOver(long nowNs) {
        if (how.isEmpty()) {
            return false;
        }
        return switch (how.get()) {
            case KEEP -> (paths.isIdle() && paths.owed().isEmpty()) || nowNs >= endsAtNs;
            case WITHDRAW -> paths.proveEmpty() || link.shown() == Link.NOT_STARTED || nowNs >= endsAtNs;
            case DRAIN -> false;
        };
    }

    long deadlineNs() {
        return endsAtNs;
    }

    /** At the end: whether paths were to be withdrawn that may be in the daemon still. Of what was to be kept that is told. */
    boolean leavesPaths() {
        if (isKeeping()) {
            paths.tellOfOwed();
        }
        return how.equals(Optional.of(OnStop.WITHDRAW)) && link.shown() != Link.NOT_STARTED && paths.mayHaveLeft();
    }
}
