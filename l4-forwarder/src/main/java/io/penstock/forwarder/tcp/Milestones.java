package io.penstock.forwarder.tcp;

import io.penstock.forwarder.flow.FlowEnd;

/** How long a connection took for each step on its way to an answer. Belongs to its connection, on the worker's thread. */
final class Milestones {
    private long queuedSinceNs;
    private long queuedNs;
    private long connectNs;
    private long firstByteNs;

    void begin() {
        queuedNs = 0;
        connectNs = FlowEnd.NEVER;
        firstByteNs = FlowEnd.NEVER;
    }

    void onQueued(long nowNs) {
        queuedSinceNs = nowNs;
    }

    /** How long it stood in this one. */
    long onQueueLeft(long nowNs) {
        long waitedNs = nowNs - queuedSinceNs;
        queuedNs += waitedNs;
        return waitedNs;
    }

    void onConnected(long tookNs) {
        connectNs = tookNs;
    }

    void onFirstByte(long tookNs) {
        firstByteNs = tookNs;
    }

    /** Of all queues together, 0 if it stood in none. */
    long queuedNs() {
        return queuedNs;
    }

    /** Of the connect that succeeded. */
    long connectNs() {
        return connectNs;
    }

    long firstByteNs() {
        return firstByteNs;
    }
}
