package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process in the foreground, and its log. It does not outlive the thread that started it, whatever ends the tests. */
public final class TestDaemon {
    private static final int STOP_LIMIT_S = 30;

    private final Process process;
    private final Path log;

    private TestDaemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a process; where, is its affair. */
    public interface Host {
        Process start(ProcessBuilder builder) throws Exception;
    }

    /** What it says is added to the log. */
    public static TestDaemon start(Host host, Path log, List<String> command) throws Exception {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = host.start(builder);
        // One that changes its user does not hear of its parent's death; of an orderly end it does.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new TestDaemon(process, log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP, and waits until it stands. */
    public void freeze() throws Exception {
        signal("STOP");
        awaitStopped(process.pid());
    }

    /** Until the kernel has stopped each thread of a process. */
    public static void awaitStopped(long pid) throws Exception {
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

    public void thaw() throws Exception {
        signal("CONT");
    }

    public long pid() {
        return process.pid();
    }

    /** Its exit code, once it has ended by itself or by a signal. */
    public int awaitExit() throws InterruptedException {
        assertTrue(process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS), () -> "still alive\n" + log());
        return process.exitValue();
    }

    public void signal(String name) throws Exception {
        signal(process.pid(), name);
    }

    /** To any process. */
    public static void signal(long pid, String name) throws Exception {
        // The shell's own: a small system has no kill command.
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start();
        assertEquals(0, kill.waitFor());
    }

    /** SIGTERM, and waits. */
    public void terminate() throws InterruptedException {
        process.destroy();
        awaitExit();
    }

    /** SIGKILL, and waits. */
    public void kill() {
        process.destroyForcibly();
        try {
            assertTrue(process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS), "cannot be killed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
