package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A packaged process in a network namespace, seen only from outside. {@link #close} ends it, by force if need be. */
final class DistProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int STOP_LIMIT_S = 60;
    private static final Path MODULES =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();

    private final Process process;
    private final Path config;
    private final Path log;

    private DistProcess(Process process, Path config, Path log) {
        this.process = process;
        this.config = config;
        this.log = log;
    }

    /** Returns when it runs. */
    static DistProcess agent(NetworkNamespace namespace, Path directory, String yaml, String... options)
            throws Exception {
        return start(namespace, directory, "ecmp-agent", yaml, options);
    }

    /** Returns when it runs. */
    static DistProcess forwarder(NetworkNamespace namespace, Path directory, String yaml) throws Exception {
        return start(namespace, directory, "l4-forwarder", yaml + "warm-up: none\n");
    }

    private static DistProcess start(
            NetworkNamespace namespace, Path directory, String program, String yaml, String... options)
            throws Exception {
        Path home = Files.createTempDirectory(directory, program);
        Path config = Files.writeString(home.resolve(program + ".yaml"), yaml);
        Path log = home.resolve("log");
        Path launcher = MODULES.resolve(program).resolve("target/dist/bin").resolve(program);
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "-c", config.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        DistProcess started = new DistProcess(namespace.call(builder::start), config, log);
        try {
            started.awaitLog("state=running");
        } catch (Exception | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String words) throws Exception {
        long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
        while (!log().contains(words)) {
            assertTrue(process.isAlive(), () -> "it has ended\n" + log());
            assertTrue(System.nanoTime() < deadlineNs, () -> "never: " + words + "\n" + log());
            Thread.sleep(10);
        }
    }

    /** Any signal, by name. */
    void signal(String name) throws Exception {
        // The shell's own: a small system has no kill command.
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid()).start();
        assertEquals(0, kill.waitFor());
    }

    /** Puts another text into its configuration file and says so with SIGHUP. */
    void offer(String yaml) throws Exception {
        Files.writeString(config, yaml);
        signal("HUP");
    }

    /** SIGKILL. */
    void kill() throws Exception {
        signal("KILL");
        assertTrue(process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS));
    }

    /** Stops every thread where it is; returns when they stand. */
    void freeze() throws Exception {
        signal("STOP");
        NetworkNamespace.await(
                "every thread stopped", () -> taskStates().stream().allMatch("T"::equals));
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    /** The third field of proc(5)'s stat, for each thread. */
    private List<String> taskStates() throws IOException {
        List<String> states = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                states.add(stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1));
            }
        }
        return states;
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
            fail("still alive\n" + log());
        }
        return process.exitValue();
    }

    /** SIGTERM, and the exit code. */
    int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
