package io.penstock.bgp.config;

import java.time.Duration;

/**
 * How long a prefix that flaps stays withdrawn: the first time not at all, then for so long, doubled each time.
 *
 * @param initial after the second loss in a row
 * @param max never longer
 * @param stable after so long announced without a loss it counts from the beginning
 */
public record HoldDownConfig(Duration initial, Duration max, Duration stable) {
    public static final HoldDownConfig DEFAULT =
            new HoldDownConfig(Duration.ofSeconds(10), Duration.ofSeconds(300), Duration.ofMinutes(10));
}
