package io.penstock.vrrp.track;

import io.penstock.vrrp.config.TrackConfig;
import java.time.Duration;

/**
 * How long a track's watch may say nothing.
 *
 * @param riseNs in which it sees, at the latest, that what was down is up
 * @param fallNs in which it sees, at the latest, that what was up is down
 */
record Patience(long riseNs, long fallNs) {
    static Patience with(TrackConfig track) {
        if (track instanceof TrackConfig.Forwarder asked) {
            return of(asked.question().timeToRise(), asked.question().timeToFall());
        }
        return track instanceof TrackConfig.Checks own
                ? of(own.plan().timeToRise(), own.plan().timeToFall())
                : of(Duration.ZERO, Duration.ZERO);
    }

    private static Patience of(Duration rise, Duration fall) {
        return new Patience(rise.toNanos(), fall.toNanos());
    }

    /** Whichever it is going to be. */
    long firstWordNs() {
        return Math.max(riseNs, fallNs);
    }
}
