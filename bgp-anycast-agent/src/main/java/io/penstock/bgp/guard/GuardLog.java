package io.penstock.bgp.guard;

import io.penstock.bgp.guard.Clearance.Ending;
import io.penstock.bgp.guard.Clearance.Result;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a guard says to people, on a thread of its own, {@code guard-log}: standard error may be a pipe that nobody empties any more, the very
 * thing that has frozen the agent, and a withdrawal is not to wait for that. What finds no room is lost. Safe from any thread.
 */
final class GuardLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuardLog.class);

    /** A guard says a line when something changes. */
    private static final int LINES = 64;

    private static final long END_LIMIT_MS = 500;

    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(LINES),
            GuardLog::newThread,
            new ThreadPoolExecutor.DiscardPolicy());

    private static Thread newThread(Runnable writing) {
        Thread thread = new Thread(writing, "guard-log");
        thread.setDaemon(true);
        return thread;
    }

    /** @param line writes it, to whoever's logger */
    void say(Runnable line) {
        writer.execute(line);
    }

    /** What came of a {@link Clearance}. */
    void report(Result result, long tookNs) {
        long tookMs = TimeUnit.NANOSECONDS.toMillis(tookNs);
        say(() -> {
            if (result.ending() == Ending.GIVEN_UP) {
                LOG.error(
                        "event=guard-gave-up withdrawn={} after={}ms cause=\"{}\"",
                        result.withdrawn(),
                        tookMs,
                        result.trouble());
            } else if (result.ending() == Ending.CALLED_OFF) {
                LOG.info("event=guard-called-off withdrawn={} cause=\"an agent turns\"", result.withdrawn());
            } else {
                LOG.info("event=guard-withdrew withdrawn={} took={}ms", result.withdrawn(), tookMs);
            }
        });
    }

    /** Waits for what is said to be written, but not long. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            boolean unused = writer.awaitTermination(END_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
