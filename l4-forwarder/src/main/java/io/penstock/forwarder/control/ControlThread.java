package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.RefusedException;
import io.penstock.process.BugHandler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that changes what is forwarded, such as {@code fwd-ctl}, and its one alarm clock. Work comes from any thread; the clock is set by that work only. A
 * bug ends the process.
 */
final class ControlThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;
    private Future<?> alarm;
    private long alarmNs = Long.MAX_VALUE;
    private volatile boolean closing;

    /** @param name at most 15 characters; the thread starts with the first work */
    ControlThread(String name) {
        this.name = name;
        executor = new ScheduledThreadPoolExecutor(1, work -> BugHandler.thread(work, name));
        executor.setRemoveOnCancelPolicy(true);
    }

    /** In the order of the calls; after {@link #close} it does nothing. */
    void execute(Runnable action) {
        try {
            executor.execute(() -> runOrDie(action));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=late-event reason=stopping", e);
        }
    }

    /**
     * Runs it there, after what was asked before, and waits for the answer.
     *
     * @throws RefusedException after {@link #close}
     */
    <T> T ask(Supplier<T> question) throws RefusedException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> answer(question));
        try {
            executor.execute(task);
            return task.get();
        } catch (RejectedExecutionException e) {
            throw RefusedException.because("the forwarder is stopping");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <T> T answer(Supplier<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        runOrDie(() -> answer.set(question.get()));
        return answer.get();
    }

    /**
     * Runs this at {@code deadlineNs} of {@link System#nanoTime}, unless an earlier alarm is set already. During {@link #close} it does
     * nothing.
     */
    void wakeAt(long deadlineNs, long nowNs, Runnable action) {
        if (deadlineNs < alarmNs && !closing) {
            cancelAlarm();
            try {
                alarm = executor.schedule(() -> ring(action), Math.max(0, deadlineNs - nowNs), TimeUnit.NANOSECONDS);
                alarmNs = deadlineNs;
            } catch (RejectedExecutionException e) {
                // Closed since it was asked above, by another thread.
                LOG.debug("event=late-alarm reason=stopping", e);
            }
        }
    }

    private void ring(Runnable action) {
        runOrDie(() -> {
            alarmNs = Long.MAX_VALUE;
            action.run();
        });
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** The executor would keep the failure to itself. */
    private static void runOrDie(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error bug) {
            new BugHandler().uncaughtException(Thread.currentThread(), bug);
        }
    }

    /** Does what was asked before, and ends the thread. */
    @Override
    public void close() {
        closing = true;
        execute(this::cancelAlarm);
        executor.shutdown();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.error("event=slow-stop thread={}", name);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
