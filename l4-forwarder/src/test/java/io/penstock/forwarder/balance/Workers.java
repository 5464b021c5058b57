package io.penstock.forwarder.balance;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Threads that do something at once. */
final class Workers {
    private static final long ROUNDS_NS = 2_000_000_000L;

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

    /**
     * So many rounds, or as many as fit into two seconds: in each all do the task once, as nearly at the same moment as threads
     * can, and then one checks what has come of it. Short rounds leave nothing the time to be put right by what comes later.
     */
    static void runRounds(int count, int rounds, IntConsumer task, Runnable check) throws InterruptedException {
        long endNs = System.nanoTime() + ROUNDS_NS;
        SpinBarrier barrier = new SpinBarrier(count);
        AtomicInteger last = new AtomicInteger(rounds);
        run(count, worker -> {
            try {
                for (int round = 0; round < last.get(); round++) {
                    task.accept(worker);
                    barrier.await();
                    if (worker == 0) {
                        check.run();
                        last.set(System.nanoTime() < endNs ? rounds : 0);
                    }
                    barrier.await();
                }
            } finally {
                barrier.broken = true;
            }
        });
    }

    /** Whoever waits goes on within nanoseconds of the last to come, which sleeping threads would not. */
    private static final class SpinBarrier {
        private final int count;
        private final AtomicInteger arrived = new AtomicInteger();
        private volatile boolean broken;

        private SpinBarrier(int count) {
            this.count = count;
        }

        @SuppressWarnings(
                "ThreadPriorityCheck") // on a busy machine the other would wait for a core while this one spins
        private void await() {
            int all = (arrived.getAndIncrement() / count + 1) * count;
            while (arrived.get() < all && !broken) {
                Thread.yield();
            }
        }
    }
}
