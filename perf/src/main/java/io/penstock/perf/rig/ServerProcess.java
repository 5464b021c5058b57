package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A server as an operator runs it: a process with the processes it started, seen only from outside. Its log goes to a
 * file. {@link #close} ends all of it, by force what does not go by itself.
 */
public final class ServerProcess implements AutoCloseable {
    /** Generous for a JVM on a busy small machine. */
    private static final long START_TIMEOUT_MS = 30_000;

    /** More than the drain timeout in the demo's configuration. */
    private static final long STOP_TIMEOUT_MS = 15_000;

    private static final long KILLED_TIMEOUT_MS = 5_000;
    private static final long POLL_MS = 20;

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it, without standard input and with more variables in its environment; returns at once. */
    public static ServerProcess start(List<String> command, Path log, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ServerProcess(process, log);
    }

    public long pid() {
        return process.pid();
    }

    /** Its own and those of its children, in no order. */
    public List<Long> pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it is ready; false when it ended or took too long. */
    public boolean await(BooleanSupplier ready) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (process.isAlive() && System.nanoTime() < deadlineNs) {
            if (ready.getAsBoolean()) {
                return true;
            }
            Thread.sleep(POLL_MS);
        }
        return false;
    }

    /** Asks politely (SIGTERM) and returns the exit code; when that takes too long, kills and returns SIGKILL's 137. */
    public int stop() throws InterruptedException {
        end(STOP_TIMEOUT_MS);
        return process.waitFor();
    }

    public List<String> logTail(int lines) throws IOException {
        List<String> all = logText().lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    public String logText() throws IOException {
        return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() {
        try {
            end(KILLED_TIMEOUT_MS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void end(long timeoutMs) throws InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        // Collected now: children of a process that was killed are nobody's.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
