package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.Timeouts;

/**
 * The reset that a connection owes the side that survived. A reset drops what the kernel has not sent yet, but a direct
 * connection would have delivered what the failed side had sent before it failed. So it waits until all of that is
 * acknowledged, which epoll does not tell: the socket is asked, again and again. Belongs to its connection, on the worker's thread; made when a slot first needs it.
 */
final class PendingReset {
    /** How soon the socket is asked again. */
    private static final long FIRST_POLL_NS = 2_000_000;

    private static final long MAX_POLL_NS = 100_000_000;

    private CloseReason reason;
    private long pollNs;
    private int unacknowledged;

    /** @param reason of the connection's end, when all goes well */
    void begin(CloseReason reason) {
        this.reason = reason;
        pollNs = FIRST_POLL_NS;
        unacknowledged = Integer.MAX_VALUE;
    }

    CloseReason reason() {
        return reason;
    }

    /** Asks the survivor's socket; null when it has something left to acknowledge, else why the connection ends. */
    CloseReason poll(TcpForwarder tcp, Duplex duplex, Timeouts timeouts) {
        long nowNs = tcp.nowNs();
        int now = tcp.sockets().unacknowledged(duplex.survivor().fd());
        if (now < unacknowledged) {
            unacknowledged = now;
            duplex.onActivity(nowNs);
        }
        if (now <= 0) {
            return reason;
        }
        if (nowNs - duplex.activeNs() >= timeouts.finNs()) {
            return CloseReason.FIN_TIMEOUT;
        }
        return nowNs >= duplex.lifetimeEndNs(timeouts) ? CloseReason.LIFETIME : null;
    }

    /** From this poll to the next, each time longer. */
    long nextPollNs() {
        long thisTime = pollNs;
        pollNs = Math.min(pollNs * 2, MAX_POLL_NS);
        return thisTime;
    }
}
