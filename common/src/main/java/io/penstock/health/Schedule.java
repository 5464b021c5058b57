package io.penstock.health;

import java.time.Duration;

/**
 * When a target is probed.
 *
 * @param interval between the starts of two probes
 * @param fastInterval the same while the state is in doubt: a result that speaks against it has come, but not yet enough
 *     of them in a row; at most {@code interval}
 * @param timeout until a probe counts as failed
 * @param jitter each interval is longer or shorter by up to this share of itself, so that many targets spread: 0 to 0.5
 * @param initial the state before the first results
 */
public record Schedule(Duration interval, Duration fastInterval, Duration timeout, double jitter, Initial initial) {
    public static final double DEFAULT_JITTER = 0.1;
    public static final double MAX_JITTER = 0.5;

    /** The state of a target that was never probed, and how it changes first (HAProxy's init-state). */
    public enum Initial {
        /** Up; the first result alone decides. */
        UP,
        /** Down; the first result alone decides. */
        DOWN,
        /** Up; it takes {@code fall} failures in a row to go down. */
        FULLY_UP,
        /** Down; it takes {@code rise} successes in a row to come up. */
        FULLY_DOWN;

        public boolean isUp() {
            return this == UP || this == FULLY_UP;
        }

        boolean isDecidedByFirstResult() {
            return this == UP || this == DOWN;
        }
    }

    public Schedule {
        if (!isPositive(interval) || !isPositive(fastInterval) || !isPositive(timeout)) {
            throw new IllegalArgumentException("intervals and the timeout must be longer than 0");
        }
        if (!(jitter >= 0 && jitter <= MAX_JITTER)) {
            throw new IllegalArgumentException("jitter must be 0 to 0.5 (was " + jitter + ")");
        }
    }

    /** From the start of a probe to the result of the next, at most: the jitter of an interval is less than another one. */
    Duration longestRound() {
        return interval.multipliedBy(2).plus(timeout);
    }

    /** So many probes that follow each other because of what they find, and the wait before the first of them. */
    Duration longestRow(int results) {
        return longest(interval).plus(longest(fastInterval).multipliedBy(results - 1L));
    }

    /** As late as its jitter allows, and as long as its timeout. */
    private Duration longest(Duration between) {
        return between.plus(timeout).plusNanos((long) (between.toNanos() * jitter));
    }

    Schedule beginning(Initial other) {
        return new Schedule(interval, fastInterval, timeout, jitter, other);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }
}
