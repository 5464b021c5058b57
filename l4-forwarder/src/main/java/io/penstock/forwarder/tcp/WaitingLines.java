package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.PoolQueue;
import java.util.ArrayList;
import java.util.List;

/** One worker's lines, one for each pool in whose queue a connection of its ever waited. NOT thread safe. */
final class WaitingLines {
    /** Served in one turn before connections that are already open have theirs. */
    private static final int SERVED_PER_TURN = 64;

    private final Runnable wake;
    private final List<WaitingLine> lines = new ArrayList<>();

    /** Where the next turn goes on, so that a busy line does not keep the others waiting for ever. */
    private int next;

    /** @param wake ends this worker's wait for events, from any thread */
    WaitingLines(Runnable wake) {
        this.wake = wake;
    }

    /** The line of this queue, which begins with the first that asks. */
    WaitingLine of(PoolQueue queue) {
        WaitingLine line = find(queue);
        if (line == null) {
            line = new WaitingLine(queue, wake);
            lines.add(line);
        }
        return line;
    }

    private WaitingLine find(PoolQueue queue) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).queue() == queue) {
                return lines.get(i);
            }
        }
        return null;
    }

    /** A place was given back at a backend of this queue's pool. */
    void onRoom(PoolQueue queue) {
        if (queue.waiting() == 0) {
            return;
        }
        WaitingLine line = find(queue);
        if (line == null) {
            queue.onRoom(null);
        } else {
            line.onRoom();
        }
    }

    /** Backends, their limits or their health are new: everyone looks again. */
    void onNewTable() {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).isOver()) {
                lines.remove(i);
            } else {
                lines.get(i).call();
            }
        }
    }

    /** Whether a line is to be served before the worker sleeps. */
    boolean isCalled() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isCalled()) {
                return true;
            }
        }
        return false;
    }

    /** Connects those that wait in a line that was called, as long as there is room. */
    void serve() {
        int left = SERVED_PER_TURN;
        for (int served = lines.size(); served > 0 && left > 0; served--) {
            next = next + 1 < lines.size() ? next + 1 : 0;
            left -= lines.get(next).serve(left);
        }
    }

    /** When nobody waits here any more: passes on what calls came last. */
    void close() {
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).onRoom();
        }
    }
}
