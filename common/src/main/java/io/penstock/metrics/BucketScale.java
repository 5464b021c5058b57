package io.penstock.metrics;

/**
 * Bounds of a histogram: powers of two of a unit, so that finding a value's bucket takes no search, and that they are
 * bounds of HdrHistogram's own buckets too. A bound is inclusive, as Prometheus' {@code le} is.
 *
 * @param unit in what is recorded, 1 to 2^30; a coarser one needs less memory in a {@link LatencyRecorder}
 * @param perBase how much of what is recorded is one of the unit in metrics: 1e9 of nanoseconds, for seconds
 * @param lowestExponent the first bound is 2 to this many units
 * @param highestExponent the last bound but infinity; at most 62, and 30 for a {@link LatencyRecorder}
 * @param step from the exponent of a bound to that of the next; whole steps lead from the lowest to the highest
 */
public record BucketScale(long unit, double perBase, int lowestExponent, int highestExponent, int step) {
    private static final double NANOS_PER_SECOND = 1e9;

    public BucketScale {
        if (unit < 1
                || unit > 1L << 30
                || !(perBase > 0)
                || lowestExponent < 0
                || highestExponent < lowestExponent
                || highestExponent > 62
                || step < 1
                || (highestExponent - lowestExponent) % step != 0) {
            throw new IllegalArgumentException(
                    "no scale: " + unit + " x 2^" + lowestExponent + ".." + highestExponent + " by " + step);
        }
    }

    /** Of durations in nanoseconds, which are seconds in metrics; each bound twice the one before. */
    public static BucketScale ofNanos(long unitNs, int lowestExponent, int highestExponent) {
        return ofNanos(unitNs, lowestExponent, highestExponent, 1);
    }

    /** The same with other steps: 2 for bounds of four times the one before. */
    public static BucketScale ofNanos(long unitNs, int lowestExponent, int highestExponent, int step) {
        return new BucketScale(unitNs, NANOS_PER_SECOND, lowestExponent, highestExponent, step);
    }

    /** How many buckets: one for each bound, and one for what is above the last. */
    public int size() {
        return (highestExponent - lowestExponent) / step + 2;
    }

    /** The bucket of a value; what is negative is in the first. */
    int bucketOf(long value) {
        int exponent = Long.SIZE - Long.numberOfLeadingZeros(units(value));
        int above = Math.max(exponent - lowestExponent, 0);
        return Math.min((above + step - 1) / step, size() - 1);
    }

    /** Whole units below a value: 0 for all up to one unit, 1 for what is above one and up to two. */
    long units(long value) {
        return value < 1 ? 0 : (value - 1) / unit;
    }

    /** The upper bound of a bucket in units; not of the last. */
    long boundUnits(int bucket) {
        return 1L << (lowestExponent + bucket * step);
    }

    /** The upper bound of a bucket in the unit of metrics; infinity for the last. */
    public double bound(int bucket) {
        return bucket == size() - 1 ? Double.POSITIVE_INFINITY : (double) unit * boundUnits(bucket) / perBase;
    }
}
