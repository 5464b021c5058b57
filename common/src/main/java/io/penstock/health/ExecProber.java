package io.penstock.health;

import io.netty.channel.EventLoop;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Has a program run, on a thread that waits for it, and brings the result back to the event loop. */
final class ExecProber implements Prober {
    private final EventLoop loop;
    private final ExecutorService threads;
    private final CheckProgram program;
    private final long timeoutNs;
    private Attempt attempt;

    ExecProber(EventLoop loop, ExecutorService threads, CheckProgram program, long timeoutNs) {
        this.loop = loop;
        this.threads = threads;
        this.program = program;
        this.timeoutNs = timeoutNs;
    }

    @Override
    public void start(Consumer<ProbeResult> done) {
        attempt = new Attempt(done);
        attempt.start();
    }

    @Override
    public void cancel() {
        if (attempt != null) {
            attempt.cancel();
        }
    }

    /** One run. All on the event loop but {@link #run}. */
    private final class Attempt {
        private final Consumer<ProbeResult> done;
        private final long queuedNs = System.nanoTime();
        private Future<?> running;
        private boolean over;

        Attempt(Consumer<ProbeResult> done) {
            this.done = done;
        }

        void start() {
            try {
                running = threads.submit(this::run);
            } catch (RejectedExecutionException e) {
                finish(ProbeResult.noVerdict("closing"));
            }
        }

        private void run() {
            ProbeResult result;
            try {
                result = System.nanoTime() - queuedNs > timeoutNs
                        ? ProbeResult.noVerdict("too many programs run at a time: had no turn")
                        : program.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            loop.execute(() -> finish(result));
        }

        private void finish(ProbeResult result) {
            if (!over) {
                over = true;
                done.accept(result);
            }
        }

        void cancel() {
            over = true;
            if (running != null) {
                running.cancel(true);
            }
        }
    }
}
