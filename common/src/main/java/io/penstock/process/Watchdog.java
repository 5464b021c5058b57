package io.penstock.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the process works for as long as every thread that matters gets on with its work: each is asked for a sign of
 * life, and only when all have given theirs is the service manager told, and are they asked again. On a thread of its own.
 */
public final class Watchdog implements AutoCloseable {
    /** A thread as the watchdog sees it. */
    public interface Watched {
        String name();

        /** Has it give a sign of life soon, even if it has nothing to do. */
        void ask();

        /** Changes with every sign of life; any thread may look. */
        long signs();

        /** Whether it has ended as it should: no signs are expected of it. */
        boolean hasEnded();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** Of the manager's limit: a thread may be late by three of them before the process is ended. */
    private static final int TURNS_PER_LIMIT = 4;

    private final List<Watched> watched;
    private final Runnable alive;
    private final long[] seen;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private List<String> late = List.of();

    /** Its thread is not started. */
    Watchdog(Duration limit, List<Watched> watched, Runnable alive, String name) {
        this.watched = List.copyOf(watched);
        this.alive = alive;
        seen = new long[watched.size()];
        long intervalNs = Math.max(1, limit.toNanos() / TURNS_PER_LIMIT);
        thread = BugHandler.thread(() -> run(intervalNs), name);
        ask();
    }

    /**
     * Begins at once.
     *
     * @param limit after which the manager ends a silent process
     * @param alive says so to the manager
     * @param name of the thread, at most 15 characters
     */
    public static Watchdog start(Duration limit, List<Watched> watched, Runnable alive, String name) {
        Watchdog watchdog = new Watchdog(limit, watched, alive, name);
        watchdog.thread.start();
        return watchdog;
    }

    private void run(long intervalNs) {
        alive.run();
        try {
            while (!closing.await(intervalNs, TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One turn. */
    void look() {
        List<String> silent = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            Watched one = watched.get(i);
            if (one.signs() == seen[i] && !one.hasEnded()) {
                silent.add(one.name());
            }
        }
        if (!silent.equals(late)) {
            late = silent;
            if (silent.isEmpty()) {
                LOG.info("event=threads-turn");
            } else {
                LOG.error("event=threads-late threads={} effect=\"the service manager is not told\"", silent);
            }
        }
        if (silent.isEmpty()) {
            alive.run();
            ask();
        }
    }

    private void ask() {
        for (int i = 0; i < seen.length; i++) {
            seen[i] = watched.get(i).signs();
            watched.get(i).ask();
        }
    }

    /** Nothing that was watched is touched any more when this returns. */
    @Override
    public void close() {
        closing.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
