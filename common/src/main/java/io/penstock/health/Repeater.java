package io.penstock.health;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs one prober on its schedule until closed. On the event loop. */
final class Repeater {
    private static final long MAX_FIRST_DELAY_NS = TimeUnit.SECONDS.toNanos(1);

    /** Probes that are due within this time begin together: one wake-up for ten of a thousand targets, not ten. */
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLoop loop;
    private final Prober prober;
    private final Schedule schedule;
    private final BooleanSupplier closed;
    private final Listener listener;
    private Future<?> next;
    private long startedNs;

    /**
     * @param closed true from when, on any thread, the listener must not be called any more
     */
    Repeater(EventLoop loop, Prober prober, Schedule schedule, BooleanSupplier closed, Listener listener) {
        this.loop = loop;
        this.prober = prober;
        this.schedule = schedule;
        this.closed = closed;
        this.listener = listener;
    }

    /** The first probe comes at random within an interval, a second at most, so that many targets spread. */
    void start() {
        long within = Math.min(schedule.fastInterval().toNanos(), MAX_FIRST_DELAY_NS);
        probeAfter((long) (ThreadLocalRandom.current().nextDouble() * within));
    }

    /** Ends the probe that is under way. */
    void close() {
        if (next != null) {
            next.cancel(false);
        }
        prober.cancel();
    }

    private void probeAfter(long delayNs) {
        if (!closed.getAsBoolean()) {
            long nowNs = System.nanoTime();
            long dueNs = Math.floorDiv(nowNs + delayNs, TICK_NS) * TICK_NS;
            next = loop.schedule(this::probe, Math.max(0, dueNs - nowNs), TimeUnit.NANOSECONDS);
        }
    }

    private void probe() {
        if (!closed.getAsBoolean()) {
            startedNs = System.nanoTime();
            prober.start(this::onResult);
        }
    }

    private void onResult(ProbeResult result) {
        if (closed.getAsBoolean()) {
            return;
        }
        long durationNs = System.nanoTime() - startedNs;
        boolean soon = false;
        try {
            soon = listener.onResult(result, durationNs);
        } catch (RuntimeException | Error bug) {
            // Netty would take it for trouble of the channel and drop it.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
        }
        Duration interval = soon ? schedule.fastInterval() : schedule.interval();
        double spread = 1 + schedule.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        probeAfter((long) (interval.toNanos() * spread) - durationNs);
    }

    /** Hears each result. */
    interface Listener {
        /** True when the next probe is to come after the fast interval. */
        boolean onResult(ProbeResult result, long durationNs);
    }
}
