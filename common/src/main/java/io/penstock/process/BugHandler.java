package io.penstock.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process, loudly, when a thread dies of a bug: half a process that goes on is worse than a restart by the
 * supervisor. For threads whose work everything else depends on.
 */
public final class BugHandler implements Thread.UncaughtExceptionHandler {
    /** EX_SOFTWARE of sysexits.h. */
    public static final int EXIT_CODE = 70;

    private static final Logger LOG = LoggerFactory.getLogger(BugHandler.class);

    @Override
    public void uncaughtException(Thread thread, Throwable bug) {
        try {
            LOG.error("event=bug thread={} exit={}", thread.getName(), EXIT_CODE, bug);
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** A thread, not started yet, that ends the process when it dies of a bug. */
    public static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler(new BugHandler());
        return thread;
    }
}
