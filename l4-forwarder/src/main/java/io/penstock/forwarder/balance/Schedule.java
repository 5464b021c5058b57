package io.penstock.forwarder.balance;

import java.util.Arrays;

/**
 * The order of turns in a weighted round robin: a backend of weight w has w of them, at equal distances in time, each backend
 * at another phase. With equal weights that is the list as it stands; with 1, 1, 2 it is a c b c.
 *
 * <p>Weights are taken in their lowest terms. When these make a longer schedule than needed, they are scaled so that the
 * lightest has {@link #PRECISE} turns; and when that is longer than {@link #LENGTH_MAX}, down to this.
 */
final class Schedule {
    /** Rounding to whole turns changes a weight by less than 0.8 %. */
    private static final int PRECISE = 64;

    /** Beside this, rounding changes nobody's share of all turns by more than 0.001 %. */
    static final int LENGTH_MAX = 65_536;

    /** A turn is its time, 47 bits, then 16 of the backend, so that it is positive. */
    private static final int BACKEND_BITS = 16;

    private static final int BACKEND_MASK = (1 << BACKEND_BITS) - 1;
    private static final long PERIOD = 1L << (Long.SIZE - 1 - BACKEND_BITS);

    private Schedule() {}

    /** @param weights 1 and up; at least one, at most 65,535 */
    static char[] of(int[] weights) {
        int[] counts = counts(Weights.reduced(weights));
        long[] turns = new long[(int) Weights.sum(counts)];
        int count = 0;
        for (int backend = 0; backend < counts.length; backend++) {
            double phase = (backend + 0.5) / counts.length;
            for (int turn = 0; turn < counts[backend]; turn++) {
                long time = (long) ((turn + phase) / counts[backend] * PERIOD);
                turns[count++] = time << BACKEND_BITS | backend;
            }
        }
        Arrays.sort(turns);
        char[] schedule = new char[turns.length];
        for (int i = 0; i < schedule.length; i++) {
            schedule[i] = (char) (turns[i] & BACKEND_MASK);
        }
        return schedule;
    }

    private static int[] counts(int[] weights) {
        double sum = Weights.sum(weights);
        double longest = Math.max(LENGTH_MAX, 2.0 * weights.length);
        double scale = Math.min(Math.min(1, (double) PRECISE / Weights.least(weights)), longest / sum);
        int[] counts = weights.clone();
        for (int i = 0; i < counts.length && scale < 1; i++) {
            counts[i] = (int) Math.max(1, Math.rint(weights[i] * scale));
        }
        return counts;
    }
}
