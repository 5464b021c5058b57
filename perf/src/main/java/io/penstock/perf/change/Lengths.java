package io.penstock.perf.change;

/**
 * How much of everything.
 *
 * @param reloads spread evenly over {@code reloadSeconds}
 * @param drainTimeout of both balancers during reloads, as their files have it; shorter than the run, so that what the end
 *     of it does is seen
 * @param drained connections that are drained, at {@link DrainScenario#RATE}
 * @param floodSeconds of quiet and of flood, in each of {@code floodRounds}
 * @param silent connections
 * @param malformed headers, as many of them on connections as {@code malformedSeconds} allow
 */
record Lengths(
        int reloads,
        int reloadSeconds,
        String drainTimeout,
        int handOvers,
        int drained,
        int floodSeconds,
        int floodRounds,
        int silent,
        int malformed,
        int malformedSeconds) {
    static final Lengths FULL = new Lengths(200, 60, "30s", 10, 5_000, 3, 3, 9_000, 1_000_000, 20);
    static final Lengths QUICK = new Lengths(26, 8, "4s", 2, 1_500, 1, 1, 2_000, 100_000, 2);
}
