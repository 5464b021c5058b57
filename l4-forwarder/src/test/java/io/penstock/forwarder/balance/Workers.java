package io.penstock.forwarder.balance;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Threads that do something at once. */
final class Workers {
    private Workers() {}

    /** Runs the task on so many threads, each given its number, from one moment on; returns when all are done. */
    static void run(int count, IntConsumer task) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(count);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread[] workers = new Thread[count];
        for (int i = 0; i < count; i++) {
            int number = i;
            workers[i] = new Thread(() -> {
                try {
                    start.await();
                    task.accept(number);
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                }
            });
            workers[i].setDaemon(true);
            workers[i].start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("on a worker", failure.get());
        }
    }
}
