package io.penstock.perf.change.clients;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.perf.load.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The one thread of all clients and backends. Unless it was told to, it never sleeps while there is an activity, because a
 * sleeper would have to be woken by the balancer, at the balancer's cost. {@link #close} ends the activities and the thread.
 */
public final class ClientLoop implements AutoCloseable {
    /** An answer to a condition that is true. */
    @FunctionalInterface
    public interface Condition {
        boolean isMet();
    }

    private static final long IDLE_WAIT_NS = 1_000_000;
    private static final long CALL_TIMEOUT_S = 10;
    private static final long POLL_MS = 5;

    private final EventLoop loop = new EventLoop(new LinuxSyscalls());
    private final List<Activity> activities = new ArrayList<>();
    private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "clients");
    private final long waitNs;
    private volatile boolean closing;
    private volatile RuntimeException failure;

    /** Begins at once, with nothing to do. */
    public ClientLoop() {
        this(0);
    }

    /**
     * Begins at once, with nothing to do.
     *
     * @param waitNs how long it waits for events while there are activities, so how late these may be; for clients that share
     *     the cores with what they ask
     */
    public ClientLoop(long waitNs) {
        this.waitNs = waitNs;
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes something of the event loop, a backend for one, on its thread. */
    public <T> T make(Function<EventLoop, T> maker) throws IOException, InterruptedException {
        return call(() -> maker.apply(loop));
    }

    /** Begins an activity. */
    public <T extends Activity> T begin(Function<EventLoop, T> maker) throws IOException, InterruptedException {
        return call(() -> {
            T activity = maker.apply(loop);
            activities.add(activity);
            return activity;
        });
    }

    /** Ends an activity, with all its connections. */
    public void end(Activity activity) throws IOException, InterruptedException {
        call(() -> {
            activities.remove(activity);
            activity.end();
            return activity;
        });
    }

    /** Runs on the thread of the clients and returns what came of it; fails when that thread died. */
    public <T> T call(Callable<T> callable) throws IOException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(callable);
        tasks.add(task);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CALL_TIMEOUT_S);
        while (true) {
            try {
                return task.get(POLL_MS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IOException("the clients failed: " + e.getCause(), e.getCause());
            } catch (TimeoutException notYet) {
                if (!thread.isAlive() || System.nanoTime() - deadlineNs >= 0) {
                    throw new IOException("the clients stopped: " + failure, failure);
                }
            }
        }
    }

    /** Waits until a condition, asked on the thread of the clients, is met; false when it took longer. */
    public boolean await(Condition condition, long timeoutNs) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (!call(condition::isMet)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            Thread.sleep(POLL_MS);
        }
        return true;
    }

    private void run() {
        try {
            while (!closing) {
                for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long nowNs = System.nanoTime();
                for (Activity activity : activities) {
                    activity.onTurn(nowNs);
                }
                loop.turn(activities.isEmpty() ? IDLE_WAIT_NS : waitNs);
            }
            activities.forEach(Activity::end);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            loop.close();
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CALL_TIMEOUT_S));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
