package io.penstock.perf.load;

import java.util.concurrent.locks.LockSupport;

/** What a measurement must notice: a thread that does nothing for a while. */
final class Stall {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Stall() {}

    /** At least so long. */
    static void ofMillis(int millis) {
        long untilNs = System.nanoTime() + millis * NANOS_PER_MILLI;
        for (long left = untilNs - System.nanoTime(); left > 0; left = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
