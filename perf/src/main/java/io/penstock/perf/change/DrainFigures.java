package io.penstock.perf.change;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What the ends of connections say of the pace and the order in which they were closed.
 *
 * @param perSecond between the first and the last tenth: connections that ended there, by the time it took
 * @param rankCorrelation Spearman's, between the order of opening and the order of ending: 1 when the oldest went first
 *     throughout, -1 when the youngest did
 * @param displacementMax the most places by which a connection ended earlier or later than its age says
 */
record DrainFigures(int count, double perSecond, double rankCorrelation, int displacementMax) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Fewer have no middle. */
    private static final int COUNT_MIN = 10;

    /**
     * Of at least ten connections.
     *
     * @param openedNs when each was opened, all different
     * @param endedNs when it ended, ascending
     */
    static DrainFigures of(long[] openedNs, long[] endedNs) {
        int count = endedNs.length;
        if (count < COUNT_MIN || openedNs.length != count) {
            throw new IllegalArgumentException("at least ten ends, with an opening each (was " + count + ")");
        }
        int from = count / 10;
        int to = count - 1 - count / 10;
        double perSecond = (to - from) * NANOS_PER_SECOND / (endedNs[to] - endedNs[from]);
        int[] byAge = byAge(openedNs);
        double squares = 0;
        int displacementMax = 0;
        for (int i = 0; i < count; i++) {
            // The connection that is the ith oldest ended as the byAge[i]th.
            int displacement = Math.abs(byAge[i] - i);
            squares += (double) displacement * displacement;
            displacementMax = Math.max(displacementMax, displacement);
        }
        double n = count;
        return new DrainFigures(count, perSecond, 1 - 6 * squares / (n * (n * n - 1)), displacementMax);
    }

    /** Places in the order of ending, oldest connection first. */
    private static int[] byAge(long[] openedNs) {
        Integer[] places = IntStream.range(0, openedNs.length).boxed().toArray(Integer[]::new);
        Arrays.sort(places, (one, other) -> Long.compare(openedNs[one], openedNs[other]));
        return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
    }
}
