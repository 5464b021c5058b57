package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Forwarder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Sockets and the like that a forwarder has open. */
final class KernelObjects {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_MS = 50;

    private KernelObjects() {}

    /** How many there are once there are no more than wanted; or after five seconds, in which connections may end. */
    static int settled(Forwarder forwarder, int wanted) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        int count = forwarder.openKernelObjects();
        while (count > wanted && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(POLL_MS);
            count = forwarder.openKernelObjects();
        }
        return count;
    }
}
