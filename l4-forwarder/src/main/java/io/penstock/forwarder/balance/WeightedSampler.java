package io.penstock.forwarder.balance;

/**
 * Draws backends at random by weight in constant time (Walker's alias method, built as by Vose, IEEE Transactions on Software
 * Engineering 17(9), 1991). A chance is off by less than 2^-31. Immutable; any thread.
 */
final class WeightedSampler {
    /** How often it is drawn again when a backend that is drawn cannot be had. */
    private static final int DRAWS_MAX = 8;

    private static final double WHOLE = 1L << 32;

    /** A column for each backend: below the threshold (high half, unsigned) it is meant itself, above its alias (low half). */
    private final long[] columns;

    WeightedSampler(int[] weights) {
        int count = weights.length;
        columns = new long[count];
        double[] heights = new double[count];
        int[] work = new int[count];
        int low = 0;
        int high = count;
        double sum = Weights.sum(weights);
        for (int i = 0; i < count; i++) {
            heights[i] = weights[i] * count / sum;
            work[heights[i] < 1 ? low++ : --high] = i;
        }
        while (low > 0 && high < count) {
            int poor = work[--low];
            int rich = work[high];
            columns[poor] = column(heights[poor], rich);
            heights[rich] -= 1 - heights[poor];
            if (heights[rich] < 1) {
                high++;
                work[low++] = rich;
            }
        }
        while (low > 0) {
            int full = work[--low];
            columns[full] = column(1, full);
        }
        for (; high < count; high++) {
            columns[work[high]] = column(1, work[high]);
        }
    }

    private static long column(double height, int alias) {
        return (long) Math.min(WHOLE - 1, height * WHOLE) << 32 | alias;
    }

    /** @param random 64 bits: the high half chooses the column, the low half the side of its threshold */
    int backend(long random) {
        int column = (int) (((random >>> 32) * columns.length) >>> 32);
        return (random & 0xffff_ffffL) < columns[column] >>> 32 ? column : (int) columns[column];
    }

    /** One that has room and is not excluded, unless {@link #DRAWS_MAX} draws and the last resort find none. */
    int pick(BackendLoad[] loads, Selection selection) {
        int backend = 0;
        for (int draw = 0; draw < DRAWS_MAX; draw++) {
            backend = backend(selection.nextRandom());
            if (!loads[backend].isFull() && !selection.isExcluded(loads[backend])) {
                return backend;
            }
        }
        return LastResort.pick(loads, backend, selection);
    }

    /** One more such backend, or the same again when no other is drawn. */
    int pickOther(int first, BackendLoad[] loads, Selection selection) {
        for (int draw = 0; draw < DRAWS_MAX; draw++) {
            int backend = backend(selection.nextRandom());
            if (backend != first && !loads[backend].isFull() && !selection.isExcluded(loads[backend])) {
                return backend;
            }
        }
        return first;
    }
}
