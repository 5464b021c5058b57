package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.FlowObserver;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.SpscArrayQueue;

/**
 * The way of one worker's flows to the writer, and of their records back: two queues with one thread at each end. Records
 * are made once; a worker that finds none left drops the flow and counts it.
 */
final class FlowQueue implements FlowObserver {
    /** What a busy worker ends in a fifth of a second, in under 2 MiB. */
    static final int CAPACITY = 8192;

    private final int worker;
    private final int capacity;
    private final AtomicLong dropped = new AtomicLong();
    private SpscArrayQueue<FlowEnd> free;
    private SpscArrayQueue<FlowEnd> ended;
    /** Read first by the worker, written last by the writer: the queues are there when it takes anything. */
    private volatile Sampling sampling = Sampling.NONE;

    /**
     * Takes nothing yet, and has no memory for it.
     *
     * @param worker of which the flows are, from 0
     * @param capacity how many may wait, a power of two
     */
    FlowQueue(int worker, int capacity) {
        this.worker = worker;
        this.capacity = capacity;
    }

    int worker() {
        return worker;
    }

    // The worker's side.

    @Override
    public FlowEnd tryBegin(long token, boolean failure) {
        if (!sampling.takes(token, failure)) {
            return null;
        }
        FlowEnd end = free.poll();
        if (end == null) {
            dropped.lazySet(dropped.get() + 1);
        }
        return end;
    }

    @Override
    public void onEnded(FlowEnd end) {
        // There is room: as many records as places.
        ended.offer(end);
    }

    // The writer's side.

    /** Takes what this says from now on. */
    void sample(Sampling next) {
        if (ended == null && !next.equals(Sampling.NONE)) {
            free = new SpscArrayQueue<>(capacity);
            ended = new SpscArrayQueue<>(capacity);
            for (int i = 0; i < capacity; i++) {
                free.offer(new FlowEnd());
            }
        }
        sampling = next;
    }

    /** The next that has ended, to be given back by {@link #free}; null when there is none. */
    FlowEnd poll() {
        return ended == null ? null : ended.poll();
    }

    void free(FlowEnd end) {
        end.clear();
        free.offer(end);
    }

    /** For want of room; any thread. */
    long dropped() {
        return dropped.get();
    }
}
