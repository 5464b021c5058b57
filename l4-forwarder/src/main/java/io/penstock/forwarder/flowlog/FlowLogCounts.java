package io.penstock.forwarder.flowlog;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What the flow log counts. Written by the writer, and by each worker for its queue; read by any thread. */
public final class FlowLogCounts {
    private final List<FlowQueue> queues;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong droppedAtClose = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean failing;

    FlowLogCounts(List<FlowQueue> queues) {
        this.queues = queues;
    }

    void onWritten(long lines) {
        written.lazySet(written.get() + lines);
    }

    void onDroppedAtClose(long flows) {
        droppedAtClose.lazySet(droppedAtClose.get() + flows);
    }

    void onError() {
        errors.lazySet(errors.get() + 1);
        failing = true;
    }

    void onWorking() {
        failing = false;
    }

    /** Lines that went to where they were to go. */
    public long written() {
        return written.get();
    }

    /** Flows that found no room, as lines did not go as fast as they came. */
    public long droppedForRoom() {
        return queues.stream().mapToLong(FlowQueue::dropped).sum();
    }

    /** Flows that waited in vain until the process ended, or lines were to go elsewhere. */
    public long droppedAtClose() {
        return droppedAtClose.get();
    }

    /** Times that writing, or opening, failed. */
    public long errors() {
        return errors.get();
    }

    /** Whether it did so the last time. */
    public boolean isFailing() {
        return failing;
    }
}
