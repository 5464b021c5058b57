package io.penstock.perf.policies.loopback;

import io.penstock.perf.policies.scenario.Timers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The thread of clients and backends: sockets that are ready, and timers. NOT thread safe. */
final class Reactor implements Timers, AutoCloseable {
    private record Timer(long dueNs, long sequence, Runnable action) {}

    private final Selector selector = Selector.open();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueNs).thenComparingLong(Timer::sequence));
    private long sequence;

    Reactor() throws IOException {}

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    /** A time that is over is now. */
    @Override
    public void at(long atNs, Runnable action) {
        timers.add(new Timer(atNs, sequence++, action));
    }

    /** Calls {@code onReady} whenever the non-blocking channel is; until it is closed. */
    SelectionKey watch(SelectableChannel channel, int operations, Runnable onReady) throws IOException {
        return channel.register(selector, operations, onReady);
    }

    /**
     * Lets go of keys that were cancelled and of channels that were closed: it is here that their descriptors are. Not while
     * one is ready.
     */
    void release() throws IOException {
        selector.selectNow(Reactor::onReady);
    }

    void runFor(long lengthNs) throws IOException {
        runUntil(() -> false, nowNs() + lengthNs);
    }

    /** Until it is done, or the deadline has come. */
    void runUntil(BooleanSupplier done, long deadlineNs) throws IOException {
        while (!done.getAsBoolean()) {
            long nowNs = nowNs();
            if (nowNs >= deadlineNs) {
                return;
            }
            Timer next = timers.peek();
            if (next != null && next.dueNs() <= nowNs) {
                timers.poll().action().run();
            } else {
                await(Math.min(deadlineNs, next == null ? Long.MAX_VALUE : next.dueNs()) - nowNs);
            }
        }
    }

    /** A selector counts milliseconds: the last one before a timer is spent looking. */
    private void await(long waitNs) throws IOException {
        long waitMs = TimeUnit.NANOSECONDS.toMillis(waitNs);
        if (waitMs == 0) {
            selector.selectNow(Reactor::onReady);
        } else {
            selector.select(Reactor::onReady, waitMs);
        }
    }

    private static void onReady(SelectionKey key) {
        // Who was closed by one before it in the same round is not called.
        if (key.isValid()) {
            ((Runnable) key.attachment()).run();
        }
    }

    /** Closes all channels too. */
    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
