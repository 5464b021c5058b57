package io.penstock.perf.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two processes a core that do nothing but use it, as important as any other. {@link #close} ends them. */
public final class BusyLoops implements AutoCloseable {
    private static final int PER_CORE = 2;

    private final List<Process> processes = new ArrayList<>();

    private BusyLoops() {}

    /** How many there will be. */
    public static int count() {
        return PER_CORE * Runtime.getRuntime().availableProcessors();
    }

    /**
     * Begins.
     *
     * @param limit after which they end by themselves, whatever becomes of this process
     */
    public static BusyLoops start(Duration limit) throws IOException {
        BusyLoops loops = new BusyLoops();
        try {
            for (int i = 0; i < count(); i++) {
                loops.processes.add(new ProcessBuilder(
                                "timeout", Long.toString(limit.toSeconds()), "sh", "-c", "while :; do :; done")
                        .start());
            }
            return loops;
        } catch (IOException e) {
            loops.close();
            throw e;
        }
    }

    @Override
    public void close() {
        // timeout(1) hands SIGTERM on to what it started; SIGKILL would leave that behind.
        processes.forEach(Process::destroy);
    }

    @Override
    public String toString() {
        return processes.size() + " busy processes";
    }
}
