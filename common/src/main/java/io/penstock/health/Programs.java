package io.penstock.health;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that wait for the programs of checks, each for one; idle ones end. Safe from any thread. */
final class Programs implements AutoCloseable {
    /** Programs at a time; the others wait for their turn. */
    static final int MAX_AT_A_TIME = 16;

    private static final long KEEP_ALIVE_S = 30;
    private static final long STOP_TIMEOUT_S = 2;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final ThreadPoolExecutor threads;

    Programs(String threadName) {
        // Not bounded, but by the number of checks: each has one program at a time.
        threads = new ThreadPoolExecutor(
                MAX_AT_A_TIME,
                MAX_AT_A_TIME,
                KEEP_ALIVE_S,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(threadName, true));
        threads.allowCoreThreadTimeOut(true);
    }

    Syscalls syscalls() {
        return syscalls;
    }

    ThreadPoolExecutor threads() {
        return threads;
    }

    /** Kills all programs and waits for that. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("programs of checks do not end");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
