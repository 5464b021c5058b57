package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.flow.FlowEnd;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Formats what waits in the queues and passes it on, batch by batch. While a batch does not go nothing is taken from the
 * queues, so that they fill, and workers drop. {@link #begin} is called before its thread runs; of the rest other threads call
 * what says so.
 */
final class FlowLogWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowLogWriter.class);

    /** From one look to the next when there was nothing: a tenth of what a queue holds, and few wake-ups of an idle process. */
    private static final long IDLE_NS = 20_000_000;

    /** From a failure to the next try. */
    private static final long RETRY_NS = 1_000_000_000;

    /** As long a stop, or a change of the target, waits for what does not go. */
    static final long FLUSH_NS = 2_000_000_000;

    private static final long REPORT_NS = 60_000_000_000L;

    /** Taken from one queue before the next one's turn. */
    private static final int SHARE = 64;

    private final List<FlowQueue> queues;
    private final FlowLogCounts counts;
    private final FlowSinks sinks;
    private FlowLogConfig config;
    private FlowSink sink;
    private Batch batch;
    private boolean failing;
    private long dropped;
    private long nextReportNs = System.nanoTime();

    private volatile Optional<FlowLogConfig> wanted = Optional.empty();
    private volatile boolean reopen;
    private volatile boolean closing;
    private volatile Thread thread;

    FlowLogWriter(List<FlowQueue> queues, FlowLogCounts counts, FlowSinks sinks) {
        this.queues = queues;
        this.counts = counts;
        this.sinks = sinks;
    }

    void begin(FlowLogConfig first) {
        wanted = Optional.of(first);
        adopt();
    }

    /** From another thread: another target, or none. */
    void want(Optional<FlowLogConfig> next) {
        wanted = next;
        LockSupport.unpark(thread);
    }

    /** From another thread: the file may have been moved away. */
    void reopen() {
        reopen = true;
        LockSupport.unpark(thread);
    }

    /** From another thread, when nothing will come any more. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!closing) {
            adopt();
            LockSupport.parkNanos(this, turn());
        }
        leave(true);
    }

    /** What others want of it. */
    private void adopt() {
        FlowLogConfig next = wanted.orElse(null);
        if (!Objects.equals(next, config)) {
            leave(next == null);
            if (next != null) {
                arrive(next);
            }
        }
        if (reopen) {
            reopen = false;
            if (sink != null) {
                sink.reopen();
                tryOpen();
            }
        }
    }

    private void arrive(FlowLogConfig next) {
        config = next;
        sink = sinks.of(next.target());
        batch = new Batch(next.format(), sinks.header(next.target()));
        queues.forEach(queue -> queue.sample(Sampling.of(next)));
        LOG.info("event=flow-log target={} format={}", next.target(), next.format());
        tryOpen();
    }

    /** What is wrong is known now, and not when the first flow has ended. */
    private void tryOpen() {
        if (!batch.hasRest()) {
            flush();
        }
    }

    /**
     * Writes what has come, within a time, and lets go of the target.
     *
     * @param last whether nothing follows; else flows wait for the next target meanwhile
     */
    private void leave(boolean last) {
        if (sink == null) {
            return;
        }
        long deadlineNs = System.nanoTime() + FLUSH_NS;
        if (last) {
            queues.forEach(queue -> queue.sample(Sampling.NONE));
        }
        for (long pauseNs = turn(); pauseNs == 0 || batch.hasRest(); pauseNs = turn()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                break;
            }
            LockSupport.parkNanos(this, Math.min(pauseNs, IDLE_NS));
        }
        discard(last ? queues : List.of());
        try {
            sink.close();
        } catch (IOException e) {
            onError(e);
        }
        LOG.info(
                "event=flow-log-closed target={} written={} dropped={} errors={}",
                config.target(),
                counts.written(),
                counts.droppedForRoom() + counts.droppedAtClose(),
                counts.errors());
        config = null;
        sink = null;
        batch = null;
    }

    /** What did not go, and what waits in these. */
    private void discard(List<FlowQueue> abandoned) {
        long discarded = batch.linesLeft();
        for (FlowQueue queue : abandoned) {
            for (FlowEnd end = queue.poll(); end != null; end = queue.poll()) {
                queue.free(end);
                discarded++;
            }
        }
        counts.onDroppedAtClose(discarded);
    }

    /** Passes on a batch; after how many nanoseconds there is to be another turn. */
    private long turn() {
        if (sink == null) {
            return IDLE_NS;
        }
        boolean old = batch.hasRest();
        if (!old) {
            gather();
        }
        long pauseNs = batch.hasRest() ? flush() : IDLE_NS;
        report();
        // What waited behind a batch that has gone late goes at once: the queues may be full by now.
        return old && !batch.hasRest() ? FlowSink.DONE : pauseNs;
    }

    private void gather() {
        batch.clear();
        long wallNs = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
        boolean more = true;
        while (more && !batch.isFull()) {
            more = false;
            for (FlowQueue queue : queues) {
                more |= gather(queue, wallNs);
            }
        }
        batch.close();
    }

    /** Whether there may be more. */
    private boolean gather(FlowQueue queue, long wallNs) {
        for (int i = 0; i < SHARE; i++) {
            FlowEnd end = queue.poll();
            if (end == null) {
                return false;
            }
            batch.add(end, queue.worker(), wallNs);
            queue.free(end);
        }
        return true;
    }

    private long flush() {
        long pauseNs;
        try {
            pauseNs = sink.write(batch.rest());
            if (failing) {
                failing = false;
                counts.onWorking();
                LOG.info("event=flow-log-works target={}", config.target());
            }
        } catch (IOException e) {
            onError(e);
            pauseNs = RETRY_NS;
        }
        counts.onWritten(batch.takeGone());
        // After a full batch the next one waits; after another, what comes meanwhile goes in one write.
        return pauseNs == FlowSink.DONE && !batch.isFull() ? IDLE_NS : pauseNs;
    }

    private void onError(IOException e) {
        counts.onError();
        if (!failing) {
            failing = true;
            LOG.warn(
                    "event=flow-log-failing target={} cause=\"{}\" effect=\"lines wait, then flows are dropped\"",
                    config.target(),
                    e.toString());
        }
    }

    private void report() {
        long now = counts.droppedForRoom();
        if (now != dropped && System.nanoTime() - nextReportNs >= 0) {
            nextReportNs = System.nanoTime() + REPORT_NS;
            LOG.warn("event=flow-log-dropping target={} dropped={} since-last={}", config.target(), now, now - dropped);
            dropped = now;
        }
    }
}
