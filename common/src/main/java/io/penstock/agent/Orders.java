package io.penstock.agent;

import io.penstock.process.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * All that other threads hold of an agent's thread: orders that it carries out between two waits, its signs of life, and its end. What
 * is of that thread says so; the rest is safe from any.
 */
public final class Orders {
    /** How often who waits for an order looks whether the thread is still there to carry it out. */
    private static final long ASK_POLL_MS = 100;

    private final Runnable wake;
    private final Queue<Supplier<Runnable>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong turns = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * What is done on the agent's thread.
     *
     * @param <T> what comes of it
     */
    public interface Order<T> {
        T carryOut() throws RefusedException;
    }

    /** @param wake ends the agent's wait, from any thread */
    public Orders(Runnable wake) {
        this.wake = wake;
    }

    /**
     * Has it done on the agent's thread, and returns when that has shown what it led to at first.
     *
     * @throws RefusedException as the order does, or when the thread has ended
     */
    public <T> T ask(Order<T> order) throws RefusedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Supplier<Runnable> carriedOut = () -> carryOut(order, answer);
        queue.add(carriedOut);
        wake.run();
        while (true) {
            try {
                return answer.get(ASK_POLL_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (hasEnded() && queue.remove(carriedOut)) {
                    throw RefusedException.because("the agent has ended");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw RefusedException.because("interrupted");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RefusedException refused) {
                    throw refused;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Has it done on the agent's thread, without waiting for that: who does must not depend on a thread that may hang. */
    public void leave(Runnable order) {
        queue.add(() -> {
            order.run();
            return () -> {};
        });
        wake.run();
    }

    private static <T> Runnable carryOut(Order<T> order, CompletableFuture<T> answer) {
        try {
            T result = order.carryOut();
            return () -> answer.complete(result);
        } catch (RefusedException e) {
            return () -> answer.completeExceptionally(e);
        }
    }

    /**
     * Carries out what was ordered so far; once in each turn of the agent's thread, which this is of.
     *
     * @return answers to those who wait, to be given when the agent's status shows it
     */
    public List<Runnable> carryOut() {
        turns.getAndIncrement();
        if (queue.isEmpty()) {
            return List.of();
        }
        List<Runnable> answers = new ArrayList<>();
        for (Supplier<Runnable> order = queue.poll(); order != null; order = queue.poll()) {
            answers.add(order.get());
        }
        return answers;
    }

    /** No more turns follow. Of the agent's thread. */
    public void end() {
        ended.countDown();
    }

    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Whether the thread has ended within the time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * For the service manager.
     *
     * @param thread its name
     */
    public Watchdog.Watched watched(String thread) {
        return new Watchdog.Watched() {
            @Override
            public String name() {
                return thread;
            }

            @Override
            public void ask() {
                wake.run();
            }

            @Override
            public long signs() {
                return turns.get();
            }

            @Override
            public boolean hasEnded() {
                return Orders.this.hasEnded();
            }
        };
    }
}
