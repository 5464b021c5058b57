package io.penstock.bgp.control;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Ends the wait of one thread, from any. A ring that nobody waits for ends the next wait. */
final class Bell {
    private final AtomicBoolean rung = new AtomicBoolean();
    private volatile Thread waiting;

    void ring() {
        if (!rung.getAndSet(true)) {
            LockSupport.unpark(waiting);
        }
    }

    /** Of the one thread. May return early for no reason. */
    void await(long longestNs) {
        waiting = Thread.currentThread();
        if (longestNs > 0 && !rung.get()) {
            LockSupport.parkNanos(this, longestNs);
        }
        rung.set(false);
    }
}
