package io.penstock.health;

import java.time.Duration;

/**
 * How a target is checked.
 *
 * @param interval between the starts of two probes, plus or minus a tenth so that many targets spread
 * @param timeout until a probe counts as failed, at most the interval
 * @param rise successes in a row that bring a target up, at least 1
 * @param fall failures in a row that take it down, at least 1
 */
public record HealthCheck(Duration interval, Duration timeout, int rise, int fall) {}
