package io.penstock.bgp.policy;

import io.penstock.bgp.config.HoldDownConfig;
import java.util.Optional;

/**
 * Keeps a prefix that flaps withdrawn for longer each time, before neighbours dampen it (RFC 2439) for much longer. The first loss after a
 * stable time costs nothing. NOT thread safe.
 */
final class HoldDown {
    private static final int MAX_SHIFT = Long.SIZE - 2;

    private Optional<HoldDownConfig> config;

    /** In a row. */
    private long losses;

    private long lostNs;
    private long announcedNs;

    HoldDown(Optional<HoldDownConfig> config) {
        this.config = config;
    }

    /** Of what was lost before as well. */
    void reconfigure(Optional<HoldDownConfig> next) {
        config = next;
    }

    /** It was not announced, and is now. */
    void announced(long nowNs) {
        announcedNs = nowNs;
    }

    /** It was announced, and is not any more, for a good reason. */
    void left(long nowNs) {
        boolean stable =
                config.isEmpty() || nowNs - announcedNs >= config.get().stable().toNanos();
        if (stable) {
            forgive();
        }
    }

    /** It was announced, and cannot be any more. */
    void lost(long nowNs) {
        left(nowNs);
        losses++;
        lostNs = nowNs;
    }

    /** It counts from the beginning. */
    void forgive() {
        losses = 0;
    }

    long losses() {
        return losses;
    }

    boolean isHeld(long nowNs) {
        return losses > 1 && nowNs < untilNs();
    }

    /** Meaningful after the second loss. */
    long untilNs() {
        return lostNs + config.map(this::heldNs).orElse(0L);
    }

    private long heldNs(HoldDownConfig held) {
        int doublings = (int) Math.min(losses - 2, MAX_SHIFT);
        long maxNs = held.max().toNanos();
        long initialNs = held.initial().toNanos();
        return initialNs > maxNs >> doublings ? maxNs : initialNs << doublings;
    }
}
