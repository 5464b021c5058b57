package io.penstock.perf.rig;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All that this process has started, and what those have started. */
public final class ChildProcesses {
    private static final long TERM_TIMEOUT_MS = 3_000;

    private ChildProcesses() {}

    /** Asks all of them to end, and ends by force who does not. For a shutdown hook. */
    public static void endAll() {
        List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
        all.forEach(ProcessHandle::destroy);
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TERM_TIMEOUT_MS);
        for (ProcessHandle child : all) {
            try {
                child.onExit().get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException | InterruptedException stubborn) {
                child.destroyForcibly();
            }
        }
    }
}
