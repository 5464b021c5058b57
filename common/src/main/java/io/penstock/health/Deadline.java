package io.penstock.health;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The end of a probe that has no result by then. When the event loop itself was late, because the process was stopped or
 * the machine stalled, answers may be waiting that nobody has read: the probe is then given the time that was lost, once
 * and no longer than its timeout, so that a pause of ours is not taken for a failure of every target.
 */
final class Deadline {
    private static final long ON_TIME_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EventLoop loop;
    private final long timeoutNs;
    private final long deadlineNs;
    private final Runnable onExpired;
    private Future<?> timer;

    Deadline(EventLoop loop, long timeoutNs, Runnable onExpired) {
        this.loop = loop;
        this.timeoutNs = timeoutNs;
        this.onExpired = onExpired;
        deadlineNs = loop.ticker().nanoTime() + timeoutNs;
        timer = loop.schedule(this::onTime, timeoutNs, TimeUnit.NANOSECONDS);
    }

    void cancel() {
        timer.cancel(false);
    }

    private void onTime() {
        long lateNs = loop.ticker().nanoTime() - deadlineNs;
        if (lateNs < ON_TIME_NS) {
            onExpired.run();
        } else {
            timer = loop.schedule(onExpired, Math.min(lateNs, timeoutNs), TimeUnit.NANOSECONDS);
        }
    }
}
