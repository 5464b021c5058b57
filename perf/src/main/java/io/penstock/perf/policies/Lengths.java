package io.penstock.perf.policies;

import io.penstock.perf.policies.scenario.Scenario;

/**
 * How long everything takes, in nanoseconds. Warm-ups are under load and not counted.
 *
 * @param settleNs on loopback, until health checks have surely noticed what has changed
 */
record Lengths(
        Scenario scenario,
        long simulatedWarmUpNs,
        long simulatedNs,
        long loopbackWarmUpNs,
        long loopbackNs,
        long settleNs) {
    private static final long MS = 1_000_000;

    /** Minutes in simulated time, which take a second; and 2,400 connections for each policy on loopback. */
    static final Lengths FULL = new Lengths(
            new Scenario(2_000 * MS, 600 * MS), 60_000 * MS, 200_000 * MS, 2_000 * MS, 6_000 * MS, 800 * MS);

    static final Lengths QUICK =
            new Lengths(new Scenario(1_000 * MS, 400 * MS), 60_000 * MS, 60_000 * MS, 500 * MS, 1_500 * MS, 400 * MS);
}
