package io.penstock.forwarder.worker;

import io.penstock.metrics.BucketScale;
import io.penstock.metrics.LatencyRecorder;

/**
 * How long what comes up has to wait for a loop, at most: as long as the turn that is under way, and as long as a wait
 * that nothing ended lasts beyond its time, which is when the machine or the JVM let the thread wait. What an event waits
 * while its thread is held up within a wait is not seen: the kernel does not tell when it came.
 *
 * <p>Costs one look at the clock each turn. The loop's own, but for {@link #recorder}.
 */
final class LoopLateness {
    /** 16 us, as short as turns are, to 17 s. */
    static final BucketScale SCALE = BucketScale.ofNanos(1_000, 4, 24);

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NO_TIME = -1;

    private final LatencyRecorder recorder;
    private boolean inTurn;
    private long turnNs;
    private long waitEndNs = NO_TIME;

    LoopLateness(long nowNs) {
        recorder = new LatencyRecorder(SCALE, nowNs);
    }

    LatencyRecorder recorder() {
        return recorder;
    }

    /** The turn is over, and the loop waits for so long; negative for ever. */
    void onWait(long waitNs, long nowNs) {
        if (inTurn) {
            recorder.record(nowNs - turnNs);
        }
        // As epoll waits: whole milliseconds, rounded up.
        waitEndNs = waitNs > 0 ? nowNs + (waitNs + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI * NANOS_PER_MILLI : NO_TIME;
    }

    /** The wait is over, and a turn begins. */
    void onTurn(int events, long nowNs) {
        // Sooner than asked for, it was not the time that ended it.
        if (events == 0 && waitEndNs != NO_TIME && nowNs - waitEndNs >= 0) {
            recorder.record(nowNs - waitEndNs);
        }
        inTurn = true;
        turnNs = nowNs;
    }
}
