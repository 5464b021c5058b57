package io.penstock.forwarder.tcp;

import io.penstock.forwarder.flow.Measuring;
import io.penstock.linux.TcpInfo;

/**
 * Asks the kernel, every interval, how some of a worker's connections to backends fare: each system call is some tenths
 * of a microsecond of the worker's time, so there is a bound for an interval and one for a turn, and connections take
 * turns. It asks as well how many clients wait in the queues of listeners. A worker that has nothing else to do is not
 * woken for it, since nothing has happened that could be sampled; but for a queue that was not empty, which would be told
 * as full for ever. The worker's own.
 */
final class NetworkSampler {
    /** In an interval. */
    static final int MAX_SAMPLES = 64;

    /** Slots looked at in a turn of the loop, free ones too. */
    static final int MAX_VISITS = 16;

    private final long intervalNs;
    private final TcpInfo info = new TcpInfo();
    private long dueNs;
    private int cursor;
    /** Of this interval: none is asked twice. */
    private int samplesLeft;

    private int visitsLeft;
    private long acceptQueue;

    /** @param intervalNs as {@link Measuring#tcpInfoNs} */
    NetworkSampler(long intervalNs, long nowNs) {
        this.intervalNs = intervalNs;
        dueNs = nowNs;
    }

    void onTurn(TcpForwarder tcp) {
        if (intervalNs == Measuring.NEVER) {
            return;
        }
        if (tcp.nowNs() - dueNs >= 0) {
            dueNs = tcp.nowNs() + intervalNs;
            samplesLeft = MAX_SAMPLES;
            visitsLeft = tcp.slots();
            acceptQueue = tcp.listeners().acceptQueue(info);
        }
        for (int visits = 0; visits < MAX_VISITS && visitsLeft > 0 && samplesLeft > 0; visits++) {
            visitsLeft--;
            cursor = cursor + 1 < tcp.slots() ? cursor + 1 : 0;
            if (tcp.connection(cursor).trySample(info)) {
                samplesLeft--;
            }
        }
    }

    /** How long the worker may sleep; negative for ever. */
    long waitNs(long nowNs) {
        return acceptQueue == 0 ? -1 : Math.max(0, dueNs - nowNs);
    }
}
