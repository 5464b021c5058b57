package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Happening.Answered;
import io.penstock.forwarder.client.top.Happening.Silent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Asks the forwarder at an interval, for ever, on a thread of its own that ends when it is interrupted. */
final class Poller implements Runnable {
    private final Source source;
    private final Duration interval;
    private final BlockingQueue<Happening> queue;

    Poller(Source source, Duration interval, BlockingQueue<Happening> queue) {
        this.source = source;
        this.interval = interval;
        this.queue = queue;
    }

    @Override
    public void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
                queue.put(ask());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Happening ask() throws InterruptedException {
        try {
            return new Answered(source.read());
        } catch (IOException e) {
            return new Silent(e.getMessage());
        }
    }
}
