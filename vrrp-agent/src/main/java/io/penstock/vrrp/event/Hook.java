package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.LogText;
import io.penstock.exec.Outcome;
import io.penstock.exec.Program;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;
import io.penstock.vrrp.config.HookConfig;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that is run with each event, one run after the other in the order of the events, on a thread of its own, {@code vrrp-hook}.
 */
final class Hook {
    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);

    private static final String THREAD = "vrrp-hook";

    /** Of each run, for the log. */
    private static final int OUTPUT_MAX_BYTES = 4 * 1024;

    private static final int OUTPUT_MAX_LINES = 20;

    private final HookConfig config;
    private final String name;
    private final Program program;
    private final HookQueue queue = new HookQueue();
    private final Counters<HookResult> results = new Counters<>(HookResult.class);
    private final Thread thread = new Thread(this::run, THREAD);
    private volatile String last = "";

    /** Runs with what is offered from now on. */
    Hook(HookConfig config, Syscalls syscalls) {
        this.config = config;
        name = String.join(" ", config.command());
        program = new Program(syscalls, config.command(), OUTPUT_MAX_BYTES, true);
        thread.setDaemon(true);
        thread.start();
    }

    HookConfig config() {
        return config;
    }

    /** Never waits. */
    void offer(Event event) {
        queue.add(event);
    }

    private void run() {
        try {
            for (Optional<HookQueue.Next> next = queue.take(); next.isPresent(); next = queue.take()) {
                run(next.get().event(), next.get().missed());
            }
        } catch (InterruptedException closed) {
            // What was under way is killed.
        }
    }

    private void run(Event event, long missed) throws InterruptedException {
        if (missed > 0) {
            LOG.warn("event=hook-missed hook={} count={}", LogText.of(name), missed);
        }
        try {
            Outcome outcome = program.run(
                    HookInput.environment(event, missed),
                    HookInput.line(event, missed),
                    config.timeout().toNanos());
            note(event, outcome);
        } catch (IOException e) {
            note(event, new Outcome.NotStarted(e));
        }
    }

    private void note(Event event, Outcome outcome) {
        if (outcome instanceof Outcome.Ended ended) {
            output(ended.output());
            HookResult result = ended.exitCode() == 0 ? HookResult.OK : HookResult.FAILED;
            note(event, result, "exit code " + ended.exitCode());
        } else if (outcome instanceof Outcome.Killed killed) {
            output(killed.output());
            note(event, HookResult.TIMEOUT, "killed after " + config.timeout().toMillis() + " ms");
        } else if (outcome instanceof Outcome.NotStarted failure) {
            note(event, HookResult.NOT_STARTED, String.valueOf(failure.cause().getMessage()));
        }
    }

    private void note(Event event, HookResult result, String evidence) {
        results.increment(result);
        last = evidence;
        if (result == HookResult.OK) {
            LOG.debug("event=hook-run hook={} of={}", LogText.of(name), event.id());
        } else {
            LOG.warn(
                    "event=hook-{} hook={} of={} type={} subject={} evidence={}",
                    result.label(),
                    LogText.of(name),
                    event.id(),
                    event.type().label(),
                    LogText.of(event.subject()),
                    LogText.of(evidence));
        }
    }

    private void output(String output) {
        output.lines()
                .limit(OUTPUT_MAX_LINES)
                .forEach(line -> LOG.info("event=hook-output hook={} line={}", LogText.of(name), LogText.of(line)));
    }

    HookView view() {
        Map<HookResult, Long> runs = new EnumMap<>(HookResult.class);
        for (HookResult result : HookResult.values()) {
            runs.put(result, results.value(result));
        }
        return new HookView(name, queue.size(), queue.missed(), runs, last);
    }

    /** It is told what it has still to be told, and then ends by itself. */
    void end() {
        queue.end();
    }

    /** A run that is under way ends as it would; nothing else is told. */
    void drop() {
        queue.end();
        queue.clear();
    }

    /** Waits for the end, until then at the latest; after that what is under way is killed. */
    void awaitEnd(long deadlineNs) throws InterruptedException {
        long leftNs = deadlineNs - System.nanoTime();
        TimeUnit.NANOSECONDS.timedJoin(thread, leftNs);
        if (!thread.isAlive()) {
            return;
        }
        LOG.warn("event=hook-cut-off hook={} untold={}", LogText.of(name), queue.size());
        queue.clear();
        thread.interrupt();
    }

    /** Whether it was told to end, and has. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** After {@link #awaitEnd}: whether it has ended within the time. */
    boolean awaitKilled(long timeoutMs) throws InterruptedException {
        thread.join(timeoutMs);
        return hasEnded();
    }
}
