package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.testing.NetworkNamespace;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Longer than {@link NetworkNamespace#await} does: processes are started, and the machine may be busy with other tests. */
final class Waiting {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Waiting() {}

    /** Fails the test, with what is to be shown then, when it does not come true. */
    static void until(Supplier<String> what, NetworkNamespace.Condition condition) throws Exception {
        until(LIMIT, what, condition);
    }

    /** The same within another time. */
    static void until(Duration limit, Supplier<String> what, NetworkNamespace.Condition condition) throws Exception {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNs > 0) {
                fail("never: " + what.get());
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
