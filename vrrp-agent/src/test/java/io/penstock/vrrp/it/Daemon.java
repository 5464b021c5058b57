package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process in the foreground on a host, and its log. */
final class Daemon {
    private static final int STOP_LIMIT_S = 30;

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** What it says is added to the log. */
    static Daemon start(NetworkNamespace host, Path log, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Daemon(host.call(builder::start), log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of every thread, until they stand. */
    void freeze() throws Exception {
        signal(process.pid(), "STOP");
        awaitStopped(process.pid());
    }

    void thaw() throws Exception {
        signal(process.pid(), "CONT");
    }

    /** Until the kernel has stopped each of its threads. */
    static void awaitStopped(long pid) throws Exception {
        NetworkNamespace.await("every thread of " + pid + " stopped", () -> {
            try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
                for (Path task : tasks.toList()) {
                    String stat = Files.readString(task.resolve("stat"));
                    if (!stat.startsWith("T", stat.lastIndexOf(')') + 2)) {
                        return false;
                    }
                }
                return true;
            }
        });
    }

    static void signal(long pid, String name) throws Exception {
        // The shell's own: a small system has no kill command.
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start();
        assertEquals(0, kill.waitFor());
    }

    /** SIGTERM, and waits. */
    void terminate() throws InterruptedException {
        process.destroy();
        assertTrue(process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS), () -> "still alive\n" + log());
    }

    /** SIGKILL, and waits. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS), "cannot be killed");
    }
}
