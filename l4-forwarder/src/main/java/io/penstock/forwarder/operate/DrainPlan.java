package io.penstock.forwarder.operate;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections are brought to an end.
 *
 * @param ratePerSecond connections that are closed; 0 to wait for them to end by themselves
 * @param jitterPercent by which the time between two closes varies, 0 to 100
 * @param deadline from the beginning; empty to go on until none is left
 * @param closeRest whether what is left at the deadline is reset at once, or stays
 */
public record DrainPlan(double ratePerSecond, int jitterPercent, Optional<Duration> deadline, boolean closeRest) {
    public static final int DEFAULT_JITTER_PERCENT = 20;
}
