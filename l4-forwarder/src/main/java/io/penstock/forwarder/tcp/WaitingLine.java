package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.PoolQueue;

/** This worker's part of a pool's queue: first come, first served. NOT thread safe: the worker's own. */
final class WaitingLine {
    /** Who waits. */
    interface Customer {
        /** Its turn: takes what it waits for, or gives up, and leaves; false when it still has to wait. */
        boolean tryLeaveQueue();

        /** Whether {@link #tryLeaveQueue} would be true now. */
        boolean couldLeaveQueue();
    }

    /** A customer's standing in a line; made when it first has to wait, and used again. */
    static final class Waiter {
        private final Customer customer;
        private WaitingLine line;
        private Waiter ahead;
        private Waiter behind;
        private long sinceNs;

        Waiter(Customer customer) {
            this.customer = customer;
        }

        /** Of the line it stands in. */
        PoolQueue queue() {
            return line.queue;
        }

        boolean isIn(PoolQueue queue) {
            return line.queue == queue;
        }

        /** Out of whichever line it stands in. */
        void leave() {
            line.remove(this);
        }
    }

    private final PoolQueue queue;
    private final PoolQueue.Line shared;
    private Waiter first;
    private Waiter last;

    WaitingLine(PoolQueue queue, Runnable wake) {
        this.queue = queue;
        shared = queue.join(wake);
    }

    PoolQueue queue() {
        return queue;
    }

    /** Nobody stands here, and nobody will. */
    boolean isOver() {
        return first == null && queue.isRetired();
    }

    /** Puts it last; false when the pool's queue is full. */
    boolean tryAdd(Waiter waiter, long nowNs) {
        if (!queue.tryEnter()) {
            return false;
        }
        waiter.line = this;
        waiter.sinceNs = nowNs;
        waiter.ahead = last;
        if (last == null) {
            first = waiter;
            shared.waitingSince(nowNs);
            // A place that became free before this was published called nobody: look again, before the worker sleeps.
            shared.call();
        } else {
            last.behind = waiter;
        }
        last = waiter;
        return true;
    }

    private void remove(Waiter waiter) {
        if (waiter.behind == null) {
            last = waiter.ahead;
        } else {
            waiter.behind.ahead = waiter.ahead;
        }
        if (waiter.ahead == null) {
            first = waiter.behind;
            publishFirst();
        } else {
            waiter.ahead.behind = waiter.behind;
        }
        waiter.line = null;
        waiter.ahead = null;
        waiter.behind = null;
        queue.leave();
    }

    private void publishFirst() {
        if (first == null) {
            shared.nobodyWaits();
        } else {
            shared.waitingSince(first.sinceNs);
        }
    }

    /** A place may be free for anyone in the pool's queue. */
    void onRoom() {
        queue.onRoom(shared);
    }

    /** Looks at the next opportunity whether the first can be served. */
    void call() {
        shared.call();
    }

    boolean isCalled() {
        return shared.isCalled();
    }

    /** If called, serves its customers in turn, at most so many; how many. */
    int serve(int limit) {
        if (!shared.takeCall()) {
            return 0;
        }
        int served = 0;
        while (first != null && served < limit) {
            if (queue.isAnyLongerThan(first.sinceNs)) {
                if (first.customer.couldLeaveQueue()) {
                    onRoom();
                }
                return served;
            }
            if (!first.customer.tryLeaveQueue()) {
                return served;
            }
            served++;
        }
        // Somebody else's turn, or more of its own the next time.
        onRoom();
        return served;
    }
}
