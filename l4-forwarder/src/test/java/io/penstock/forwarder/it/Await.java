package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what another process or thread does: looks again and again until a deadline. */
public final class Await {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(15);
    private static final long POLL_MS = 5;

    private Await() {}

    public interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        until(what, DEFAULT_LIMIT, condition);
    }

    static void until(String what, Duration limit, Condition condition) throws Exception {
        until(() -> what, limit, condition);
    }

    /**
     * Looks until the condition holds, or fails the test.
     *
     * @param what is asked for only when the wait was in vain, so it can say how things stand then
     */
    public static void until(Supplier<String> what, Duration limit, Condition condition) throws Exception {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                fail("not within " + limit.toMillis() + " ms: " + what.get());
            }
            Thread.sleep(POLL_MS);
        }
    }
}
