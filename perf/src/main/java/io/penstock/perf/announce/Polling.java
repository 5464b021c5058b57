package io.penstock.perf.announce;

import java.io.IOException;
import java.time.Duration;

/** Asks a program again and again for a number, until it is the one that is waited for. */
final class Polling {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double NANOS_PER_MILLI = 1e6;

    private Polling() {}

    interface Count {
        int now() throws IOException, InterruptedException;
    }

    /** Returns how long after a time the question began that had the answer, in milliseconds. */
    static double millisUntil(String what, long sinceNs, int wanted, Count count)
            throws IOException, InterruptedException {
        while (true) {
            long askedNs = System.nanoTime();
            int is = count.now();
            if (is == wanted) {
                return (askedNs - sinceNs) / NANOS_PER_MILLI;
            }
            if (askedNs - sinceNs > LIMIT.toNanos()) {
                throw new IOException(what + ": " + is + " after " + LIMIT.toSeconds() + " s, not " + wanted);
            }
            Thread.sleep(5);
        }
    }
}
