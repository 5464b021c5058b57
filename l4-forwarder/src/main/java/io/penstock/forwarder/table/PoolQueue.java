package io.penstock.forwarder.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The queue in front of a pool whose backends are full: how many connections wait in it, over all workers, and since when.
 * The connections themselves stand in a {@link Line} of each worker. Lives as long as the pool is known, over all tables.
 * Safe from any thread; nothing blocks, and nothing is allocated once a worker has its line.
 *
 * <p>No place stays free while somebody waits for one:
 *
 * <ul>
 *   <li>Who frees a place (1) frees it, then (2) looks for the line that has waited longest and calls it. Who begins to
 *       wait (3) publishes it, then (4) looks for a place once more. All four are volatile accesses, of which all threads
 *       see one order: if (2) comes before (3), then (1) comes before (4), which finds the place.
 *   <li>A line that is called serves its connections in turn until the next finds no place: then whoever takes the last
 *       one calls when it leaves. If the line runs out before, or another has waited longer, it calls that one: two places
 *       may have been freed for one call.
 *   <li>A call that finds the line called already is not lost, because a worker takes the call before it looks for places.
 * </ul>
 */
public final class PoolQueue {
    /** For a pool where nobody may wait. */
    public static final PoolQueue NONE = new PoolQueue(0, 0);

    private static final VarHandle WAITS = field(PoolQueue.class, "waits", long.class);
    private static final VarHandle WAITED_NS = field(PoolQueue.class, "waitedNs", long.class);
    private static final VarHandle WAITING = field(PoolQueue.class, "waiting", int.class);
    private static final VarHandle LINES = field(PoolQueue.class, "lines", Line[].class);
    private static final VarHandle CALLED = field(Line.class, "called", boolean.class);

    private static final long NOBODY = Long.MIN_VALUE;

    /** The part of a queue that stands on one worker. */
    public static final class Line {
        private final Runnable wake;
        private volatile boolean called;
        private volatile long waitingSinceNs = NOBODY;

        private Line(Runnable wake) {
            this.wake = wake;
        }

        /** The worker's own: whether it was called since it last asked. */
        public boolean takeCall() {
            return called && (boolean) CALLED.getAndSet(this, false);
        }

        public boolean isCalled() {
            return called;
        }

        /** The worker's own call to itself. */
        public void call() {
            called = true;
        }

        /** The worker's own: since when its first connection waits. */
        public void waitingSince(long sinceNs) {
            waitingSinceNs = sinceNs;
        }

        /** The worker's own: none of its connections waits. */
        public void nobodyWaits() {
            waitingSinceNs = NOBODY;
        }

        private void callAndWake() {
            if (!(boolean) CALLED.getAndSet(this, true)) {
                wake.run();
            }
        }
    }

    private volatile int capacity;
    private volatile long timeoutNs;
    private volatile boolean retired;
    private volatile int waiting;
    private volatile long waits;
    private volatile long waitedNs;
    private volatile Line[] lines = {};

    /**
     * An empty queue.
     *
     * @param capacity connections that may wait, over all workers; 0 for none
     * @param timeoutNs for which one may wait
     */
    public PoolQueue(int capacity, long timeoutNs) {
        this.capacity = capacity;
        this.timeoutNs = timeoutNs;
    }

    private static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** For those that come from now on; who waits already stays. By the controller. */
    public void resize(int capacity, long timeoutNs) {
        this.capacity = capacity;
        this.timeoutNs = timeoutNs;
    }

    /** Nobody may wait any more, and no table has this queue again: lines where nobody waits can be forgotten. */
    public void retire() {
        capacity = 0;
        retired = true;
    }

    public boolean isRetired() {
        return retired;
    }

    public long timeoutNs() {
        return timeoutNs;
    }

    /** Connections that wait now. */
    public int waiting() {
        return waiting;
    }

    /** Waits that have ended, well or badly. */
    public long waits() {
        return waits;
    }

    /** Of these, all added up. */
    public long waitedNs() {
        return waitedNs;
    }

    /**
     * A worker's line, once for each worker.
     *
     * @param wake ends the worker's wait for events, from any thread, without blocking
     */
    public Line join(Runnable wake) {
        Line line = new Line(wake);
        Line[] before = lines;
        while (true) {
            Line[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = line;
            Line[] found = (Line[]) LINES.compareAndExchange(this, before, after);
            if (found == before) {
                return line;
            }
            before = found;
        }
    }

    /** Counts one more connection that waits; false when the queue is full. {@link #leave} follows. */
    public boolean tryEnter() {
        int before = waiting;
        while (before < capacity) {
            int found = (int) WAITING.compareAndExchange(this, before, before + 1);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    public void leave() {
        WAITING.getAndAdd(this, -1);
    }

    /** A wait has ended, however. */
    public void onWaited(long tookNs) {
        WAITS.getAndAdd(this, 1L);
        WAITED_NS.getAndAdd(this, tookNs);
    }

    /**
     * A backend has, or may have, room that it had not: calls the line that has waited longest, if any.
     *
     * @param own the line of the worker that says so, which needs no waking; null if it has none, or this is no worker
     */
    public void onRoom(Line own) {
        if (waiting > 0) {
            callLongestWaiting(own);
        }
    }

    private void callLongestWaiting(Line own) {
        Line longest = null;
        long longestSinceNs = NOBODY;
        for (Line line : lines) {
            long sinceNs = line.waitingSinceNs;
            if (sinceNs != NOBODY && (longest == null || sinceNs - longestSinceNs < 0)) {
                longest = line;
                longestSinceNs = sinceNs;
            }
        }
        if (longest == null) {
            return;
        }
        if (longest == own) {
            longest.call();
        } else {
            longest.callAndWake();
        }
    }

    /** Whether a connection on another worker waits for longer than this. */
    public boolean isAnyLongerThan(long sinceNs) {
        for (Line line : lines) {
            long otherSinceNs = line.waitingSinceNs;
            if (otherSinceNs != NOBODY && otherSinceNs - sinceNs < 0) {
                return true;
            }
        }
        return false;
    }
}
