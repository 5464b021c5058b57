package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow log of a process: a queue for each worker, and the thread that writes, {@code fwd-flows}, from when there is
 * something to write for the first time. Safe from any thread but the workers', which have their observers.
 */
public final class FlowLog {
    private static final Logger LOG = LoggerFactory.getLogger(FlowLog.class);

    private static final String THREAD = "fwd-flows";

    /** More than a flush may take: one that blocks, on a pipe that nobody reads, is left behind. */
    private static final long CLOSE_MS = 2 * FlowLogWriter.FLUSH_NS / 1_000_000;

    private final List<FlowQueue> queues = new ArrayList<>();
    private final FlowLogCounts counts = new FlowLogCounts(queues);
    private final FlowSinks sinks;
    private FlowLogWriter writer;
    private Thread thread;
    private Optional<FlowLogConfig> applied = Optional.empty();

    /** Of so many workers; writes nothing yet. */
    public FlowLog(int workers, Syscalls syscalls) {
        this(workers, FlowQueue.CAPACITY, new FlowSinks(syscalls));
    }

    FlowLog(int workers, int capacity, FlowSinks sinks) {
        this.sinks = sinks;
        for (int i = 0; i < workers; i++) {
            queues.add(new FlowQueue(i, capacity));
        }
    }

    /** What the worker with this number is to tell. */
    public FlowObserver observer(int worker) {
        return queues.get(worker);
    }

    public FlowLogCounts counts() {
        return counts;
    }

    /**
     * Writes what this says from now on, or nothing. The first time it says something, that holds for all that ends after this
     * returns; later it follows soon. What cannot be written to is logged, and tried again.
     */
    public synchronized void apply(Optional<FlowLogConfig> config) {
        if (config.equals(applied)) {
            return;
        }
        applied = config;
        if (writer != null) {
            writer.want(config);
            return;
        }
        writer = new FlowLogWriter(queues, counts, sinks);
        writer.begin(config.orElseThrow());
        thread = new Thread(writer, THREAD);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(this::onBug);
        thread.start();
    }

    /** Traffic is worth more than what is written of it. */
    private void onBug(Thread dead, Throwable bug) {
        queues.forEach(queue -> queue.sample(Sampling.NONE));
        LOG.error("event=bug thread={} effect=\"flows are not logged until the restart\"", dead.getName(), bug);
    }

    /** Lets go of a file that may have been moved away, and begins a new one. */
    public synchronized void reopen() {
        if (writer != null) {
            writer.reopen();
        }
    }

    /** Writes what has come so far, when the workers have ended; waits for that, but not for long. */
    public synchronized void close() throws InterruptedException {
        if (writer == null) {
            return;
        }
        writer.close();
        thread.join(CLOSE_MS);
        if (thread.isAlive()) {
            LOG.warn("event=flow-log-not-flushed effect=\"lines are lost\"");
        }
    }
}
