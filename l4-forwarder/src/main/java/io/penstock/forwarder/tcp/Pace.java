package io.penstock.forwarder.tcp;

/**
 * How much a direction reads at a time, and whether it is worth a pipe. Bytes are copied until reads prove bulky; then
 * they are spliced until they prove small again, or the sink takes so little at a time that a pipe only holds them up.
 */
final class Pace {
    /** The first read, and each after the sink was found full: bounds what a slow sink can strand. */
    static final int MIN_READ_BYTES = RemainderPool.SMALL_BYTES;

    /** A read of less ends a streak: up to here, copying is cheaper than the two calls of a splice. */
    static final int BULKY_READ_BYTES = 16 << 10;

    /** Bytes read in a streak of bulky reads before a direction is spliced. */
    static final int BULKY_STREAK_BYTES = 256 << 10;

    /** A sink that takes less between two times that it is full is better served by copying. */
    private static final int MIN_DRAINED_BYTES = 64 << 10;

    /** A splice that brought less was not worth it ... */
    private static final int CALM_SPLICE_BYTES = 8 << 10;

    /** ... and so many in a row end splicing. One or two are the tail of a message. */
    private static final int CALM_SPLICES = 4;

    private int limitBytes;
    private int streakBytes;
    private int calmSplices;
    /** Taken by the sink since it was last full, as far as it matters. */
    private long drainedBytes;

    private boolean bulky;

    void reset() {
        bulky = false;
        limitBytes = MIN_READ_BYTES;
        streakBytes = 0;
        calmSplices = 0;
    }

    /** Whether to splice. */
    boolean isBulky() {
        return bulky;
    }

    /** How much to copy next. */
    int limitBytes() {
        return limitBytes;
    }

    /** A copy whose bytes the sink took all; says nothing of a direction that only copies for want of a pipe. */
    void onCopied(int bytes) {
        if (bulky) {
            return;
        }
        if (bytes == limitBytes) {
            limitBytes = Math.min(limitBytes << 1, TcpForwarder.COPY_BUFFER_BYTES);
        }
        streakBytes = bytes < BULKY_READ_BYTES ? 0 : Math.min(streakBytes + bytes, BULKY_STREAK_BYTES);
        if (streakBytes == BULKY_STREAK_BYTES) {
            bulky = true;
            calmSplices = 0;
            drainedBytes = streakBytes;
        }
    }

    /** A splice that brought so much into an empty pipe. */
    void onFilled(int bytes) {
        calmSplices = bytes < CALM_SPLICE_BYTES ? calmSplices + 1 : 0;
        if (calmSplices == CALM_SPLICES) {
            reset();
        }
    }

    /** So much of a pipe was taken by the sink. */
    void onDrained(int bytes) {
        drainedBytes += bytes;
    }

    /** The sink takes no more for now. */
    void onSinkFull() {
        if (!bulky || drainedBytes < MIN_DRAINED_BYTES) {
            reset();
        }
        drainedBytes = 0;
    }
}
