package io.penstock.perf.udp;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A datagram of the load, in place: who sent it, which one it is, and a sum of all that it holds. Octets:
 *
 * <pre>
 *   0  sum of all that follows, and of the length
 *   8  run (4), lane (4)
 *  16  sequence number within the lane
 *  24  filler, which differs from place to place
 * </pre>
 *
 * A flyweight. NOT thread safe.
 */
final class Datagram {
    static final int HEADER_BYTES = 24;

    private static final int SUMMED_FROM = 8;
    private static final int RUN = 8;
    private static final int LANE = 12;
    private static final int SEQUENCE = 16;

    private final UnsafeBuffer octets = new UnsafeBuffer(0, 0);

    /** Fails with a word about sizes that none can have. */
    static void requireSize(int bytes) {
        if (bytes < HEADER_BYTES || bytes > 65_504 || bytes % Long.BYTES != 0) {
            throw new IllegalArgumentException("size must be a multiple of 8 from 24 to 65504 (was " + bytes + ")");
        }
    }

    /** Looks at what begins at {@code address}. */
    Datagram wrap(long address, int length) {
        octets.wrap(address, length);
        return this;
    }

    /** Once for memory that is written again and again. */
    void fill() {
        for (int i = HEADER_BYTES; i < octets.capacity(); i += Long.BYTES) {
            octets.putLong(i, 0x0123_4567_89ab_cdefL * i);
        }
    }

    void write(int run, int lane, long sequence) {
        octets.putInt(RUN, run);
        octets.putInt(LANE, lane);
        octets.putLong(SEQUENCE, sequence);
        octets.putLong(0, sum());
    }

    /** Whether it is one of ours, whole and unchanged, of {@code size} octets. */
    boolean isIntact(int size) {
        return octets.capacity() == size && octets.getLong(0) == sum();
    }

    int run() {
        return octets.getInt(RUN);
    }

    int lane() {
        return octets.getInt(LANE);
    }

    long sequence() {
        return octets.getLong(SEQUENCE);
    }

    /** Of words and of their sums, as Fletcher's checksum: words that have changed places give another one. */
    private long sum() {
        long words = octets.capacity();
        long sums = 0;
        for (int i = SUMMED_FROM; i < octets.capacity(); i += Long.BYTES) {
            words += octets.getLong(i);
            sums += words;
        }
        return words ^ Long.rotateLeft(sums, Integer.SIZE);
    }
}
