package io.penstock.process;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT as something to wait for. A JVM left to itself exits with 143 on SIGTERM and ignores a second one;
 * a service that was asked to stop and did so exits with 0, and one that is asked again stops at once. Safe from any
 * thread.
 */
public final class StopSignals {
    private final Semaphore received = new Semaphore(0);

    /** Takes over both signals of this process, for good. */
    public static StopSignals install() {
        StopSignals signals = new StopSignals();
        Signals.handle("TERM", signals.received::release);
        Signals.handle("INT", signals.received::release);
        return signals;
    }

    private StopSignals() {}

    /** As if one more signal had come. */
    public void raise() {
        received.release();
    }

    /** Until one more signal has come. */
    public void await() throws InterruptedException {
        received.acquire();
    }

    /** Whether one more signal came within the time. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return received.tryAcquire(timeout, unit);
    }
}
